using System.Text.Json.Serialization;

namespace WanTalk.Core.Sampling;

/// <summary>How a talk's windows are sampled, complete and checked: what <c>request.json</c> holds of it.</summary>
public sealed record SamplingSettings
{
    /// <summary>The preset that the others come from where the caller named none of his own.</summary>
    public required SamplingPreset Preset { get; init; }

    /// <summary>The image-to-video model, as the engine lists it.</summary>
    public required string Model { get; init; }

    /// <summary>The InfiniteTalk model, as the engine lists it.</summary>
    public required string TalkModel { get; init; }

    /// <summary>The distill LoRA, as the engine lists it; null for none.</summary>
    public string? Lora { get; init; }

    /// <summary>Denoising steps a window.</summary>
    public required int Steps { get; init; }

    /// <summary>Classifier-free guidance of the text; 1 for none.</summary>
    public required double Cfg { get; init; }

    /// <summary>How far the time steps are shifted towards noise.</summary>
    public required double Shift { get; init; }

    /// <summary>The sampler's scheduler, as the engine names it.</summary>
    public required string Scheduler { get; init; }

    /// <summary>Transformer blocks kept in main memory, 0 to 40; null to choose by the GPU's memory (<see cref="BlockSwap"/>).</summary>
    public int? BlocksToSwap { get; init; }

    /// <summary>Whether the VAE works in tiles: less memory, faint seams.</summary>
    public bool TiledVae { get; init; }

    /// <summary>The precision that the model computes in.</summary>
    public required string Precision { get; init; }

    /// <summary>The attention kernel.</summary>
    public required string Attention { get; init; }

    /// <summary>How strongly the speech acts.</summary>
    public required double AudioScale { get; init; }

    /// <summary>Classifier-free guidance of the speech; 1 for none, anything else costs a pass more each step.</summary>
    public required double AudioCfgScale { get; init; }

    /// <summary>Whether the engine brings the speech to a standard loudness before it listens.</summary>
    public bool NormalizeLoudness { get; init; } = true;

    /// <summary>Whether the model is quantised as GGUF.</summary>
    [JsonIgnore]
    public bool IsGguf => IsGgufName(Model);

    internal static bool IsGgufName(string name) => name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase);
}
