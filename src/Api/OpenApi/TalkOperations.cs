using Microsoft.AspNetCore.Http;
using WanTalk.Api.Problems;
using WanTalk.Api.Routes;
using WanTalk.Core.Owners;
using WanTalk.Core.Streaming;

namespace WanTalk.Api.OpenApi;

/// <summary>The operations on talks, described.</summary>
internal static class TalkOperations
{
    private const string Example = """
        {"id":"4t5mbjk8hhq2n0w9rzcv1xse7d","status":"running","stage":"sample","percent":37.3,"windows_done":1,"windows_planned":3,"takes":1,"take_progress":[{"windows":3,"windows_done":1}],"step":2,"steps":4,
        "seconds_left":81.5,"visible_frames":223,"stage_seconds":{"prepare":2.1,"plan":0.1},"requested_size":{"width":639,"height":640},
        "effective_size":{"width":640,"height":640},"seed":7,"settings":{"image_url":"https://example.com/portrait.jpg","audio_url":"https://example.com/speech.mp3",
        "width":639,"height":640,"seed":7,"prompt":"A person is talking","continuity":"continuous","stream":true,"preset":"recommended"},
        "created_at":"2026-01-01T12:00:00+00:00","metadata":{"order":"7"},
        "queued_at":"2026-01-01T12:00:00+00:00","started_at":"2026-01-01T12:00:01+00:00","runner":"gpu-0","warnings":[],"preflight":[],
        "window_settings":[],"video":[],"stream_url":"https://example.com/api/talks/4t5mbjk8hhq2n0w9rzcv1xse7d/hls/index.m3u8","links":
        """ + Links + "}";

    private const string Links = """
        {"self":"https://example.com/api/talks/4t5mbjk8hhq2n0w9rzcv1xse7d","cancel":"https://example.com/api/talks/4t5mbjk8hhq2n0w9rzcv1xse7d/cancel",
        "retry":"https://example.com/api/talks/4t5mbjk8hhq2n0w9rzcv1xse7d/retry",
        "events":"https://example.com/api/talks/4t5mbjk8hhq2n0w9rzcv1xse7d/events",
        "portrait":"https://example.com/api/talks/4t5mbjk8hhq2n0w9rzcv1xse7d/portrait",
        "thumbnail":"https://example.com/api/talks/4t5mbjk8hhq2n0w9rzcv1xse7d/thumbnail",
        "video":"https://example.com/api/talks/4t5mbjk8hhq2n0w9rzcv1xse7d/video",
        "stream":"https://example.com/api/talks/4t5mbjk8hhq2n0w9rzcv1xse7d/hls/index.m3u8"}
        """;

    private const string Accepted = """{"id":"4t5mbjk8hhq2n0w9rzcv1xse7d","status":"queued","seed":7,"warnings":[],"links":""" + Links + "}";

    private const string Request = """
        {"image_url":"https://example.com/portrait.jpg","audio_url":"https://example.com/speech.mp3","seed":7,"metadata":{"order":"7"}}
        """;

    private const string Quote = """
        {"windows":21,"takes":1,"sampled_frames":1521,"visible_frames":1500,"video_seconds":60,"notes":[],
        "gpu_kinds":[{"gpu":"A100","gpu_seconds":1044.2,"cost":0.55,"currency":"USD","seconds_per_window":49.7,"based_on":"default"}]}
        """;

    private const string DryRun = """
        {"plan":{"version":1,"one_prompt":false,"first_speech_sample":0,"notes":[],"speech_samples":336000,"visible_frames":175,"windows":3,
        "sampled_frames":225,"cut_frames":50,"keep":[81,72,22],"embedded_frames":225,"pad_samples_16k":32040,
        "takes":[{"index":0,"first_frame":0,"visible_frames":175,"windows":3,"sampled_frames":225,"cut_frames":50}],
        "requested_size":{"width":639,"height":640},"effective_size":{"width":640,"height":640}},
        "quote":{"windows":3,"takes":1,"sampled_frames":225,"visible_frames":175,"video_seconds":7,
        "notes":["The size 639x640 was made 640x640: the model makes sides in multiples of 16."],
        "gpu_kinds":[{"gpu":"A100","gpu_seconds":153,"cost":0.08,"currency":"USD","seconds_per_window":51,"based_on":"default"}]}}
        """;

