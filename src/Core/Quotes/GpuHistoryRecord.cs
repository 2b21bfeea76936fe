using WanTalk.Core.Sampling;

namespace WanTalk.Core.Quotes;

/// <summary>What was measured on one kind of GPU.</summary>
/// <param name="Gpu">The kind.</param>
/// <param name="Presets">The means, by preset.</param>
/// <param name="Talks">The talks that were counted last, oldest first: activities run again.</param>
public sealed record GpuHistoryRecord(string Gpu, IReadOnlyList<PresetMean> Presets, IReadOnlyList<string> Talks)
{
    private const int TalksKept = 64;

    /// <summary>What is known before the first talk.</summary>
    public static GpuHistoryRecord Empty(string gpu) => new(gpu, [], []);

    /// <summary>The record with a talk more.</summary>
    /// <param name="talk">The talk.</param>
    /// <param name="preset">The preset whose models it was made with.</param>
    /// <param name="use">Its windows and their seconds, as of windows of 640x640 in 4 steps; at least one window.</param>
    public GpuHistoryRecord With(string talk, SamplingPreset preset, GpuUse use)
    {
        ArgumentNullException.ThrowIfNull(use);
        var mean = Presets.FirstOrDefault(known => known.Preset == preset) ?? new PresetMean(preset, 0, 0);
        return this with
        {
            Presets = [.. Presets.Where(known => known.Preset != preset).Append(mean.With(use.Windows, use.Seconds)).OrderBy(known => known.Preset)],
            Talks = [.. Talks.Append(talk).TakeLast(TalksKept)],
        };
    }
}

/// <summary>A running mean of the seconds a window. It follows what changes: at most <see cref="MaxWeight"/> older windows count.</summary>
/// <param name="Preset">The preset.</param>
/// <param name="Windows">How many windows count in it.</param>
/// <param name="SecondsPerWindow">The mean.</param>
public sealed record PresetMean(SamplingPreset Preset, int Windows, double SecondsPerWindow)
{
    /// <summary>The most windows that count.</summary>
    public const int MaxWeight = 1_000;

    /// <summary>The mean with more windows.</summary>
    /// <param name="windows">How many, at least 1.</param>
    /// <param name="seconds">Their seconds, all together.</param>
    public PresetMean With(int windows, double seconds) => this with
    {
        Windows = Math.Min(Windows + windows, MaxWeight),
        SecondsPerWindow = ((SecondsPerWindow * Windows) + seconds) / (Windows + windows),
    };
}
