using WanTalk.Core.Errors;

namespace WanTalk.Core.Preflight;

/// <summary>The codes of findings; those that can be errors are the names of error codes.</summary>
public static class PreflightCodes
{
    /// <summary>No face is in the part of the portrait that the video shows. Error where a face is required.</summary>
    public static string NoFace { get; } = ErrorCatalog.Name(ErrorCode.PortraitNoFace);

    /// <summary>The face is too small to have a mouth. Error where a face is required.</summary>
    public static string FaceTooSmall { get; } = ErrorCatalog.Name(ErrorCode.PortraitFaceTooSmall);

    /// <summary>The face is so small that its mouth will be coarse.</summary>
    public const string FaceSmall = "portrait_face_small";

    /// <summary>The face reaches over an edge of the video.</summary>
    public const string FaceCutOff = "portrait_face_cut_off";

    /// <summary>More faces are about as large as the one that speaks.</summary>
    public const string SeveralFaces = "portrait_several_faces";

    /// <summary>The portrait has fewer pixels than the video.</summary>
    public const string Enlarged = "portrait_enlarged";

    /// <summary>Most of the portrait is outside of the video.</summary>
    public const string MostlyCropped = "portrait_mostly_cropped";

    /// <summary>Nobody speaks. Error, except in very short recordings.</summary>
    public static string NoVoice { get; } = ErrorCatalog.Name(ErrorCode.SpeechNoVoice);

    /// <summary>Somebody speaks for a small part of the time.</summary>
    public const string LittleVoice = "speech_little_voice";

    /// <summary>The recording was too loud for its medium, and is distorted.</summary>
    public const string Clipped = "speech_clipped";

    /// <summary>The recording is very quiet.</summary>
    public const string Quiet = "speech_quiet";

    /// <summary>One of two channels has next to nothing in it.</summary>
    public const string OneSided = "speech_one_sided";

    /// <summary>The two channels take most of each other away where they are mixed.</summary>
    public const string OutOfPhase = "speech_out_of_phase";

    /// <summary>More than two channels were mixed to two.</summary>
    public const string Mixed = "speech_channels_mixed";
}
