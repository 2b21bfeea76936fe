using SkiaSharp;
using WanTalk.Core.Errors;
using WanTalk.Core.Sniffing;

namespace WanTalk.Media.Pictures;

/// <summary>
/// Reads portraits: PNG, JPEG and WebP (the first picture of an animation), of any depth and colour model that Skia decodes. What comes out
/// is 8-bit sRGB, upright by the EXIF orientation, with transparency laid on white.
/// </summary>
public static class PictureReader
{
    /// <summary>Reads the header and checks it against the limits, without decoding.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">What is accepted; the defaults when null.</param>
    /// <exception cref="TalkException">
    /// <see cref="ErrorCode.PortraitMissing"/>, <see cref="ErrorCode.PortraitEmpty"/>, <see cref="ErrorCode.PortraitUnreadable"/>,
    /// <see cref="ErrorCode.PortraitTooSmall"/> or <see cref="ErrorCode.PortraitTooLarge"/>.
    /// </exception>
    public static PictureHeader ReadHeader(string path, PictureLimits? limits = null)
    {
        using var source = Open(path, limits ?? new PictureLimits());
        return source.Header;
    }

    /// <summary>Decodes a picture, upright and no larger than <see cref="PictureLimits.KeptSide"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">What is accepted; the defaults when null.</param>
    /// <exception cref="TalkException">As <see cref="ReadHeader"/>; a picture that breaks off is <see cref="ErrorCode.PortraitUnreadable"/>.</exception>
    public static RgbImage Read(string path, PictureLimits? limits = null)
    {
        limits ??= new PictureLimits();
        using var source = Open(path, limits);
        return PictureScaler.FitWithin(Decode(source), limits.KeptSide);
    }

    private static Source Open(string path, PictureLimits limits)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new TalkException(ErrorCode.PortraitMissing, $"There is no portrait at '{path}'; check the path.");
        if (file.Length == 0)
            throw new TalkException(ErrorCode.PortraitEmpty, "The portrait is an empty file; give a PNG or JPEG picture.");
        if (file.Length > limits.MaxBytes)
            throw new TalkException(ErrorCode.PortraitTooLarge, $"The portrait has {file.Length} bytes, and at most {limits.MaxBytes} are accepted; save it smaller.");

        var kind = Sniff(path);
        if (kind is not (MediaKind.Png or MediaKind.Jpeg or MediaKind.Webp))
            throw new TalkException(ErrorCode.PortraitUnreadable, $"The portrait is not a picture that can be read ({Describe(kind)}); give a PNG or JPEG picture.");

        var codec = SKCodec.Create(path)
            ?? throw new TalkException(ErrorCode.PortraitUnreadable, $"The portrait's {kind} header is damaged; save the picture again.");
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if (Refusal(width, height, limits) is { } error)
        {
            codec.Dispose();
            throw new TalkException(error);
        }

        var header = PictureOrientation.SwapsSides(codec.EncodedOrigin) ? new PictureHeader(kind, height, width) : new PictureHeader(kind, width, height);
        return new Source(codec, header);
    }

    private static TalkError? Refusal(int width, int height, PictureLimits limits)
    {
        if (Math.Min(width, height) < limits.MinSide)
            return new TalkError(ErrorCode.PortraitTooSmall, $"The portrait is {width}x{height} pixels, and each side needs at least {limits.MinSide}; give a larger picture.");
        if (Math.Max(width, height) > limits.MaxSide || (long)width * height > limits.MaxPixels)
        {
            return new TalkError(
                ErrorCode.PortraitTooLarge,
                $"The portrait is {width}x{height} pixels, and at most {limits.MaxPixels / 1_000_000} megapixels and {limits.MaxSide} a side are accepted; make it smaller.");
        }

        return null;
    }

    private static RgbImage Decode(Source source)
    {
        var codec = source.Codec;
        using var colours = SKColorSpace.CreateSrgb();
        using var bitmap = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul, colours));
        var result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        if (result != SKCodecResult.Success)
            throw new TalkException(ErrorCode.PortraitUnreadable, $"The portrait breaks off or is damaged ({result}); save the picture again.");
        return PictureOrientation.Upright(bitmap.GetPixelSpan(), codec.Info.Width, codec.Info.Height, codec.EncodedOrigin);
    }

    private static MediaKind Sniff(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[MediaSniffer.BytesNeeded];
        return MediaSniffer.Sniff(start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)]);
    }

    private static string Describe(MediaKind kind) => kind switch
    {
        MediaKind.Unknown => "unknown contents",
        MediaKind.Text => "it holds text",
        _ => $"it is {kind.ToString().ToUpperInvariant()}",
    };

    private sealed record Source(SKCodec Codec, PictureHeader Header) : IDisposable
    {
        public void Dispose() => Codec.Dispose();
    }
}
