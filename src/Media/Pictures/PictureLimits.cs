namespace WanTalk.Media.Pictures;

/// <summary>Which pictures are accepted as portraits. The header decides, before anything is decoded.</summary>
public sealed record PictureLimits
{
    /// <summary>The shortest side in pixels, default 64: below it no face can be found or drawn.</summary>
    public int MinSide { get; init; } = 64;

    /// <summary>The longest side in pixels, default 16,384.</summary>
    public int MaxSide { get; init; } = 16_384;

    /// <summary>Width times height, default 64 million (450 MB while decoding): above the 50 megapixels of today's telephones.</summary>
    public long MaxPixels { get; init; } = 64_000_000;

    /// <summary>Bytes of the file, default 64 MiB.</summary>
    public long MaxBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>A decoded picture is shrunk until its longer side has this many pixels, default 4,096: more is never used.</summary>
    public int KeptSide { get; init; } = 4_096;
}
