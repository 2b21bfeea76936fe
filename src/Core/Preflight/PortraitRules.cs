using WanTalk.Core.Talks;

namespace WanTalk.Core.Preflight;

/// <summary>What there is to say of a portrait: a function of what was measured.</summary>
public static class PortraitRules
{
    /// <summary>The findings, the gravest first.</summary>
    /// <param name="portrait">What was measured.</param>
    /// <param name="faceRequired">Whether the engine can make nothing without a face: the understudy; WanVideo animates drawings, too.</param>
    /// <param name="options">Where the lines are.</param>
    public static IReadOnlyList<PreflightFinding> Find(PortraitFacts portrait, bool faceRequired, PreflightOptions options)
    {
        ArgumentNullException.ThrowIfNull(portrait);
        ArgumentNullException.ThrowIfNull(options);
        var faceless = faceRequired ? PreflightSeverity.Error : PreflightSeverity.Warning;
        IEnumerable<PreflightFinding?> all = portrait.Faces is [var face, ..]
            ? [Smallness(face, portrait, faceless, options), CutOff(face, portrait, options), Several(face, portrait.Faces, options)]
            : [NoFace(portrait, faceless)];
        return [.. all.Append(Enlarged(portrait, options)).Append(Cropped(portrait, options)).OfType<PreflightFinding>()];
    }

    /// <summary>What is said where no face was found in what the video shows.</summary>
    public static string NoFaceMessage(FrameSize video) =>
        $"No face was found in the middle of the portrait that a {video} video shows. "
        + "Give a picture of a face that looks at the viewer, or another width and height.";

    private static PreflightFinding NoFace(PortraitFacts portrait, PreflightSeverity severity) => Finding(
        PreflightCodes.NoFace,
        severity,
        portrait.FaceOutside
            ? $"The portrait has a face, but a {portrait.VideoSize} video shows the middle of the portrait, and no whole face is there. "
                + "Give another width and height, or cut the picture around the face."
            : NoFaceMessage(portrait.VideoSize),
        ("faces", 0));

    private static PreflightFinding? Smallness(FaceFacts face, PortraitFacts portrait, PreflightSeverity severity, PreflightOptions options)
    {
        (string, double)[] values = [("face_width_pixels", face.Width), ("face_share", face.ShareOf(portrait.VideoSize))];
        var size = $"The face is {face.Width:0} pixels wide in a {portrait.VideoSize} video";
        const string Remedy = "Cut the picture closer around the face, or ask for a larger video.";
        return face.Width < options.LeastFacePixels
            ? Finding(
                PreflightCodes.FaceTooSmall,
                severity,
                $"{size}: too small for a mouth that moves. {Remedy}",
                [.. values, ("least_pixels", options.LeastFacePixels)])
            : face.Width < options.SmallFacePixels
                ? Finding(
                    PreflightCodes.FaceSmall,
                    PreflightSeverity.Warning,
                    $"{size}: its mouth will be coarse. {Remedy}",
                    [.. values, ("least_pixels", options.SmallFacePixels)])
                : null;
    }

    private static PreflightFinding? CutOff(FaceFacts face, PortraitFacts portrait, PreflightOptions options)
    {
        var video = portrait.VideoSize;
        var outside = face.ShareOutside(video);
        if (outside <= options.MostFaceOutside)
        {
            return null;
        }

        // Whether more of the portrait would show more of the face: it is cut where the picture was cropped to the video's proportions.
        var acrossCropped = portrait.KeptSize.Width < portrait.Size.Width && (face.X < 0 || face.X + face.Width > video.Width);
        var downCropped = portrait.KeptSize.Height < portrait.Size.Height && (face.Y < 0 || face.Y + face.Height > video.Height);
        return Finding(
            PreflightCodes.FaceCutOff,
            PreflightSeverity.Warning,
            $"The face is cut off: {outside:P0} of it are outside of a {video} video. "
                + (acrossCropped || downCropped
                    ? "Give another width and height, or cut the picture around the face."
                    : "Give a picture that shows the whole face."),
            ("outside_share", outside),
            ("most_outside_share", options.MostFaceOutside),
            ("left_pixels", Math.Max(-face.X, 0)),
            ("top_pixels", Math.Max(-face.Y, 0)),
            ("right_pixels", Math.Max(face.X + face.Width - video.Width, 0)),
            ("bottom_pixels", Math.Max(face.Y + face.Height - video.Height, 0)));
    }

    private static PreflightFinding? Several(FaceFacts face, IReadOnlyList<FaceFacts> all, PreflightOptions options)
    {
        var count = 1 + all.Skip(1).Count(other => other.Width >= options.OtherFaceShare * face.Width);
        return count == 1
            ? null
            : Finding(
                PreflightCodes.SeveralFaces,
                PreflightSeverity.Warning,
                $"{count} faces were found in the portrait; the largest one speaks. Cut the picture to one face if another one moves, too.",
                ("faces", count));
    }

    private static PreflightFinding? Enlarged(PortraitFacts portrait, PreflightOptions options)
    {
        var times = Math.Max(
            portrait.VideoSize.Width / (double)portrait.KeptSize.Width, portrait.VideoSize.Height / (double)portrait.KeptSize.Height);
        return times <= options.MostEnlargement
            ? null
            : Finding(
                PreflightCodes.Enlarged,
                PreflightSeverity.Warning,
                $"A {portrait.VideoSize} video enlarges the portrait {times:0.0} times, so that it looks soft. "
                    + "Give a larger picture, or ask for a smaller video.",
                ("enlargement", times),
                ("most_enlargement", options.MostEnlargement));
    }

    private static PreflightFinding? Cropped(PortraitFacts portrait, PreflightOptions options)
    {
        var kept = portrait.KeptSize.Pixels / (double)portrait.Size.Pixels;
        return kept >= options.LeastKept
            ? null
            : Finding(
                PreflightCodes.MostlyCropped,
                PreflightSeverity.Warning,
                $"A {portrait.VideoSize} video shows {kept:P0} of the {portrait.Size} portrait, its middle. "
                    + "Ask for a width and height that are nearer to the portrait's.",
                ("kept_share", kept),
                ("least_kept_share", options.LeastKept));
    }

    private static PreflightFinding Finding(string code, PreflightSeverity severity, string message, params (string Name, double Value)[] values) =>
        PreflightReport.Finding(code, PreflightSubject.Portrait, severity, message, values);
}
