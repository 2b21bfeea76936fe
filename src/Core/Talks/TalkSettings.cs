using WanTalk.Core.Sampling;
using WanTalk.Core.Takes;
using WanTalk.Core.Uploads;
using WanTalk.Core.Windows;

namespace WanTalk.Core.Talks;

/// <summary>
/// The fields of a request that makes the same talk again, as far as the server knows them: inputs that came as files, and a workflow of the
/// caller's own, are not among them, nor who is called.
/// </summary>
public sealed record TalkSettings
{
    /// <summary>Where the portrait was fetched, or the upload that it was; null for a file.</summary>
    public string? ImageUrl { get; init; }

    /// <summary>Where the speech was fetched, or the upload that it was; null for a file.</summary>
    public string? AudioUrl { get; init; }

    /// <summary>Pixels in a row.</summary>
    public required int Width { get; init; }

    /// <summary>Rows of pixels.</summary>
    public required int Height { get; init; }

    /// <summary>The seed, given or drawn.</summary>
    public required long Seed { get; init; }

    /// <summary>What the picture shows.</summary>
    public required string Prompt { get; init; }

    /// <summary>What the picture should not show; null for what the graph says.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>Whether the picture runs through.</summary>
    public required Continuity Continuity { get; init; }

    /// <summary>How long a take should be, in seconds; null where the picture runs through.</summary>
    public double? TakeSeconds { get; init; }

    /// <summary>Whether it can be played while it is being made.</summary>
    public required bool Stream { get; init; }

    /// <summary>The second of the speech that it begins with; null for its beginning.</summary>
    public double? AudioStart { get; init; }

    /// <summary>The second of the speech that it ends before; null for its end.</summary>
    public double? AudioEnd { get; init; }

    /// <summary>Models and sampler settings; null with a workflow, which has its own. What follows is null where it is the preset's.</summary>
    public SamplingPreset? Preset { get; init; }

    /// <summary>The image-to-video model.</summary>
    public string? Model { get; init; }

    /// <summary>The InfiniteTalk model.</summary>
    public string? TalkModel { get; init; }

    /// <summary>The distill LoRA, or none.</summary>
    public string? Lora { get; init; }

    /// <summary>Denoising steps a window.</summary>
    public int? Steps { get; init; }

    /// <summary>Guidance of the text.</summary>
    public double? Cfg { get; init; }

    /// <summary>Shift of the time steps towards noise.</summary>
    public double? Shift { get; init; }

    /// <summary>The sampler's scheduler.</summary>
    public string? Scheduler { get; init; }

    /// <summary>Transformer blocks kept in main memory.</summary>
    public int? BlocksToSwap { get; init; }

    /// <summary>Whether the VAE works in tiles.</summary>
    public bool? TiledVae { get; init; }

    /// <summary>What the model computes in.</summary>
    public string? Precision { get; init; }

    /// <summary>The attention kernel.</summary>
    public string? Attention { get; init; }

    /// <summary>How strongly the speech acts.</summary>
    public double? AudioScale { get; init; }

    /// <summary>Guidance of the speech.</summary>
    public double? AudioCfgScale { get; init; }

    /// <summary>Whether the engine brings the speech to a standard loudness.</summary>
    public bool? NormalizeLoudness { get; init; }

    /// <summary>The settings of a request.</summary>
    public static TalkSettings Of(TalkRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var settings = new TalkSettings
        {
            ImageUrl = AddressOf(request.PortraitUrl, request.PortraitUpload),
            AudioUrl = AddressOf(request.SpeechUrl, request.SpeechUpload),
            Width = request.RequestedSize.Width,
            Height = request.RequestedSize.Height,
            Seed = request.Seed,
            Prompt = request.Prompt,
            NegativePrompt = request.NegativePrompt,
            Continuity = request.Continuity,
            TakeSeconds = request.Continuity == Continuity.Takes ? request.TakeSeconds : null,
            Stream = request.Stream,
            AudioStart = request.Cut is { Start: > 0 } cut ? SecondsOf(cut.Start) : null,
            AudioEnd = request.Cut?.End is { } end ? SecondsOf(end) : null,
        };
        return request.OnePrompt ? settings : settings.With(request.Sampling);
    }

    /// <summary>Until when the uploads among a request's inputs can be used again; null when there are none.</summary>
    public static DateTimeOffset? InputsUsableUntil(TalkRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ((string?[])[request.PortraitUpload, request.SpeechUpload]).OfType<string>().Select(UploadId.UsableUntil)
            .Select(until => (DateTimeOffset?)until).Min();
    }

    private TalkSettings With(SamplingSettings sampling)
    {
        var preset = SamplingPresets.Of(sampling.Preset);
        return this with
        {
            Preset = sampling.Preset,
            Model = Other(sampling.Model, preset.Model),
            TalkModel = Other(sampling.TalkModel, preset.TalkModel),
            Lora = Other(sampling.Lora ?? "none", preset.Lora ?? "none"),
            Steps = OtherValue(sampling.Steps, preset.Steps),
            Cfg = OtherValue(sampling.Cfg, preset.Cfg),
            Shift = OtherValue(sampling.Shift, preset.Shift),
            Scheduler = Other(sampling.Scheduler, preset.Scheduler),
            BlocksToSwap = sampling.BlocksToSwap,
            TiledVae = OtherValue(sampling.TiledVae, preset.TiledVae),
            Precision = Other(sampling.Precision, preset.Precision),
            Attention = Other(sampling.Attention, preset.Attention),
            AudioScale = OtherValue(sampling.AudioScale, preset.AudioScale),
            AudioCfgScale = OtherValue(sampling.AudioCfgScale, preset.AudioCfgScale),
            NormalizeLoudness = OtherValue(sampling.NormalizeLoudness, preset.NormalizeLoudness),
        };
    }

    private static string? AddressOf(Uri? address, string? upload) =>
        address?.OriginalString ?? (upload is null ? null : UploadReference.Of(upload));

    private static double SecondsOf(long samples) => samples / (double)WindowArithmetic.SpeechSampleRate;

    private static string? Other(string value, string preset) => value == preset ? null : value;

    private static T? OtherValue<T>(T value, T preset)
        where T : struct => value.Equals(preset) ? null : value;
}
