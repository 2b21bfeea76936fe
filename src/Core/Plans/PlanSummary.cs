using WanTalk.Core.Errors;

namespace WanTalk.Core.Plans;

/// <summary>What an orchestration needs of a plan: a few numbers, since its history is read again in every turn.</summary>
/// <param name="VisibleFrames">Frames that are shown.</param>
/// <param name="SampledFrames">Frames that are sampled.</param>
/// <param name="Windows">Windows, over all takes.</param>
/// <param name="TakeWindows">The windows of each take.</param>
/// <param name="OnePrompt">Whether one prompt makes the video, by a workflow of the caller's own.</param>
/// <param name="Error">Why there is no plan; null when there is one.</param>
public sealed record PlanSummary(
    int VisibleFrames, int SampledFrames, int Windows, IReadOnlyList<int> TakeWindows, bool OnePrompt = false, TalkError? Error = null)
{
    /// <summary>The summary where there is no plan.</summary>
    public static PlanSummary Refused(TalkError error) => new(0, 0, 0, [], Error: error);

    /// <summary>The summary of a plan.</summary>
    public static PlanSummary Of(TalkPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new(plan.VisibleFrames, plan.SampledFrames, plan.Windows, [.. plan.Takes.Select(take => take.Windows)], plan.OnePrompt);
    }
}
