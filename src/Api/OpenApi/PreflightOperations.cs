using Microsoft.AspNetCore.Http;
using WanTalk.Api.Problems;
using WanTalk.Api.Routes;

namespace WanTalk.Api.OpenApi;

/// <summary>The operations on inputs that are looked at before there is a talk, described.</summary>
internal static class PreflightOperations
{
    private const string Request = """
        {"image_url":"https://example.com/portrait.jpg","audio_url":"https://example.com/speech.mp3","width":832,"height":480}
        """;

    private const string Running = """{"id":"006956a2b04t5mbjk8hhq2n0w9rzcv1xse7d","status":"running","findings":[]}""";

    private const string Found = """
        {"id":"006956a2b04t5mbjk8hhq2n0w9rzcv1xse7d","status":"completed","findings":[{"code":"speech_quiet","about":"speech","severity":"warning",
        "message":"The speech is quiet (-44.1 LUFS), and so will be the video's sound. Make the recording louder; -23 to -14 LUFS are usual.",
        "values":{"loudness_lufs":-44.1,"least_loudness_lufs":-40}}],
        "portrait":{"size":{"width":1200,"height":1600},"kept_size":{"width":1200,"height":692},"video_size":{"width":832,"height":480},
        "faces":[{"x":301.5,"y":60.2,"width":228.1,"height":270.4}],"face_outside":false},
        "speech":{"seconds":9.2,"channels":1,"loudness_lufs":-44.1,"clipped_share":0,"voice_seconds":8.1,"channel_difference_db":0,
        "cancellation_db":0,"voice_share":0.88}}
        """;

    private const string Refusal = """
        {"type":"urn:wantalk:error:preflight_not_found","title":"There is no such thing","status":404,
        "detail":"There is no preflight 'x', or none any more. Ask for another one.","code":"preflight_not_found",
        "errors":[{"code":"preflight_not_found","message":"There is no preflight 'x', or none any more. Ask for another one."}]}
        """;

    private static readonly ApiGroup Group = new("Preflight", new ApiBody(Problem.MediaType, ApiSchemas.Problem, Refusal), 401, 500, 503);

    private static readonly ApiAnswer UnderWay = new(
        StatusCodes.Status202Accepted,
        "A runner looks at the inputs, or will.",
        ApiBody.Json(ApiSchemas.Preflight, Running),
        ("Location", "Where what is found will be."),
        ("Retry-After", "When to look again, in seconds."));

    /// <summary>Each of them.</summary>
    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("POST", ApiRoutes.Preflights, "createPreflight", Group,
            "Has a portrait, a speech or both looked at before there is a talk, as its preflight would; one of them is enough.", UnderWay)
        {
            Bodies = [ApiBody.Json(ApiSchemas.TalkRequest, Request), new ApiBody("multipart/form-data", ApiSchemas.TalkForm)],
            Errors =
            [
                StatusCodes.Status400BadRequest, StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge,
                StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status429TooManyRequests,
            ],
        },
        new("GET", ApiRoutes.Preflight, "readPreflight", Group, "Tells what was found, for an hour.",
            new ApiAnswer(
                StatusCodes.Status200OK, "The inputs were looked at, or could not be; status says which.", ApiBody.Json(ApiSchemas.Preflight, Found)),
            UnderWay)
        {
            Errors = [StatusCodes.Status404NotFound],
        },
    ];
}
