using WanTalk.Core.Sampling;

namespace WanTalk.Core.Quotes;

/// <summary>What is known of how fast kinds of GPUs are: seconds for a window of 640x640 in 4 steps (<see cref="SamplingWork"/>).</summary>
/// <param name="Measured">What was measured here, by kind and preset.</param>
public sealed record GpuSpeeds(IReadOnlyDictionary<string, IReadOnlyDictionary<SamplingPreset, double>> Measured)
{
    /// <summary>Where nothing was measured.</summary>
    public static GpuSpeeds Unmeasured { get; } = new(new Dictionary<string, IReadOnlyDictionary<SamplingPreset, double>>());

    /// <summary>
    /// The seconds where nothing was measured. RTX 4090: 77 to 80 s at 480x832, and RTX 5090: 6.5 s a step, as others measured them with
    /// ComfyUI-WanVideoWrapper. H100: the slow end of the 9 to 16 s that follow by arithmetic from 7.5 PFLOP a window. A100 and T4: the same
    /// work at the same share of their peak (NVIDIA's data sheets: 989, 312 and 65 TFLOPS in 16 bits). To be replaced by what is measured.
    /// </summary>
    public static IReadOnlyDictionary<string, double> Defaults { get; } = new Dictionary<string, double>
    {
        ["A100"] = 51,
        ["H100"] = 16,
        ["H200"] = 16,
        ["RTX-4090"] = 80,
        ["RTX-5090"] = 26,
        ["T4"] = 245,
    };

    /// <summary>The seconds of a kind with a preset; null where nothing is known.</summary>
    public (double Seconds, QuoteBasis BasedOn)? Of(string gpu, SamplingPreset preset) =>
        Measured.GetValueOrDefault(gpu)?.TryGetValue(preset, out var measured) == true ? (measured, QuoteBasis.Measured)
        : Defaults.TryGetValue(gpu, out var seconds) ? (seconds, QuoteBasis.Default)
        : null;
}
