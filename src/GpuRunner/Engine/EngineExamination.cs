using WanTalk.ComfyUI;
using WanTalk.Core.Sampling;

namespace WanTalk.GpuRunner.Engine;

/// <summary>Looks at an engine from outside of a runner, for who wants to know before he gives it work.</summary>
public static class EngineExamination
{
    /// <summary>What keeps an engine from making talks with the recommended preset, one sentence each; empty when nothing does.</summary>
    /// <param name="address">The engine's address.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IReadOnlyList<string>> ExamineAsync(Uri address, TimeProvider time, CancellationToken cancellationToken)
    {
        using var client = new ComfyClient(address, time: time);
        try
        {
            return EngineReadiness.Examine(await EngineFacts.AskAsync(client, cancellationToken), [SamplingPreset.Recommended]);
        }
        catch (ComfyException failure)
        {
            return [failure.Message];
        }
    }
}
