using SkiaSharp;
using WanTalk.Core.Talks;
using WanTalk.Media.Ffmpeg;

namespace WanTalk.Media.Pictures;

/// <summary>Writes small pictures of portraits, for lists of talks: JPEG, a few kilobytes, the same bytes for the same pixels.</summary>
public static class ThumbnailWriter
{
    /// <summary>The most pixels of the longer side.</summary>
    public const int LongerSide = 256;

    private const int Quality = 82;

    /// <summary>Writes the part of a portrait that the video shows to a file, whole or not at all.</summary>
    /// <param name="portrait">The portrait, upright.</param>
    /// <param name="frame">The video's size, whose proportions it is cropped to.</param>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Gives up; nothing is left.</param>
    public static Task WriteFileAsync(RgbImage portrait, FrameSize frame, string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(portrait);
        return WholeFiles.WriteAsync(path, async temporary =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            var small = PictureScaler.FitWithin(PictureCropper.ToProportions(portrait, frame.Width, frame.Height), LongerSide);
            using var bitmap = SkiaBitmaps.FromRgb(small);
            using var jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, Quality)
                ?? throw new IOException("The thumbnail could not be encoded as JPEG.");
            await using var file = File.Create(temporary);
            jpeg.SaveTo(file);
            await file.FlushAsync(cancellationToken);
        });
    }
}
