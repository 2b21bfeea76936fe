using Microsoft.AspNetCore.Http;
using WanTalk.Api.Routes;

namespace WanTalk.Api.OpenApi;

/// <summary>Every operation of the API, described. A test holds it against the routes that are mapped.</summary>
internal static class ApiOperations
{
    private static readonly ApiGroup Health = new("Health", null);

    private static readonly ApiGroup Descriptions = new("Descriptions", null);

    /// <summary>Each of them, in the order of the reference.</summary>
    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        .. TalkOperations.All,
        .. PreflightOperations.All,
        .. UploadOperations.All,
        .. RunPodOperations.All,
        new("GET", ApiRoutes.HealthLive, "readLiveness", Health, "Tells that the host answers.",
            new ApiAnswer(StatusCodes.Status200OK, "It does.", ApiBody.Json(ApiSchemas.Liveness, """{"status":"alive"}"""))),
        new("GET", ApiRoutes.HealthReady, "readReadiness", Health, "Tells what is missing.",
            new ApiAnswer(StatusCodes.Status200OK, "Nothing.", ApiBody.Json(ApiSchemas.Readiness, """{"ready":true,"missing":[]}""")),
            new ApiAnswer(
                StatusCodes.Status503ServiceUnavailable, "Something.", ApiBody.Json(ApiSchemas.Readiness, """{"ready":false,"missing":["runner"]}"""))),
        new("GET", ApiRoutes.HealthStartup, "readStartup", Health, "Tells that everything was looked at, whatever was found.",
            new ApiAnswer(StatusCodes.Status200OK, "It was.", ApiBody.Json(ApiSchemas.Readiness, """{"ready":true,"missing":[]}"""))),
        new("GET", ApiRoutes.Document, "readDocument", Descriptions, "This description, as OpenAPI 3.1.",
            new ApiAnswer(StatusCodes.Status200OK, "The description.", new ApiBody("application/json", null))),
        new("GET", ApiRoutes.Reference, "readReference", Descriptions, "This description, as a page.",
            new ApiAnswer(StatusCodes.Status200OK, "The page.", new ApiBody("text/html", null))),
    ];
}
