using WanTalk.Core.Errors;
using WanTalk.Core.RunPod;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Orchestration;

/// <summary>How long a talk may wait and work. It is ended as timed out at the first look behind a limit.</summary>
/// <param name="StartBy">When its first work has to be taken; null for at any time.</param>
/// <param name="ExecutionSeconds">How long it may take from then on, in seconds; null for as long as it takes.</param>
public sealed record TimeLimits(DateTimeOffset? StartBy, double? ExecutionSeconds)
{
    /// <summary>The limits of a request; null for none.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="at">From when the waiting counts.</param>
    public static TimeLimits? Of(RunPodRequest? request, DateTimeOffset at) => request is { TtlMs: null, ExecutionTimeoutMs: null } or null
        ? null
        : new TimeLimits(
            request.TtlMs is { } wait ? at.AddMilliseconds(wait) : null, request.ExecutionTimeoutMs is { } work ? work / 1000.0 : null);

    /// <summary>When the talk's time is up; null when nothing limits it now.</summary>
    /// <param name="start">Its start; null while it is queued.</param>
    public DateTimeOffset? EndOf(TalkStart? start) => start is null ? StartBy : ExecutionSeconds is { } seconds ? start.At.AddSeconds(seconds) : null;

    /// <summary>How a talk ends whose time is up.</summary>
    /// <param name="start">Its start; null while it is queued.</param>
    public TalkError ErrorOf(TalkStart? start) => new(ErrorCode.TimedOut, start is null
        ? "No runner had taken the talk when its time in the queue was up. Allow more, or retry it when there is less to do."
        : $"The talk was at work for longer than the {ExecutionSeconds:0.###} s that it may take. Allow more and retry it: it goes on where it stopped.");
}
