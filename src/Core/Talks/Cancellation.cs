using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;

namespace WanTalk.Core.Talks;

/// <summary>What <c>cancel.json</c> holds.</summary>
/// <param name="At">When the talk was cancelled.</param>
/// <param name="Cause">Why, when nobody asked for it; null when somebody did.</param>
public sealed record Cancellation(DateTimeOffset At, TalkError? Cause = null)
{
    private static readonly TalkError Asked = new(ErrorCode.Cancelled, "The talk was cancelled. Retry it to go on where it stopped.");

    /// <summary>How everything of the talk ends.</summary>
    public TalkError ToError() => Cause ?? Asked;

    /// <summary>How everything of a talk ends; null when it was not cancelled.</summary>
    public static async Task<TalkError?> ReasonAsync(IArtifactStore store, TalkPaths paths, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(paths);
        return (await store.TryReadJsonAsync<Cancellation>(paths.Cancel, cancellationToken))?.ToError();
    }
}
