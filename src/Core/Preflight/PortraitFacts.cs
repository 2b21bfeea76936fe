using WanTalk.Core.Talks;

namespace WanTalk.Core.Preflight;

/// <summary>What was measured of the portrait.</summary>
/// <param name="Size">The upright picture's size.</param>
/// <param name="KeptSize">The size of its middle that the video shows, before it is resized.</param>
/// <param name="VideoSize">The video's size.</param>
/// <param name="Faces">The faces in that middle, the largest first.</param>
/// <param name="FaceOutside">Whether none is there, while the whole portrait has one.</param>
public sealed record PortraitFacts(
    FrameSize Size, FrameSize KeptSize, FrameSize VideoSize, IReadOnlyList<FaceFacts> Faces, bool FaceOutside);

/// <summary>A face, from brow to chin and from cheek to cheek, in pixels of the video; it may reach over the video's edges.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
public sealed record FaceFacts(double X, double Y, double Width, double Height)
{
    /// <summary>Share, 0..1, of the video's picture that the face's visible part takes.</summary>
    public double ShareOf(FrameSize video) => Visible(video) / video.Pixels;

    /// <summary>Share, 0..1, of the face that is outside of the video.</summary>
    public double ShareOutside(FrameSize video) => Width > 0 && Height > 0 ? Math.Clamp(1 - (Visible(video) / (Width * Height)), 0, 1) : 0;

    private double Visible(FrameSize video)
    {
        var width = Math.Min(X + Width, video.Width) - Math.Max(X, 0);
        var height = Math.Min(Y + Height, video.Height) - Math.Max(Y, 0);
        return Math.Max(width, 0) * Math.Max(height, 0);
    }
}
