namespace WanTalk.Core.Preflight;

/// <summary>Where preflight draws its lines. A line at the end of its range that no measure crosses turns its finding off.</summary>
public sealed record PreflightOptions
{
    /// <summary>The most that <see cref="LeastVoiceSeconds"/> may be.</summary>
    public const double MostLeastVoiceSeconds = 60;

    /// <summary>
    /// A face narrower than this many pixels of the video is too small to speak. Default 16, 0 to 1024: the model works on tokens of 16x16
    /// pixels, and a mouth is about a third of a face, six pixels here.
    /// </summary>
    public double LeastFacePixels { get; init; } = 16;

    /// <summary>
    /// A face narrower than this many pixels of the video is told as small. Default 64, 0 to 1024: four of the model's tokens, of which the
    /// mouth has hardly two; teeth and lips blur.
    /// </summary>
    public double SmallFacePixels { get; init; } = 64;

    /// <summary>
    /// Up to this share of a face may be outside of the video before it is told as cut off. Default 0.1, 0 to 1: the detector's box is no
    /// closer.
    /// </summary>
    public double MostFaceOutside { get; init; } = 0.1;

    /// <summary>
    /// Another face counts when it is at least this share of the largest one's width. Default 0.35, 0 to 1: smaller ones are people in the
    /// background, which the model leaves alone.
    /// </summary>
    public double OtherFaceShare { get; init; } = 0.35;

    /// <summary>The portrait may be enlarged so many times before that is told. Default 1.5, 1 to 100: above it a picture looks soft beside its video.</summary>
    public double MostEnlargement { get; init; } = 1.5;

    /// <summary>The video should show at least this share of the portrait. Default 0.5, 0 to 1: a telephone's upright picture in a square keeps 0.56.</summary>
    public double LeastKept { get; init; } = 0.5;

    /// <summary>
    /// Somebody has to speak for at least so many seconds. Default 0.1, 0 to 60: the shortest words take longer. Noise and music have 0.
    /// </summary>
    public double LeastVoiceSeconds { get; init; } = 0.1;

    /// <summary>
    /// In recordings shorter than so many seconds it is a warning that nobody speaks. Default 1, 0 to 60: voice activity is found from what
    /// came before, and a single syllable has nothing before it.
    /// </summary>
    public double ShortSpeechSeconds { get; init; } = 1;

    /// <summary>Somebody should speak for at least this share of the time. Default 0.3, 0 to 1: talkers with their
    /// pauses have 0.6 to 0.9, and each second is paid for.</summary>
    public double LeastVoiceShare { get; init; } = 0.3;

    /// <summary>
    /// Up to this share of the samples may be in runs at full scale. Default 0.001, 0 to 1: one millisecond of a second; recordings that were
    /// made as loud as they can be without clipping stay far below.
    /// </summary>
    public double MostClipped { get; init; } = 0.001;

    /// <summary>
    /// A speech below this loudness is told as quiet, in LUFS. Default -40, -70 to 0: 17 LU below what broadcasters send (EBU R128), which
    /// listeners do not turn up, and to which the noise of most rooms is near.
    /// </summary>
    public double LeastLoudnessLufs { get; init; } = -40;

    /// <summary>One of two channels may be this much quieter, in dB, before that is told. Default 20, 0 to 120: beyond it listeners hear one side only.</summary>
    public double MostChannelDifferenceDb { get; init; } = 20;

    /// <summary>
    /// The mean of two channels may lose this much against them, in dB, before that is told. Default 10, 3 to 120: channels without relation
    /// lose 3, and one against itself turned round loses all.
    /// </summary>
    public double MostCancellationDb { get; init; } = 10;

    /// <summary>Returns itself when all is in its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A line is outside its range, or not a number.</exception>
    public PreflightOptions Checked()
    {
        Demand(LeastFacePixels, 0, 1024, nameof(LeastFacePixels));
        Demand(SmallFacePixels, 0, 1024, nameof(SmallFacePixels));
        Demand(MostFaceOutside, 0, 1, nameof(MostFaceOutside));
        Demand(OtherFaceShare, 0, 1, nameof(OtherFaceShare));
        Demand(MostEnlargement, 1, 100, nameof(MostEnlargement));
        Demand(LeastKept, 0, 1, nameof(LeastKept));
        Demand(LeastVoiceSeconds, 0, MostLeastVoiceSeconds, nameof(LeastVoiceSeconds));
        Demand(ShortSpeechSeconds, 0, 60, nameof(ShortSpeechSeconds));
        Demand(LeastVoiceShare, 0, 1, nameof(LeastVoiceShare));
        Demand(MostClipped, 0, 1, nameof(MostClipped));
        Demand(LeastLoudnessLufs, -70, 0, nameof(LeastLoudnessLufs));
        Demand(MostChannelDifferenceDb, 0, 120, nameof(MostChannelDifferenceDb));
        Demand(MostCancellationDb, 3, 120, nameof(MostCancellationDb));
        return this;
    }

    private static void Demand(double value, double least, double most, string name)
    {
        if (!(value >= least && value <= most))
            throw new ArgumentOutOfRangeException(name, value, $"Give {least} to {most}.");
    }
}
