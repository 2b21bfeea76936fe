namespace WanTalk.Core.Takes;

/// <summary>A stretch of a speech in which nobody speaks.</summary>
/// <param name="FirstSample">Where it begins, in samples at 48 kHz.</param>
/// <param name="Samples">How long it is, in samples at 48 kHz.</param>
public sealed record Silence(long FirstSample, long Samples)
{
    /// <summary>Shorter ones are not taken for silences: 0.4 s, in which a mouth has come to rest.</summary>
    public const long MinSamples = 19_200;
}
