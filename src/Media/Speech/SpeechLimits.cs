namespace WanTalk.Media.Speech;

/// <summary>Which recordings are accepted as speech.</summary>
public sealed record SpeechLimits
{
    /// <summary>The shortest speech, default 0.2 s (5 frames).</summary>
    public TimeSpan Min { get; init; } = TimeSpan.FromSeconds(0.2);

    /// <summary>The longest speech, default 10 hours.</summary>
    public TimeSpan Max { get; init; } = TimeSpan.FromHours(10);

    /// <summary>
    /// A speech whose loudest sample stays at or below this many dBFS is silence, default -60. The quietest recordings of speech that
    /// people make peak some 20 dB above it, and the noise of an open 16-bit input stays below.
    /// </summary>
    public double SilencePeakDbfs { get; init; } = -60;

    /// <summary>How much less than its header promises a file may hold, default 0.5 s.</summary>
    public TimeSpan TruncationTolerance { get; init; } = TimeSpan.FromSeconds(0.5);
}
