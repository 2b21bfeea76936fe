using SkiaSharp;
using WanTalk.Media.Pictures;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Values;

namespace WanTalk.Understudy.Nodes.Images;

/// <summary>
/// Decodes pictures to 8-bit RGB, upright by their EXIF orientation; what is transparent shows its colour, as in PIL's convert("RGB"),
/// and is told by the mask. A picture that breaks off is taken as far as it goes.
/// </summary>
internal static class PictureDecoder
{
    /// <summary>The most pixels that are decoded.</summary>
    private const long MaxPixels = 64L << 20;

    /// <summary>Decodes a file; the name is for the error.</summary>
    public static (RgbImage Picture, MaskValue Mask) Decode(byte[] bytes, string path)
    {
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data)
            ?? throw new NodeException("PIL.UnidentifiedImageError", $"cannot identify image file '{path}'");
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        if ((long)info.Width * info.Height > MaxPixels)
        {
            throw new NodeException(
                "PIL.Image.DecompressionBombError", $"The picture has {info.Width}x{info.Height} pixels, which is too many.");
        }
        using var bitmap = new SKBitmap(info);
        var result = codec.GetPixels(info, bitmap.GetPixels());
        if (result is not (SKCodecResult.Success or SKCodecResult.IncompleteInput or SKCodecResult.ErrorInInput))
            throw new NodeException("OSError", $"The picture {path} is damaged.");
        var upright = Upright.Of(codec.EncodedOrigin, info.Width, info.Height);
        var rgba = bitmap.GetPixelSpan();
        var rgb = new byte[3 * info.Width * info.Height];
        var mask = codec.Info.AlphaType == SKAlphaType.Opaque ? null : new byte[info.Width * info.Height];
        for (var y = 0; y < info.Height; y++)
        {
            for (var x = 0; x < info.Width; x++)
            {
                var (from, to) = (4 * ((y * info.Width) + x), upright.PlaceOf(x, y));
                rgba.Slice(from, 3).CopyTo(rgb.AsSpan(3 * to));
                if (mask is not null)
                    mask[to] = (byte)(255 - rgba[from + 3]);
            }
        }
        var picture = new RgbImage(upright.Width, upright.Height, rgb);
        return (picture, mask is null ? MaskValue.None : new MaskValue(upright.Width, upright.Height, mask));
    }

    /// <summary>Where a stored pixel is in the upright picture.</summary>
    private readonly record struct Upright(int Width, int Height, int Start, int Column, int Row)
    {
        public static Upright Of(SKEncodedOrigin origin, int width, int height)
        {
            var swaps = origin
                is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
            var (wide, high) = swaps ? (height, width) : (width, height);
            var last = (wide * high) - 1;
            return origin switch
            {
                SKEncodedOrigin.TopRight => new Upright(wide, high, wide - 1, -1, wide),
                SKEncodedOrigin.BottomRight => new Upright(wide, high, last, -1, -wide),
                SKEncodedOrigin.BottomLeft => new Upright(wide, high, wide * (high - 1), 1, -wide),
                SKEncodedOrigin.LeftTop => new Upright(wide, high, 0, wide, 1),
                SKEncodedOrigin.RightTop => new Upright(wide, high, wide - 1, wide, -1),
                SKEncodedOrigin.RightBottom => new Upright(wide, high, last, -wide, -1),
                SKEncodedOrigin.LeftBottom => new Upright(wide, high, wide * (high - 1), -wide, 1),
                _ => new Upright(wide, high, 0, 1, wide),
            };
        }

        public int PlaceOf(int x, int y) => Start + (x * Column) + (y * Row);
    }
}
