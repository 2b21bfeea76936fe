using Microsoft.AspNetCore.Http;
using WanTalk.Api.Routes;
using WanTalk.Core.RunPod;

namespace WanTalk.Api.OpenApi;

/// <summary>The operations of RunPod's contract, described.</summary>
internal static class RunPodOperations
{
    private const string Done = """
        {"delayTime":2188,"executionTime":41532,"id":"4t5mbjk8hhq2n0w9rzcv1xse7d","output":{"video":["https://example.com/talk.mp4"]},
        "status":"COMPLETED","workerId":"gpu-0"}
        """;

    private const string Job = """
        {"input":{"image_url":"https://example.com/portrait.png","audio_url":"https://example.com/speech.wav","width":640,"height":640},
        "webhook":"https://example.com/hook","policy":{"executionTimeout":600000,"ttl":86400000}}
        """;

    private static readonly ApiGroup Group = new("RunPod's contract",
        ApiBody.Json(ApiSchemas.RunPodProblem, """{"error":"There is no job 'x'.","code":"talk_not_found"}"""), 400, 401, 404, 429, 500);

    private static readonly ApiBody Acknowledgement =
        ApiBody.Json(ApiSchemas.RunPodAcknowledgement, """{"id":"4t5mbjk8hhq2n0w9rzcv1xse7d","status":"IN_QUEUE"}""");

    private static readonly ApiAnswer Acknowledged = new(StatusCodes.Status200OK, "It is done.", Acknowledgement);

    private static readonly ApiAnswer Status = new(StatusCodes.Status200OK, "Where the job stands.", ApiBody.Json(ApiSchemas.RunPodStatus, Done));

    /// <summary>Each of them.</summary>
    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("POST", ApiRoutes.Run, "run", Group, "Accepts a job.", Acknowledged) { Bodies = [ApiBody.Json(ApiSchemas.RunPodJob, Job)] },
        new("POST", ApiRoutes.RunSync, "runSync", Group, "Accepts a job and waits for its end, or for so long.", Status)
        {
            Bodies = [ApiBody.Json(ApiSchemas.RunPodJob, Job)],
            Parameters =
            [
                new("query", "wait", "How long to wait, in milliseconds; the host may wait for less.",
                    $$"""
                    {"type":"integer","minimum":{{RunPodLimits.MinWaitMs}},"maximum":{{RunPodLimits.MaxWaitMs}},"default":{{RunPodLimits.DefaultWaitMs}}}
                    """),
            ],
        },
        new("GET", ApiRoutes.RunPodStatus, "readJob", Group, "Tells where a job stands.", Status),
        new("GET", ApiRoutes.RunPodStream, "streamJob", Group, "Tells how far a job is.",
            new ApiAnswer(StatusCodes.Status200OK, "What there is to tell now.", ApiBody.Json(
                ApiSchemas.RunPodStream, """{"status":"IN_PROGRESS","stream":[{"output":{"stage":"sample","progress":37.3,"windows_done":1}}]}"""))),
        new("POST", ApiRoutes.RunPodCancel, "cancelJob", Group, "Cancels a job.", Acknowledged),
        new("POST", ApiRoutes.RunPodRetry, "retryJob", Group, "Starts a job again that failed or timed out.", Acknowledged),
        new("GET", ApiRoutes.RunPodHealth, "readEndpointHealth", Group, "Counts the endpoint's jobs and runners.",
            new ApiAnswer(StatusCodes.Status200OK, "The counts.", ApiBody.Json(
                ApiSchemas.RunPodHealth,
                """{"jobs":{"completed":1,"failed":0,"inProgress":1,"inQueue":2,"retried":0},"workers":{"idle":0,"running":1}}"""))),
        new("POST", ApiRoutes.RunPodPurge, "purgeQueue", Group, "Cancels the endpoint's jobs that no runner has taken.",
            new ApiAnswer(StatusCodes.Status200OK, "How many.", ApiBody.Json(ApiSchemas.RunPodPurge, """{"removed":2,"status":"completed"}"""))),
    ];
}
