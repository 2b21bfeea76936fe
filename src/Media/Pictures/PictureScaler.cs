using System.Runtime.InteropServices;
using OpenCvSharp;

namespace WanTalk.Media.Pictures;

/// <summary>Makes pictures smaller.</summary>
public static class PictureScaler
{
    /// <summary>
    /// Shrinks a picture by area averaging, which keeps fine detail from aliasing, until its longer side fits. A picture that fits already
    /// is returned as it is; nothing is ever enlarged.
    /// </summary>
    /// <param name="image">The picture.</param>
    /// <param name="longerSide">Pixels of the longer side, at least 1.</param>
    public static RgbImage FitWithin(RgbImage image, int longerSide)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(longerSide, 1);
        var longer = Math.Max(image.Width, image.Height);
        if (longer <= longerSide)
            return image;
        var (width, height) = (Scaled(image.Width), Scaled(image.Height));
        var small = new RgbImage(width, height, new byte[3L * width * height]);
        using var source = Mat.FromPixelData(image.Height, image.Width, MatType.CV_8UC3, image.Pixels);
        using var target = new Mat();
        Cv2.Resize(source, target, new Size(width, height), 0, 0, InterpolationFlags.Area);
        Marshal.Copy(target.Data, small.Pixels, 0, small.Pixels.Length);
        return small;

        int Scaled(int side) => (int)Math.Max(1, (((long)side * longerSide) + (longer / 2)) / longer);
    }
}
