using System.Globalization;
using System.Text.Json;
using WanTalk.Core.Errors;

namespace WanTalk.Core.Sampling;

/// <summary>A sampling setting as callers write it: a form's field, or a command line's option with dashes for underscores.</summary>
/// <param name="Name">Its name in snake_case.</param>
/// <param name="Expected">What its value may be, in words that fit behind "Give".</param>
/// <param name="Description">What it does, and its default.</param>
/// <param name="Set">The draft with the value; null if the text cannot be read as one.</param>
public sealed record SamplingField(
    string Name, string Expected, string Description, Func<SamplingDraft, string, SamplingDraft?> Set)
{
    private const string FromPreset = "Default: the preset's.";

    /// <summary>What it is in JSON, as a type of JSON Schema; a text that says the same is read, too.</summary>
    public string Type { get; private init; } = "string";

    /// <summary>The least and the most of a number; null for another.</summary>
    public (double Least, double Most)? Range { get; private init; }

    /// <summary>The values that it may have; empty when the engine knows them, or it is a number.</summary>
    public IReadOnlyList<string> Choices { get; private init; } = [];

    /// <summary>Every setting, in the order in which they are described.</summary>
    public static IReadOnlyList<SamplingField> All { get; } =
    [
        new("preset", Listed(Presets.Keys), "Models and sampler settings: recommended, fast, best or undistilled. Default recommended.",
            (draft, text) => Presets.TryGetValue(text, out var preset) ? draft with { Preset = preset } : null) { Choices = [.. Presets.Keys] },
        new("model", "a file name that the engine lists", $"The image-to-video model. {FromPreset}", (draft, text) => draft with { Model = text }),
        new("talk_model", "a file name that the engine lists", $"The InfiniteTalk model. {FromPreset}",
            (draft, text) => draft with { TalkModel = text }),
        new("lora", "a file name that the engine lists, or none", $"The distill LoRA, or none. {FromPreset}",
            (draft, text) => draft with { Lora = text == "none" ? "" : text }),
        new("steps", $"1 to {SamplingRanges.MaxSteps}", $"Denoising steps a window. {FromPreset}",
            (draft, text) => Whole(text) is { } steps ? draft with { Steps = steps } : null) { Type = "integer", Range = (1, SamplingRanges.MaxSteps) },
        new("cfg", $"0 to {SamplingRanges.MaxCfg}", $"Guidance of the text; 1 for none. {FromPreset}",
            (draft, text) => Number(text) is { } cfg ? draft with { Cfg = cfg } : null) { Type = "number", Range = (0, SamplingRanges.MaxCfg) },
        new("shift", $"0 to {SamplingRanges.MaxShift}", $"Shift of the time steps towards noise. {FromPreset}",
            (draft, text) => Number(text) is { } shift ? draft with { Shift = shift } : null) { Type = "number", Range = (0, SamplingRanges.MaxShift) },
        new("scheduler", Listed(SamplingRanges.Schedulers), $"The sampler's scheduler. {FromPreset}",
            (draft, text) => draft with { Scheduler = text }) { Choices = [.. SamplingRanges.Schedulers] },
        new("blocks_to_swap", $"auto, or 0 to {SamplingRanges.MaxBlocksToSwap}",
            "Transformer blocks kept in main memory. Default auto: by the GPU's memory.",
            (draft, text) => text == "auto" ? draft with { BlocksToSwap = null } : Whole(text) is { } blocks ? draft with { BlocksToSwap = blocks } : null),
        new("tiled_vae", "true or false", "Whether the VAE works in tiles: less memory, faint seams. Default false.",
            (draft, text) => bool.TryParse(text, out var tiled) ? draft with { TiledVae = tiled } : null) { Type = "boolean" },
        new("precision", Listed(SamplingRanges.Precisions), $"What the model computes in. {FromPreset}",
            (draft, text) => draft with { Precision = text }) { Choices = [.. SamplingRanges.Precisions] },
        new("attention", Listed(SamplingRanges.Attentions), $"The attention kernel. {FromPreset}",
            (draft, text) => draft with { Attention = text }) { Choices = [.. SamplingRanges.Attentions] },
        new("audio_scale", $"0 to {SamplingRanges.MaxAudioScale}", $"How strongly the speech acts. {FromPreset}",
            (draft, text) => Number(text) is { } scale ? draft with { AudioScale = scale } : null)
        {
            Type = "number",
            Range = (0, SamplingRanges.MaxAudioScale),
        },
        new("audio_cfg_scale", $"0 to {SamplingRanges.MaxAudioScale}", $"Guidance of the speech; 1 for none. {FromPreset}",
            (draft, text) => Number(text) is { } scale ? draft with { AudioCfgScale = scale } : null)
        {
            Type = "number",
            Range = (0, SamplingRanges.MaxAudioScale),
        },
        new("normalize_loudness", "true or false", "Whether the engine brings the speech to a standard loudness. Default true.",
            (draft, text) => bool.TryParse(text, out var normalize) ? draft with { NormalizeLoudness = normalize } : null) { Type = "boolean" },
    ];

    /// <summary>Reads a value into a draft.</summary>
    /// <param name="draft">The draft so far.</param>
    /// <param name="text">The value as the caller wrote it.</param>
    /// <param name="problems">Is told when the value cannot be read.</param>
    /// <returns>The draft with the value, or as it was.</returns>
    public SamplingDraft Read(SamplingDraft draft, string text, ICollection<TalkError> problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        if (Set(draft, text) is { } read)
        {
            return read;
        }

        problems.Add(new TalkError(ErrorCode.SettingOutOfRange, $"The setting {Name} is '{text}'. Give {Expected}.", Name));
        return draft;
    }

    private static Dictionary<string, SamplingPreset> Presets =>
        Enum.GetValues<SamplingPreset>().ToDictionary(preset => JsonNamingPolicy.SnakeCaseLower.ConvertName(preset.ToString()), StringComparer.Ordinal);

    internal static string Listed(IEnumerable<string> values) => $"one of {string.Join(", ", values)}";

    private static int? Whole(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