    private const string Refusal = """
        {"type":"urn:wantalk:error:portrait_missing","title":"The request is wrong","status":400,
        "detail":"There is no portrait. Give a JPEG or PNG picture of a face.","code":"portrait_missing","field":"image_url",
        "errors":[{"code":"portrait_missing","message":"There is no portrait. Give a JPEG or PNG picture of a face.","field":"image_url"}]}
        """;

    private static readonly ApiGroup Group = new("Talks", new ApiBody(Problem.MediaType, ApiSchemas.Problem, Refusal), 400, 401, 500, 503);

    private static readonly ApiBody Talk = ApiBody.Json(ApiSchemas.Talk, Example);

    private static readonly (string, string)[] Pointers = [("Location", "Where the talk stands."), ("Retry-After", "When to look again, in seconds.")];

    private static readonly ApiAnswer UnderWay = new(StatusCodes.Status202Accepted, "The talk is under way.", Talk, Pointers);

    private static readonly ApiAnswer Ended = new(StatusCodes.Status200OK, "The talk has ended; status and error say how.", Talk);

    /// <summary>Each of them.</summary>
    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("POST", ApiRoutes.Talks, "createTalk", Group, "Makes a talk.",
            new ApiAnswer(
                StatusCodes.Status202Accepted,
                "The talk is accepted; the same Idempotency-Key again answers where it stands, with Idempotency-Replayed.",
                ApiBody.Json(ApiSchemas.CreatedTalk, Accepted),
                [.. Pointers, ("Idempotency-Replayed", "true when the talk was there before.")]),
            new ApiAnswer(
                StatusCodes.Status200OK,
                "With dry_run=true the plan and the quote; otherwise the talk of the Idempotency-Key, which has ended.",
                ApiBody.Json(ApiSchemas.CheckedTalk, DryRun),
                ("Idempotency-Replayed", "true when the talk was there before.")))
        {
            Bodies = [ApiBody.Json(ApiSchemas.TalkRequest, Request), new ApiBody("multipart/form-data", ApiSchemas.TalkForm)],
            Parameters =
            [
                new("header", "Idempotency-Key", "The same key with the same request is the same talk.",
                    $$"""{"type":"string","minLength":1,"maxLength":{{OwnedTalks.MaxKeyLength}}}"""),
                new("query", "dry_run", "true checks the request and answers 200 with the plan and the quote (DryRun); nothing is started or stored.",
                    """{"type":"boolean","default":false}"""),
            ],
            Errors =
            [
                StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType,
                StatusCodes.Status429TooManyRequests,
            ],
        },
        new("GET", ApiRoutes.Talks, "listTalks", Group, "Lists the caller's talks, newest first.",
            new ApiAnswer(StatusCodes.Status200OK, "A page.", ApiBody.Json(ApiSchemas.TalkList, $$"""{"talks":[{{Example}}],"next":"20260101"}""")))
        {
            Parameters =
            [
                new("query", "limit", "How many talks at most.", $$"""{"type":"integer","minimum":1,"maximum":{{TalkIndex.MaxPageSize}},"default":20}"""),
                new("query", "after", "What the page before gave as next.", """{"type":"string"}"""),
                new("query", "status", "Only those in this state.", ApiSchemas.ReferenceTo(ApiSchemas.TalkStatus).ToJsonString()),
            ],
        },
        new("POST", ApiRoutes.Quote, "quoteTalk", Group, "Tells what a talk would take; no portrait is needed, and with audio_seconds no speech.",
            new ApiAnswer(StatusCodes.Status200OK, "The quote.", ApiBody.Json(ApiSchemas.TalkQuote, Quote)))
        {
            Bodies = [ApiBody.Json(ApiSchemas.TalkRequest, Request), new ApiBody("multipart/form-data", ApiSchemas.TalkForm)],
            Errors = [StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status429TooManyRequests],
        },
        new("GET", ApiRoutes.TalkEvents, "watchTalk", Group, "A talk's state as Server-Sent Events, whenever it changes; the last is 'end'.",
            new ApiAnswer(StatusCodes.Status200OK, "The events; the data of each is the talk.", new ApiBody("text/event-stream", null)),
            new ApiAnswer(StatusCodes.Status204NoContent, "The caller has seen the end."))
        {
            Parameters = [new("header", "Last-Event-ID", "The id of the last event that the caller has.", """{"type":"string"}""")],
            Errors = [StatusCodes.Status404NotFound],
        },
        new("GET", ApiRoutes.Talk, "readTalk", Group, "Tells where a talk stands.", Ended, UnderWay) { Errors = [StatusCodes.Status404NotFound] },
        new("DELETE", ApiRoutes.Talk, "deleteTalk", Group, "Deletes an ended talk with its artifacts.",
            new ApiAnswer(StatusCodes.Status204NoContent, "It is deleted."))
        {
            Errors = [StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status429TooManyRequests],
        },
        new("POST", ApiRoutes.CancelTalk, "cancelTalk", Group, "Cancels a talk.", Ended, UnderWay)
        {
            Errors = [StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status429TooManyRequests],
        },
        new("POST", ApiRoutes.RetryTalk, "retryTalk", Group, "Starts a failed or cancelled talk again, from its first missing artifact.", Ended, UnderWay)
        {
            Errors = [StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status429TooManyRequests],
        },
        new("GET", ApiRoutes.TalkPortrait, "readPortrait", Group, "A talk's portrait, upright and whole, once it is prepared.",
            new ApiAnswer(StatusCodes.Status200OK, "The portrait.", new ApiBody("image/png", null)),
            new ApiAnswer(StatusCodes.Status304NotModified, "The caller has it."))
        {
            Errors = [StatusCodes.Status404NotFound, StatusCodes.Status409Conflict],
        },
        new("GET", ApiRoutes.TalkThumbnail, "readThumbnail", Group, "A small picture of a talk's portrait, with the video's proportions, once it is prepared.",
            new ApiAnswer(StatusCodes.Status200OK, "The thumbnail.", new ApiBody("image/jpeg", null)),
            new ApiAnswer(StatusCodes.Status304NotModified, "The caller has it."))
        {
            Errors = [StatusCodes.Status404NotFound],
        },
        new("GET", ApiRoutes.TalkStream, "streamTalk", Group, "A file of a talk's stream (HLS): index.m3u8, and what it names.",
            new ApiAnswer(StatusCodes.Status200OK, "A playlist.", new ApiBody(StreamPlaylists.MediaType, null)),
            new ApiAnswer(StatusCodes.Status206PartialContent, "A range of a segment.", new ApiBody("video/iso.segment", null)),
            new ApiAnswer(StatusCodes.Status304NotModified, "The caller has its newest state."))
        {
            Errors = [StatusCodes.Status404NotFound],
        },
        new("GET", ApiRoutes.TalkVideo, "downloadTalk", Group, "A completed talk's video, in ranges if asked so.",
            new ApiAnswer(StatusCodes.Status200OK, "The video.", new ApiBody("video/mp4", null)),
            new ApiAnswer(StatusCodes.Status206PartialContent, "A range of it.", new ApiBody("video/mp4", null)))
        {
            Errors = [StatusCodes.Status404NotFound, StatusCodes.Status409Conflict],
        },
    ];
}
