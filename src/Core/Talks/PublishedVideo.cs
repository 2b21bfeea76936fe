using WanTalk.Core.Artifacts;
using WanTalk.Core.Quotes;
using WanTalk.Core.Sampling;

namespace WanTalk.Core.Talks;

/// <summary>What assemble made, or a workflow of the caller's own: <c>video.json</c>.</summary>
/// <param name="Frames">Its frames.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its SHA-256 in lower-case hexadecimal.</param>
public sealed record VideoFacts(int Frames, long Bytes, string Sha256)
{
    /// <summary>Whether the understudy made it, whose pictures are a preview and not WanVideo's; told here for talks of one prompt only.</summary>
    public bool Preview { get; init; }

    /// <summary>Which windows were made with which settings, of those that may change from window to window.</summary>
    public IReadOnlyList<WindowSettingsRun> Settings { get; init; } = [];

    /// <summary>How long its windows were sampled, all together, in seconds; null for a talk of one prompt.</summary>
    public double? SamplingSeconds { get; init; }

    /// <summary>On which GPUs its windows were sampled; empty where the engines did not tell.</summary>
    public IReadOnlyList<GpuUse> Used { get; init; } = [];

    /// <summary>Further files that the caller's own workflow made, in the order of its outputs.</summary>
    public IReadOnlyList<StoredFile> Others { get; init; } = [];
}

/// <summary>Where the video was published: <c>published.json</c>.</summary>
/// <param name="Url">Where a caller gets it.</param>
/// <param name="Key">The object's key: talk and hash, so that doing it twice is one object.</param>
/// <param name="Sha256">Its SHA-256 in lower-case hexadecimal.</param>
public sealed record PublishedVideo(string Url, string Key, string Sha256)
{
    /// <summary>Where a caller gets the further videos of a workflow of his own.</summary>
    public IReadOnlyList<string> OtherUrls { get; init; } = [];
}
