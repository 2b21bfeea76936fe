namespace WanTalk.Core.Preflight;

/// <summary>What was measured of the speech, decoded to its end.</summary>
/// <param name="Seconds">Its length.</param>
/// <param name="Channels">Channels of the recording as it was given.</param>
/// <param name="LoudnessLufs">Integrated loudness by ITU-R BS.1770-4, which EBU R128 uses; null where nothing passes its gate.</param>
/// <param name="ClippedShare">Share, 0..1, of samples in runs at full scale.</param>
/// <param name="VoiceSeconds">How long somebody speaks.</param>
/// <param name="ChannelDifferenceDb">How much quieter the quieter of two channels is, in dB, at most 120; 0 for one channel.</param>
/// <param name="CancellationDb">What the channels' mean loses against the channels, in dB, at most 120; 0 for one channel, 3 for two without relation.</param>
public sealed record SpeechFacts(
    double Seconds,
    int Channels,
    double? LoudnessLufs,
    double ClippedShare,
    double VoiceSeconds,
    double ChannelDifferenceDb,
    double CancellationDb)
{
    /// <summary>Share, 0..1, of the time in which somebody speaks.</summary>
    public double VoiceShare => Seconds > 0 ? Math.Clamp(VoiceSeconds / Seconds, 0, 1) : 0;
}
