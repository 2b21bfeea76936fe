using WanTalk.Core.Orchestration;
using WanTalk.Core.Talks;

namespace WanTalk.Bench.Lanes;

/// <summary>A take that is sampled on a rig, a window at a time.</summary>
internal static class SampledTake
{
    private static readonly WaitRules Rules = new() { FirstLookSeconds = 10, FirstResendSeconds = 300 };

    /// <summary>Samples a take.</summary>
    /// <param name="rig">Where.</param>
    /// <param name="windows">Its windows.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task RunAsync(LaneRig rig, int windows, CancellationToken cancellationToken)
    {
        var talk = TalkId.New();
        await rig.Orchestrations.ScheduleNewOrchestrationInstanceAsync(
            TakeOrchestration.Name, talk, new TakeInput(talk, Rules, 0, windows), [], cancellationToken);
        var ended = await rig.Orchestrations.WaitForInstanceCompletionAsync(talk, cancellationToken);
        if (ended?.Status != OrchestrationStatus.Completed || ended.ReadOutputAs<SamplingOutcome>() is not { Error: null })
        {
            throw new InvalidOperationException($"The take failed: {ended?.FailureMessage ?? ended?.SerializedOutput}");
        }
    }
}
