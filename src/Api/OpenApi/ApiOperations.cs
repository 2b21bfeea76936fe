using Microsoft.AspNetCore.Http;
using WanTalk.Api.Routes;

namespace WanTalk.Api.OpenApi;

/// <summary>Every operation of the API, described. A test holds it against the routes that are mapped.</summary>
internal static class ApiOperations
{
    private static readonly ApiGroup Descriptions = new("Descriptions", null);

    /// <summary>Each of them, in the order of the reference.</summary>
    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        .. TalkOperations.All,
        .. RunPodOperations.All,
        new("GET", ApiRoutes.Document, "readDocument", Descriptions, "This description, as OpenAPI 3.1.",
            new ApiAnswer(StatusCodes.Status200OK, "The description.", new ApiBody("application/json", null))),
        new("GET", ApiRoutes.Reference, "readReference", Descriptions, "This description, as a page.",
            new ApiAnswer(StatusCodes.Status200OK, "The page.", new ApiBody("text/html", null))),
    ];
}
