namespace WanTalk.Core.Sampling;

/// <summary>The sampling settings that a caller named; what is null comes from the preset.</summary>
public sealed record SamplingDraft
{
    /// <summary>A draft that names nothing.</summary>
    public static SamplingDraft Empty { get; } = new();

    /// <summary>The preset; null for the default one.</summary>
    public SamplingPreset? Preset { get; init; }

    /// <summary>See <see cref="SamplingSettings.Model"/>.</summary>
    public string? Model { get; init; }

    /// <summary>See <see cref="SamplingSettings.TalkModel"/>.</summary>
    public string? TalkModel { get; init; }

    /// <summary>See <see cref="SamplingSettings.Lora"/>; empty for none.</summary>
    public string? Lora { get; init; }

    /// <summary>See <see cref="SamplingSettings.Steps"/>.</summary>
    public int? Steps { get; init; }

    /// <summary>See <see cref="SamplingSettings.Cfg"/>.</summary>
    public double? Cfg { get; init; }

    /// <summary>See <see cref="SamplingSettings.Shift"/>.</summary>
    public double? Shift { get; init; }

    /// <summary>See <see cref="SamplingSettings.Scheduler"/>.</summary>
    public string? Scheduler { get; init; }

    /// <summary>See <see cref="SamplingSettings.BlocksToSwap"/>.</summary>
    public int? BlocksToSwap { get; init; }

    /// <summary>See <see cref="SamplingSettings.TiledVae"/>.</summary>
    public bool? TiledVae { get; init; }

    /// <summary>See <see cref="SamplingSettings.Precision"/>.</summary>
    public string? Precision { get; init; }

    /// <summary>See <see cref="SamplingSettings.Attention"/>.</summary>
    public string? Attention { get; init; }

    /// <summary>See <see cref="SamplingSettings.AudioScale"/>.</summary>
    public double? AudioScale { get; init; }

    /// <summary>See <see cref="SamplingSettings.AudioCfgScale"/>.</summary>
    public double? AudioCfgScale { get; init; }

    /// <summary>See <see cref="SamplingSettings.NormalizeLoudness"/>.</summary>
    public bool? NormalizeLoudness { get; init; }
}
