using WanTalk.Core.Talks;

namespace WanTalk.GpuRunner.Stages;

/// <summary>What is said of a portrait in which no face was found.</summary>
internal static class MissingFace
{
    /// <summary>What is missing, and what to change.</summary>
    public static string MessageFor(FrameSize size) =>
        $"No face was found in the middle of the portrait that a {size} video shows. "
        + "Give a picture of a face that looks at the viewer, or another width and height.";
}
