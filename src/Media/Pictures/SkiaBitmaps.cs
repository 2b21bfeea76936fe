using System.Runtime.InteropServices;
using SkiaSharp;

namespace WanTalk.Media.Pictures;

/// <summary>Moves pixels between our three bytes and Skia's four.</summary>
internal static class SkiaBitmaps
{
    /// <summary>A bitmap of a picture; the caller disposes of it.</summary>
    public static SKBitmap FromRgb(RgbImage image)
    {
        var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Rgb888x, SKAlphaType.Opaque));
        var row = new byte[bitmap.RowBytes];
        for (var y = 0; y < image.Height; y++)
        {
            var source = image.Pixels.AsSpan(3 * y * image.Width, 3 * image.Width);
            for (var x = 0; x < image.Width; x++)
            {
                source.Slice(3 * x, 3).CopyTo(row.AsSpan(4 * x));
                row[(4 * x) + 3] = 255;
            }

            Marshal.Copy(row, 0, bitmap.GetPixels() + (y * bitmap.RowBytes), row.Length);
        }

        return bitmap;
    }

    /// <summary>A picture of a bitmap whose pixels are R G B and one byte more.</summary>
    public static RgbImage ToRgb(SKBitmap bitmap)
    {
        var image = new RgbImage(bitmap.Width, bitmap.Height, new byte[3L * bitmap.Width * bitmap.Height]);
        var pixels = bitmap.GetPixelSpan();
        for (var y = 0; y < image.Height; y++)
        {
            var row = pixels.Slice(y * bitmap.RowBytes, 4 * image.Width);
            for (var x = 0; x < image.Width; x++)
            {
                row.Slice(4 * x, 3).CopyTo(image.Pixels.AsSpan(3 * ((y * image.Width) + x)));
            }
        }

        return image;
    }
}
