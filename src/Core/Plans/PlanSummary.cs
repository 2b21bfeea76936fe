namespace WanTalk.Core.Plans;

/// <summary>What an orchestration needs of a plan: a few numbers, since its history is read again in every turn.</summary>
/// <param name="VisibleFrames">Frames that are shown.</param>
/// <param name="SampledFrames">Frames that are sampled.</param>
/// <param name="Windows">Windows, over all takes.</param>
/// <param name="TakeWindows">The windows of each take.</param>
public sealed record PlanSummary(int VisibleFrames, int SampledFrames, int Windows, IReadOnlyList<int> TakeWindows)
{
    /// <summary>The summary of a plan.</summary>
    public static PlanSummary Of(TalkPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new(plan.VisibleFrames, plan.SampledFrames, plan.Windows, [.. plan.Takes.Select(take => take.Windows)]);
    }
}
