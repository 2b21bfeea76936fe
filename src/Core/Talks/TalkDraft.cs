using WanTalk.Core.Sampling;
using WanTalk.Core.Sniffing;

namespace WanTalk.Core.Talks;

/// <summary>What a caller asks for, as it came: nothing is checked or filled in yet.</summary>
public sealed record TalkDraft
{
    /// <summary>The portrait, null when none was given.</summary>
    public InputFacts? Portrait { get; init; }

    /// <summary>The speech, null when none was given.</summary>
    public InputFacts? Speech { get; init; }

    /// <summary>Where the portrait is to be fetched, instead of <see cref="Portrait"/>.</summary>
    public string? PortraitUrl { get; init; }

    /// <summary>Where the speech is to be fetched, instead of <see cref="Speech"/>.</summary>
    public string? SpeechUrl { get; init; }

    /// <summary>The id of the upload that is the portrait, which <see cref="Portrait"/> then describes unless it cannot be used.</summary>
    public string? PortraitUpload { get; init; }

    /// <summary>The id of the upload that is the speech, which <see cref="Speech"/> then describes unless it cannot be used.</summary>
    public string? SpeechUpload { get; init; }

    /// <summary>Pixels in a row; null for the default.</summary>
    public int? Width { get; init; }

    /// <summary>Rows; null for the default.</summary>
    public int? Height { get; init; }

    /// <summary>The seed; null to have one drawn.</summary>
    public long? Seed { get; init; }

    /// <summary>What the picture shows; null for the default.</summary>
    public string? Prompt { get; init; }

    /// <summary>What the picture should not show; null for the default.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>The second of the speech to begin with; null for its beginning.</summary>
    public double? AudioStart { get; init; }

    /// <summary>The second of the speech to end before; null for its end.</summary>
    public double? AudioEnd { get; init; }

    /// <summary>How long the whole speech is, in seconds, instead of measuring it; for quotes only.</summary>
    public double? AudioSeconds { get; init; }

    /// <summary>The most frames to show, at 25 a second; null for as many as the speech has. It only ever shortens.</summary>
    public int? NumFrames { get; init; }

    /// <summary>Who is called when the talk ends; null for nobody.</summary>
    public string? WebhookUrl { get; init; }

    /// <summary>Which events it is called for; null for the three ends.</summary>
    public IReadOnlyList<string>? WebhookEvents { get; init; }

    /// <summary>What the caller wants back with the talk.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>For how long the talk is kept after its end, in seconds; null for as long as the host keeps talks.</summary>
    public long? ExpiresIn { get; init; }

    /// <summary>Whether the picture runs through: <c>continuous</c> or <c>takes</c>; null for the default.</summary>
    public string? Continuity { get; init; }

    /// <summary>How long a take should be, in seconds; null for the default.</summary>
    public double? TakeSeconds { get; init; }

    /// <summary>Whether it can be played while it is being sampled.</summary>
    public bool Stream { get; init; }

    /// <summary>The sampling settings that are named.</summary>
    public SamplingDraft Sampling { get; init; } = SamplingDraft.Empty;

    /// <summary>A workflow of the caller's own, as JSON in ComfyUI's API format; null for none.</summary>
    public string? Workflow { get; init; }

    /// <summary>Node classes that the operator allows in workflows beside the list (<see cref="Workflows.AllowedNodes"/>).</summary>
    public IReadOnlyCollection<string> AlsoAllowedNodes { get; init; } = [];

    /// <summary>The preset that stands for none, as the operator decides.</summary>
    public SamplingPreset DefaultPreset { get; init; } = SamplingPreset.Recommended;
}

/// <summary>What is known of an input file before it is decoded.</summary>
/// <param name="Name">Its file name, for messages and for the name of the result.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Head">Its first bytes, at most <see cref="HeadBytes"/>.</param>
public sealed record InputFacts(string Name, long Length, ReadOnlyMemory<byte> Head)
{
    /// <summary>How many first bytes are looked at.</summary>
    public const int HeadBytes = MediaSniffer.BytesNeeded;
}
