namespace WanTalk.Media.Ffmpeg;

/// <summary>How ffmpeg is found and run. One value serves every class of this room.</summary>
public sealed record FfmpegOptions
{
    /// <summary>The most threads that may be asked for.</summary>
    public const int MaxThreads = 64;

    /// <summary>The program that decodes and encodes: a name on PATH or a path. Default <c>ffmpeg</c>; 5.1 is what was tried.</summary>
    public string FfmpegPath { get; init; } = "ffmpeg";

    /// <summary>The program that looks into files: a name on PATH or a path. Default <c>ffprobe</c>.</summary>
    public string FfprobePath { get; init; } = "ffprobe";

    /// <summary>
    /// Threads of each codec, 1..64, default 2. A constant and never the number of cores: x264 writes other bytes with another number
    /// of threads, and the bytes of a talk have to repeat.
    /// </summary>
    public int Threads { get; init; } = 2;

    /// <summary>How long ffmpeg may take to end after it was asked to, before it is killed: 0..60 s, default 2 s.</summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Refuses values outside the documented ranges.</summary>
    internal FfmpegOptions Checked()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(FfmpegPath);
        ArgumentException.ThrowIfNullOrWhiteSpace(FfprobePath);
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Threads, MaxThreads);
        ArgumentOutOfRangeException.ThrowIfLessThan(GracePeriod, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(GracePeriod, TimeSpan.FromMinutes(1));
        return this;
    }
}
