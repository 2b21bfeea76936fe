using SkiaSharp;

namespace WanTalk.Media.Pictures;

/// <summary>Turns pictures upright by the eight EXIF orientations (EXIF 2.32, tag 0x0112).</summary>
internal static class PictureOrientation
{
    /// <summary>Whether upright the picture's width is the stored height.</summary>
    public static bool SwapsSides(SKEncodedOrigin origin) =>
        origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;

    /// <summary>Moves each stored pixel to its upright place and lays it on white by its alpha.</summary>
    /// <param name="rgba">R G B A of each stored pixel, not premultiplied.</param>
    /// <param name="width">Stored width.</param>
    /// <param name="height">Stored height.</param>
    /// <param name="origin">Which corner of the upright picture the first row and column are at.</param>
    public static RgbImage Upright(ReadOnlySpan<byte> rgba, int width, int height, SKEncodedOrigin origin)
    {
        var swaps = SwapsSides(origin);
        var (wide, high) = swaps ? (height, width) : (width, height);
        var pixels = new byte[3L * wide * high];

        // The first stored pixel's place, and how the place moves with a stored column and a stored row, in pixels of the upright picture.
        var (start, column, row) = origin switch
        {
            SKEncodedOrigin.TopRight => (wide - 1, -1, wide),
            SKEncodedOrigin.BottomRight => ((wide * high) - 1, -1, -wide),
            SKEncodedOrigin.BottomLeft => (wide * (high - 1), 1, -wide),
            SKEncodedOrigin.LeftTop => (0, wide, 1),
            SKEncodedOrigin.RightTop => (wide - 1, wide, -1),
            SKEncodedOrigin.RightBottom => ((wide * high) - 1, -wide, -1),
            SKEncodedOrigin.LeftBottom => (wide * (high - 1), -wide, 1),
            _ => (0, 1, wide),
        };
        for (var y = 0; y < height; y++)
        {
            var line = rgba.Slice(4 * y * width, 4 * width);
            for (var x = 0; x < width; x++)
            {
                var target = 3 * (start + (y * row) + (x * column));
                var alpha = line[(4 * x) + 3];
                pixels[target] = OnWhite(line[4 * x], alpha);
                pixels[target + 1] = OnWhite(line[(4 * x) + 1], alpha);
                pixels[target + 2] = OnWhite(line[(4 * x) + 2], alpha);
            }
        }

        return new RgbImage(wide, high, pixels);
    }

    private static byte OnWhite(byte value, byte alpha) => (byte)(((value * alpha) + (255 * (255 - alpha)) + 127) / 255);
}
