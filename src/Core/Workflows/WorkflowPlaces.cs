using WanTalk.Core.Errors;
using WanTalk.Core.Intake;

namespace WanTalk.Core.Workflows;

/// <summary>
/// Where a talk's inputs, length and size go in a workflow. Found by what the nodes are for and not by their ids: the speech is what
/// MultiTalkWav2VecEmbeds hears, the portrait what WanVideoImageToVideoMultiTalk starts from.
/// </summary>
public sealed record WorkflowPlaces
{
    private const string Embeds = "MultiTalkWav2VecEmbeds";
    private const string ImageToVideo = "WanVideoImageToVideoMultiTalk";
    private const string Video = "VHS_VideoCombine";
    private const int MaxSpeakers = 4;

    /// <summary>LoadImage.</summary>
    public required WorkflowPlace Portrait { get; init; }

    /// <summary>LoadAudio.</summary>
    public required WorkflowPlace Speech { get; init; }

    /// <summary>The AudioCrop between the speech and the embedding; null if there is none.</summary>
    public string? Crop { get; init; }

    /// <summary>How many frames are embedded.</summary>
    public required WorkflowPlace Frames { get; init; }

    /// <summary>Frames a second of the embedding.</summary>
    public required WorkflowPlace FrameRate { get; init; }

    /// <summary>The node that makes the windows.</summary>
    public required string Windows { get; init; }

    /// <summary>The ImageResizeKJv2 nodes that the portrait goes through.</summary>
    public required IReadOnlyList<string> Resizes { get; init; }

    /// <summary>The nodes that decode the sampler's latents to frames.</summary>
    public required IReadOnlyList<string> Decodes { get; init; }

    /// <summary>The samplers.</summary>
    public required IReadOnlyList<string> Samplers { get; init; }

    /// <summary>The text encoders.</summary>
    public required IReadOnlyList<string> Texts { get; init; }

    /// <summary>The nodes that make MP4 files.</summary>
    public required IReadOnlyList<string> Videos { get; init; }

    /// <summary>Finds the places.</summary>
    /// <param name="workflow">The workflow.</param>
    /// <param name="problems">Is told what is missing or stands twice.</param>
    /// <returns>The places; null when something is wrong.</returns>
    public static WorkflowPlaces? Find(Workflow workflow, ICollection<TalkError> problems)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        ArgumentNullException.ThrowIfNull(problems);
        var before = problems.Count;
        var embeds = Single(workflow, Embeds, "the speech would be heard by nobody", problems);
        var windows = Single(workflow, ImageToVideo, "the portrait would be seen by nobody", problems);
        var speech = Origin(workflow, embeds, "audio_1", "LoadAudio", problems);
        var portrait = Origin(workflow, windows, "start_image", "LoadImage", problems);
        var crops = embeds is null ? [] : workflow.Upstream(embeds, "audio_1").Where(id => workflow.ClassOf(id) == "AudioCrop").ToList();
        List<string> videos = [.. workflow.OfClass(Video).Where(id => workflow.TextAt(new(id, "format"))?.EndsWith("-mp4", StringComparison.Ordinal) == true)];
        if (crops.Count > 1)
        {
            Tell(problems, $"The workflow crops the speech {crops.Count} times (nodes {string.Join(", ", crops)}). Crop it once.");
        }

        if (embeds is not null && Enumerable.Range(2, MaxSpeakers - 1).Any(speaker => workflow.SourceOf(embeds, $"audio_{speaker}") is not null))
        {
            Tell(problems, $"Node {embeds} ({Embeds}) of the workflow hears several speakers; a talk has one.");
        }

        if (videos.Count == 0)
        {
            Tell(problems, $"The workflow makes no MP4. Give it a {Video} with the format video/h264-mp4.");
        }

        return problems.Count > before || embeds is null || windows is null || speech is null || portrait is null
            ? null
            : new WorkflowPlaces
            {
                Portrait = new(portrait, "image"),
                Speech = new(speech, "audio"),
                Crop = crops.FirstOrDefault(),
                Frames = workflow.PlaceOf(embeds, "num_frames"),
                FrameRate = workflow.PlaceOf(embeds, "fps"),
                Windows = windows,
                Resizes = [.. workflow.Upstream(windows, "start_image").Where(id => workflow.ClassOf(id) == "ImageResizeKJv2")],
                Decodes = [.. workflow.OfClass("WanVideoDecode")],
                Samplers = [.. workflow.OfClass("WanVideoSampler")],
                Texts = [.. workflow.OfClass("WanVideoTextEncode"), .. workflow.OfClass("WanVideoTextEncodeCached")],
                Videos = videos,
            };
    }

    private static string? Single(Workflow workflow, string name, string consequence, ICollection<TalkError> problems)
    {
        var found = workflow.OfClass(name).ToList();
        if (found.Count == 1)
        {
            return found[0];
        }

        Tell(problems, found.Count == 0
            ? $"The workflow has no {name}: {consequence}."
            : $"The workflow has {found.Count} nodes {name} ({string.Join(", ", found)}). A talk needs one.");
        return null;
    }

    private static string? Origin(Workflow workflow, string? node, string input, string name, ICollection<TalkError> problems)
    {
        if (node is null)
        {
            return null;
        }

        if (workflow.Upstream(node, input).FirstOrDefault(id => workflow.ClassOf(id) == name) is { } origin)
        {
            return origin;
        }

        Tell(problems, $"The input {input} of node {node} ({workflow.ClassOf(node)}) in the workflow does not come from a {name}.");
        return null;
    }

    private static void Tell(ICollection<TalkError> problems, string message) =>
        problems.Add(new TalkError(ErrorCode.WorkflowInvalid, message, TalkField.Workflow));
}
