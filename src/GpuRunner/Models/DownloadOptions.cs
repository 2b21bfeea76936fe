namespace WanTalk.GpuRunner.Models;

/// <summary>How models are downloaded.</summary>
internal sealed record DownloadOptions
{
    /// <summary>How many files are downloaded at the same time. Default 4; 1 to 16.</summary>
    public int Parallel { get; init; } = 4;

    /// <summary>How often a file is tried again without a byte more than before. Default 6; at least 0.</summary>
    public int Retries { get; init; } = 6;

    /// <summary>The pause before the first retry; doubled for each further one. Default 1 s.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause, whatever the server asks for. Default 60 s.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long nothing may come before a connection counts as dead. Default 60 s.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether files are downloaded that could not be told from damaged ones. Default false.</summary>
    public bool AllowUnlocked { get; init; }

    /// <summary>What is left free on the disk beside the models, in bytes. Default 256 MiB.</summary>
    public long Spare { get; init; } = 256L << 20;
}
