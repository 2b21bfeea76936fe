using WanTalk.Core.Preflight;
using WanTalk.Core.Takes;

namespace WanTalk.Core.Talks;

/// <summary>What prepare measured: <c>media.json</c>.</summary>
public sealed record MediaFacts
{
    /// <summary>The upright portrait's size.</summary>
    public required FrameSize PortraitSize { get; init; }

    /// <summary>How many faces were found in it.</summary>
    public required int Faces { get; init; }

    /// <summary>The speech's length, in samples at 48 kHz as decoded.</summary>
    public required long SpeechSamples { get; init; }

    /// <summary>Where nobody speaks for a while, in order.</summary>
    public IReadOnlyList<Silence> Silences { get; init; } = [];

    /// <summary>The channels that are delivered, 1 or 2.</summary>
    public required int SpeechChannels { get; init; }

    /// <summary>The loudest sample, in dB below full scale.</summary>
    public required double SpeechPeakDb { get; init; }

    /// <summary>What the caller should know about the inputs, one sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>What preflight measured of the portrait; null in facts of before there was a preflight.</summary>
    public PortraitFacts? Portrait { get; init; }

    /// <summary>What preflight measured of the speech; null in facts of before there was a preflight.</summary>
    public SpeechFacts? Speech { get; init; }

    /// <summary>What preflight found: warnings only, since an error ends the talk before there are facts.</summary>
    public IReadOnlyList<PreflightFinding> Preflight { get; init; } = [];
}
