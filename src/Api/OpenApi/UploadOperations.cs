using Microsoft.AspNetCore.Http;
using WanTalk.Api.Problems;
using WanTalk.Api.Routes;

namespace WanTalk.Api.OpenApi;

/// <summary>The operations on uploads, described.</summary>
internal static class UploadOperations
{
    private const string Authorised = """
        {"id":"006956a2b04t5mbjk8hhq2n0w9rzcv1xse7d","upload":"upload:006956a2b04t5mbjk8hhq2n0w9rzcv1xse7d","method":"PUT",
        "url":"https://example.blob.core.windows.net/wantalk/uploads/006956a2b04t5mbjk8hhq2n0w9rzcv1xse7d?sp=c&sig=abc",
        "headers":{"x-ms-blob-type":"BlockBlob","If-None-Match":"*"},"expires_at":"2026-01-01T13:00:00+00:00","max_bytes":5242880000,
        "usable_until":"2026-01-02T12:00:00+00:00"}
        """;

    private const string Refusal = """
        {"type":"urn:wantalk:error:upload_forbidden","title":"Not allowed","status":403,
        "detail":"The time of this address is over. Have another with another POST /api/uploads.","code":"upload_forbidden",
        "errors":[{"code":"upload_forbidden","message":"The time of this address is over. Have another with another POST /api/uploads."}]}
        """;

    private static readonly ApiGroup Group = new("Uploads", new ApiBody(Problem.MediaType, ApiSchemas.Problem, Refusal), 500, 503);

    private static readonly ApiGroup Open = Group with { WantsKey = false };

    /// <summary>Each of them.</summary>
    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("POST", ApiRoutes.Uploads, "authoriseUpload", Group, "Authorises an upload, for inputs that are too large for a request.",
            new ApiAnswer(
                StatusCodes.Status201Created, "Where and how to send it, and what talks call it.", ApiBody.Json(ApiSchemas.AuthorisedUpload, Authorised)))
        {
            Errors = [StatusCodes.Status401Unauthorized, StatusCodes.Status429TooManyRequests],
        },
        new("PUT", ApiRoutes.Upload, "sendUpload", Open, "Sends an upload to this server, where its url leads here; that url is all that is needed.",
            new ApiAnswer(StatusCodes.Status201Created, "All of it is there."))
        {
            Bodies = [new ApiBody("application/octet-stream", null)],
            Parameters = [new("query", "token", "Part of the url.", """{"type":"string"}""")],
            Errors = [StatusCodes.Status400BadRequest, StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge],
        },
        new("OPTIONS", ApiRoutes.Upload, "permitUpload", Open, "Tells a browser that a page of any site may send an upload whose url it has.",
            new ApiAnswer(StatusCodes.Status204NoContent, "It may.")),
    ];
}
