using SkiaSharp;

namespace WanTalk.Media.Pictures;

/// <summary>Makes pictures smaller.</summary>
public static class PictureScaler
{
    /// <summary>
    /// Shrinks a picture, from its mipmaps so that fine detail does not alias, until its longer side fits. A picture that fits already is
    /// returned as it is; nothing is ever enlarged.
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
        using var large = SkiaBitmaps.FromRgb(image);
        using var small = large.Resize(new SKSizeI(Scaled(image.Width), Scaled(image.Height)), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear))
            ?? throw new InvalidOperationException($"The picture could not be made to fit {longerSide} pixels.");
        return SkiaBitmaps.ToRgb(small);

        int Scaled(int side) => (int)Math.Max(1, (((long)side * longerSide) + (longer / 2)) / longer);
    }
}
