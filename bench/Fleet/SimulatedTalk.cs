using WanTalk.Bench.Lanes;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Takes;
using WanTalk.Core.Talks;
using WanTalk.Core.Windows;

namespace WanTalk.Bench.Fleet;

/// <summary>A talk as prepare would leave it, without inputs: its orchestration is the real one, from the plan on.</summary>
internal static class SimulatedTalk
{
    /// <summary>Starts a talk.</summary>
    /// <param name="rig">Where.</param>
    /// <param name="takes">How many takes it has.</param>
    /// <param name="windows">How many windows each of them has.</param>
    /// <param name="takesInFlight">How many of them are sampled at once.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its id.</returns>
    public static async Task<string> StartAsync(LaneRig rig, int takes, int windows, int takesInFlight, CancellationToken cancellationToken)
    {
        var (talk, size) = (TalkId.New(), new FrameSize(64, 64));
        var (paths, frames) = (new TalkPaths(talk), WindowArithmetic.WindowFrames + ((windows - 1) * WindowArithmetic.StrideFrames));
        await rig.Storage.Artifacts.TryCreateJsonAsync(
            paths.Request,
            new TalkRequest
            {
                Id = talk,
                CreatedAt = TimeProvider.System.GetUtcNow(),
                PortraitName = "portrait.png",
                SpeechName = "speech.wav",
                RequestedSize = size,
                EffectiveSize = size,
                Seed = 1,
                Prompt = "A person speaks.",
                Continuity = takes > 1 ? Continuity.Takes : Continuity.Continuous,
                Warnings = [],
                TakeSeconds = (double)frames / WindowArithmetic.FramesPerSecond,
            },
            cancellationToken);
        await rig.Storage.Artifacts.TryCreateJsonAsync(
            paths.Media,
            new MediaFacts
            {
                PortraitSize = size,
                Faces = 1,
                SpeechSamples = (long)takes * frames * WindowArithmetic.SpeechSamplesPerFrame,
                Silences = [.. Enumerable.Range(1, takes - 1).Select(take => SilenceAround(take * frames))],
                SpeechChannels = 1,
                SpeechPeakDb = -3,
                Warnings = [],
            },
            cancellationToken);
        // Looks and resends are for messages that are lost; here none is.
        var rules = new WaitRules { MaxTakesInFlight = takesInFlight, FirstLookSeconds = 600, LongestLookSeconds = 600, FirstResendSeconds = 3_600 };
        await rig.Orchestrations.ScheduleNewOrchestrationInstanceAsync(
            TalkOrchestration.Name, talk, new TalkInput(talk, rules), [], cancellationToken);
        return talk;
    }

    /// <summary>Waits for a talk's end.</summary>
    public static async Task WaitAsync(LaneRig rig, string talk, CancellationToken cancellationToken)
    {
        var ended = await rig.Orchestrations.WaitForInstanceCompletionAsync(talk, cancellationToken);
        if (ended?.Status != OrchestrationStatus.Completed)
        {
            throw new InvalidOperationException($"The talk failed: {ended?.FailureMessage ?? ended?.SerializedOutput}");
        }
    }

    private static Silence SilenceAround(int frame) =>
        new(((long)frame * WindowArithmetic.SpeechSamplesPerFrame) - (Silence.MinSamples / 2), Silence.MinSamples);
}
