using SkiaSharp;
using WanTalk.Media.Pictures;
using WanTalk.Understudy.Execution;

namespace WanTalk.Understudy.Nodes.Images;

/// <summary>Decodes pictures to 8-bit RGB; what is transparent shows its colour, as in PIL's convert("RGB").</summary>
internal static class PictureDecoder
{
    /// <summary>The most pixels that are decoded.</summary>
    private const long MaxPixels = 64L << 20;

    public static RgbImage Decode(byte[] bytes)
    {
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data)
            ?? throw new NodeException("PIL.UnidentifiedImageError", "The file is not a picture that can be decoded.");
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        if ((long)info.Width * info.Height > MaxPixels)
            throw new NodeException("PIL.Image.DecompressionBombError", $"The picture has {info.Width}x{info.Height} pixels, which is too many.");
        using var bitmap = new SKBitmap(info);
        if (codec.GetPixels(info, bitmap.GetPixels()) is not (SKCodecResult.Success or SKCodecResult.IncompleteInput))
            throw new NodeException("OSError", "The picture is damaged.");
        var rgba = bitmap.GetPixelSpan();
        var rgb = new byte[3 * info.Width * info.Height];
        for (int from = 0, to = 0; to < rgb.Length; from += 4, to += 3)
            rgba.Slice(from, 3).CopyTo(rgb.AsSpan(to));
        return new RgbImage(info.Width, info.Height, rgb);
    }
}
