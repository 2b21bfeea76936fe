namespace WanTalk.Media.Probing;

/// <summary>A media file, as ffprobe describes it.</summary>
public sealed record MediaInfo
{
    /// <summary>The container, in ffmpeg's words; several, separated by commas, where one reader serves them all.</summary>
    public required string Format { get; init; }

    /// <summary>How long the container says that it is, in seconds; estimated for formats that do not say.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>The container's tags.</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>The streams, in file order.</summary>
    public required IReadOnlyList<StreamInfo> Streams { get; init; }

    /// <summary>The first film, cover pictures aside.</summary>
    public StreamInfo? Video => Streams.FirstOrDefault(stream => stream is { Type: "video", AttachedPicture: false });

    /// <summary>The first audio stream.</summary>
    public StreamInfo? Audio => Streams.FirstOrDefault(stream => stream.Type == "audio");
}
