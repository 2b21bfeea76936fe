namespace WanTalk.Media.Pictures;

/// <summary>Cuts the middle out of pictures.</summary>
public static class PictureCropper
{
    /// <summary>
    /// The largest centred part with the proportions of a frame: what ImageResizeKJv2 keeps with <c>keep_proportion: crop</c> and
    /// <c>crop_position: center</c>, before it resizes.
    /// </summary>
    /// <param name="picture">The picture; returned as it is when its proportions are the frame's.</param>
    /// <param name="width">The frame's width, at least 1.</param>
    /// <param name="height">The frame's height, at least 1.</param>
    public static RgbImage ToProportions(RgbImage picture, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var keptWidth = (int)Math.Clamp((long)picture.Height * width / height, 1, picture.Width);
        var keptHeight = (int)Math.Clamp((long)picture.Width * height / width, 1, picture.Height);
        if (keptWidth == picture.Width && keptHeight == picture.Height)
        {
            return picture;
        }

        var (left, top) = ((picture.Width - keptWidth) / 2, (picture.Height - keptHeight) / 2);
        var kept = new RgbImage(keptWidth, keptHeight, new byte[3L * keptWidth * keptHeight]);
        for (var row = 0; row < keptHeight; row++)
        {
            var from = 3 * (((top + row) * picture.Width) + left);
            picture.Pixels.AsSpan(from, 3 * keptWidth).CopyTo(kept.Pixels.AsSpan(3 * row * keptWidth));
        }

        return kept;
    }
}
