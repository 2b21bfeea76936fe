using WanTalk.Core.Preflight;
using WanTalk.Core.Talks;
using WanTalk.Media.Pictures;

namespace WanTalk.Media.Faces;

/// <summary>Measures a portrait as a video of some size will show it.</summary>
/// <param name="finder">Finds its faces.</param>
public sealed class PortraitMeter(FaceFinder finder)
{
    /// <summary>Measures a portrait.</summary>
    /// <param name="portrait">The picture, upright.</param>
    /// <param name="video">The video's size.</param>
    /// <param name="cancellationToken">Ends the search for faces.</param>
    public PortraitFacts Measure(RgbImage portrait, FrameSize video, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(portrait);
        var kept = PictureCropper.ToProportions(portrait, video.Width, video.Height);
        var faces = finder.FindAll(kept, cancellationToken);
        var (across, down) = (video.Width / (double)kept.Width, video.Height / (double)kept.Height);
        return new PortraitFacts(
            new FrameSize(portrait.Width, portrait.Height),
            new FrameSize(kept.Width, kept.Height),
            video,
            [.. faces.Select(face => Scaled(face.Box, across, down))],
            FaceOutside: faces.Count == 0 && !ReferenceEquals(kept, portrait) && finder.Find(portrait, cancellationToken).Count > 0);
    }

    private static FaceFacts Scaled(FaceBox box, double across, double down) =>
        new(Tenth(box.X * across), Tenth(box.Y * down), Tenth(box.Width * across), Tenth(box.Height * down));

    private static double Tenth(double pixels) => Math.Round(pixels, 1);
}
