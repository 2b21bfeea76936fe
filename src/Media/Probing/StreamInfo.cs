namespace WanTalk.Media.Probing;

/// <summary>One stream of a media file, as ffprobe describes it. A number that does not apply is 0, a word that is absent is null.</summary>
public sealed record StreamInfo
{
    /// <summary>Its number in the file, from 0.</summary>
    public required int Index { get; init; }

    /// <summary><c>video</c>, <c>audio</c>, <c>subtitle</c>, <c>data</c> or <c>attachment</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The codec's name, such as <c>h264</c>; empty when unknown.</summary>
    public required string Codec { get; init; }

    /// <summary>The codec's profile, such as <c>LC</c>.</summary>
    public string? Profile { get; init; }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; init; }

    /// <summary>Rows.</summary>
    public int Height { get; init; }

    /// <summary>The pixel format, such as <c>yuv420p</c>.</summary>
    public string? PixelFormat { get; init; }

    /// <summary>The matrix, such as <c>bt709</c>.</summary>
    public string? ColorSpace { get; init; }

    /// <summary>The range: <c>tv</c> or <c>pc</c>.</summary>
    public string? ColorRange { get; init; }

    /// <summary>The primaries, such as <c>bt709</c>.</summary>
    public string? ColorPrimaries { get; init; }

    /// <summary>The transfer function, such as <c>bt709</c>.</summary>
    public string? ColorTransfer { get; init; }

    /// <summary>Frames a second on average.</summary>
    public double? FramesPerSecond { get; init; }

    /// <summary>Frames that B-frames hold back, 0 without B-frames.</summary>
    public int ReorderedFrames { get; init; }

    /// <summary>Packets, counted by reading the file to its end; for video these are frames. Null unless asked for.</summary>
    public long? Packets { get; init; }

    /// <summary>Samples a second.</summary>
    public int SampleRate { get; init; }

    /// <summary>Audio channels.</summary>
    public int Channels { get; init; }

    /// <summary>When it starts, in seconds.</summary>
    public double? StartSeconds { get; init; }

    /// <summary>How long it is by its own header or tag, in seconds; ffprobe estimates it for formats that do not say.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>Whether it is a cover picture and not a film.</summary>
    public bool AttachedPicture { get; init; }

    /// <summary>The stream's tags.</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }
}
