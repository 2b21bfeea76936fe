using System.Text.Json.Serialization;
using WanTalk.Core.Errors;
using WanTalk.Core.Talks;

namespace WanTalk.Core.RunPod;

/// <summary>A talk as RunPod's <c>/status</c> tells a job, and as its webhooks do. Its names are RunPod's.</summary>
public sealed record RunPodStatus
{
    /// <summary>How long it was queued, in milliseconds.</summary>
    [JsonPropertyName("delayTime")]
    public required long DelayTime { get; init; }

    /// <summary>How long it has been worked at, in milliseconds; 0 before that.</summary>
    [JsonPropertyName("executionTime")]
    public required long ExecutionTime { get; init; }

    /// <summary>The talk's id.</summary>
    public required string Id { get; init; }

    /// <summary>One of <see cref="RunPodState"/>.</summary>
    public required string Status { get; init; }

    /// <summary>The videos once it is completed, how far it is while it is in progress; null otherwise.</summary>
    public RunPodOutput? Output { get; init; }

    /// <summary>Why there is no output: WanTalk's stable code, a colon, and what to change.</summary>
    public string? Error { get; init; }

    /// <summary>The runner that took it; null before that.</summary>
    [JsonPropertyName("workerId")]
    public string? WorkerId { get; init; }

    /// <summary>Tells a talk.</summary>
    /// <param name="talk">The talk.</param>
    /// <param name="ending">Why it is being ended, as in <see cref="RunPodState.Of"/>.</param>
    /// <param name="videoLink">Where a video is to be had that lies on the server's own disk; null when nobody knows.</param>
    /// <param name="now">The time.</param>
    public static RunPodStatus Of(TalkView talk, TalkError? ending, string? videoLink, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(talk);
        var (state, end) = (RunPodState.Of(talk, ending), talk.EndedAt ?? now);
        return new RunPodStatus
        {
            DelayTime = Milliseconds(talk.QueuedAt, talk.StartedAt ?? end),
            ExecutionTime = Milliseconds(talk.StartedAt ?? end, end),
            Id = talk.Id,
            Status = state,
            Output = state switch
            {
                RunPodState.Completed => RunPodOutput.Of(talk.Video, videoLink),
                RunPodState.InProgress => RunPodOutput.ProgressOf(talk),
                _ => null,
            },
            Error = state is RunPodState.Failed or RunPodState.TimedOut ? (talk.Error ?? ending)?.ToString() : null,
            WorkerId = talk.Runner,
        };
    }

    /// <summary>Never negative: the clocks of host and runner may differ.</summary>
    private static long Milliseconds(DateTimeOffset from, DateTimeOffset to) => Math.Max(0, (long)(to - from).TotalMilliseconds);
}
