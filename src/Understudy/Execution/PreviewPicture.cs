using System.Runtime.InteropServices;
using SkiaSharp;
using WanTalk.Media.Pictures;

namespace WanTalk.Understudy.Execution;

/// <summary>Small JPEGs that show what a node is about to make.</summary>
internal static class PreviewPicture
{
    /// <summary>The longest side of a preview, in pixels.</summary>
    public const int LongestSide = 256;

    private const int Quality = 90;

    /// <summary>A picture as JPEG, made smaller if it is larger than a preview.</summary>
    public static byte[] Jpeg(RgbImage image)
    {
        var small = PictureScaler.FitWithin(image, LongestSide);
        using var bitmap = new SKBitmap(new SKImageInfo(small.Width, small.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var rgba = new byte[4 * small.Width * small.Height];
        for (int from = 0, to = 0; to < rgba.Length; from += 3, to += 4)
        {
            small.Pixels.AsSpan(from, 3).CopyTo(rgba.AsSpan(to));
            rgba[to + 3] = 255;
        }
        Marshal.Copy(rgba, 0, bitmap.GetPixels(), rgba.Length);
        using var jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return jpeg.ToArray();
    }
}
