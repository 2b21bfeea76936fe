using System.Text.Json.Nodes;
using WanTalk.Core.Sampling;

namespace WanTalk.GpuRunner.Graphs;

/// <summary>Where a talk's sampling settings go in the stages' graphs.</summary>
internal static class SamplingPlaces
{
    /// <summary>What the embed graph takes of them.</summary>
    public static IEnumerable<(GraphPlace Place, JsonNode? Value)> ForEmbed(SamplingSettings settings) =>
    [
        (GraphPlaces.AudioScale, settings.AudioScale),
        (GraphPlaces.AudioCfgScale, settings.AudioCfgScale),
        (GraphPlaces.NormalizeLoudness, settings.NormalizeLoudness),
    ];

    /// <summary>What the window graph takes of them.</summary>
    /// <param name="settings">The talk's settings.</param>
    /// <param name="window">What the windows are made with of what may change from one to the next.</param>
    public static IEnumerable<(GraphPlace Place, JsonNode? Value)> ForWindow(SamplingSettings settings, WindowSettings window)
    {
        yield return (GraphPlaces.TalkModel, settings.TalkModel);
        yield return (GraphPlaces.Model, settings.Model);
        yield return (GraphPlaces.Precision, settings.Precision);
        yield return (GraphPlaces.Attention, settings.Attention);
        yield return (GraphPlaces.BlocksToSwap, window.BlocksToSwap);
        yield return (GraphPlaces.TiledVae, window.TiledVae);
        yield return (GraphPlaces.Steps, settings.Steps);
        yield return (GraphPlaces.Cfg, settings.Cfg);
        yield return (GraphPlaces.Shift, settings.Shift);
        yield return (GraphPlaces.Scheduler, settings.Scheduler);
        if (settings.Lora is { } lora)
        {
            yield return (GraphPlaces.Lora, lora);
        }
        else
        {
            // The LoRA's node stays in the graph, where nothing needs it any more.
            yield return (GraphPlaces.ModelLora, null);
        }
    }
}
