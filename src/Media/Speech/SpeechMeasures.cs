using WanTalk.Core.Takes;

namespace WanTalk.Media.Speech;

/// <summary>What a speech turned out to be when it was decoded to its end. Levels are in dB below full scale of the 48 kHz audio.</summary>
public sealed record SpeechMeasures
{
    /// <summary>Samples of each channel at 48 kHz, counted: what the plan is made from.</summary>
    public required long Samples48k { get; init; }

    /// <summary>Seconds: <see cref="Samples48k"/> / 48,000.</summary>
    public double Seconds => Samples48k / 48_000.0;

    /// <summary>Channels of the source.</summary>
    public required int SourceChannels { get; init; }

    /// <summary>Samples a second of the source.</summary>
    public required int SourceSampleRate { get; init; }

    /// <summary>Container of the source, in ffmpeg's words.</summary>
    public required string SourceFormat { get; init; }

    /// <summary>Codec of the source, in ffmpeg's words.</summary>
    public required string SourceCodec { get; init; }

    /// <summary>What the source's header promised, in seconds; null when its format makes no promise.</summary>
    public double? DeclaredSeconds { get; init; }

    /// <summary>The loudest sample in dBFS. Above 0 for lossy sources that were encoded too loud.</summary>
    public required double PeakDbfs { get; init; }

    /// <summary>Root mean square over all samples of all channels, in dBFS (a full-scale sine has -3.01).</summary>
    public required double RmsDbfs { get; init; }

    /// <summary>Integrated loudness by ITU-R BS.1770-4 in LUFS; null below 0.4 s, and when nothing passes its gate at -70.</summary>
    public double? LoudnessLufs { get; init; }

    /// <summary>Share, 0..1, of 20 ms blocks whose root mean square is below -50 dBFS.</summary>
    public required double SilentShare { get; init; }

    /// <summary>Where nobody speaks for a while, in order; see <see cref="SilenceFinder"/>.</summary>
    public required IReadOnlyList<Silence> Silences { get; init; }

    /// <summary>Share, 0..1, of samples at or above 0.999 of full scale.</summary>
    public required double ClippedShare { get; init; }

    /// <summary>Share, 0..1, of samples in runs of three and more at or above 0.999 of full scale: what was recorded too loud.</summary>
    public required double ClippedRunShare { get; init; }

    /// <summary>How much quieter the quieter of two channels is, in dB, 0..120; 0 for one channel.</summary>
    public required double ChannelDifferenceDb { get; init; }

    /// <summary>How much the channels' mean is quieter than the channels, in dB, 0..120; 0 for one channel.</summary>
    public required double CancellationDb { get; init; }
}
