using WanTalk.Core.Errors;
using WanTalk.Core.Talks;

namespace WanTalk.Core.RunPod;

/// <summary>The states of a job, as RunPod calls them.</summary>
public static class RunPodState
{
    /// <summary>No worker has taken it.</summary>
    public const string InQueue = "IN_QUEUE";

    /// <summary>A worker is at it.</summary>
    public const string InProgress = "IN_PROGRESS";

    /// <summary>Done; its output is there.</summary>
    public const string Completed = "COMPLETED";

    /// <summary>Ended without an output.</summary>
    public const string Failed = "FAILED";

    /// <summary>Ended because it was asked to.</summary>
    public const string Cancelled = "CANCELLED";

    /// <summary>Ended because it waited or worked for longer than its policy allows.</summary>
    public const string TimedOut = "TIMED_OUT";

    /// <summary>The state of a talk.</summary>
    /// <param name="talk">The talk.</param>
    /// <param name="ending">
    /// Why a talk is being ended that its runner has not let go of yet; null when it is not. RunPod's jobs are ended at once, and who asks
    /// about them stops asking.
    /// </param>
    public static string Of(TalkView talk, TalkError? ending)
    {
        ArgumentNullException.ThrowIfNull(talk);
        return talk.Status switch
        {
            TalkStatus.Completed => Completed,
            TalkStatus.Failed => EndedBy(talk.Error),
            TalkStatus.Cancelled => Cancelled,
            _ when ending is not null => EndedBy(ending),
            _ => talk.StartedAt is null ? InQueue : InProgress,
        };
    }

    private static string EndedBy(TalkError? error) => error?.Code switch
    {
        ErrorCode.TimedOut => TimedOut,
        ErrorCode.Cancelled => Cancelled,
        _ => Failed,
    };
}
