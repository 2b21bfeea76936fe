using System.Globalization;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Workflows;

/// <summary>What a workflow asks for by its numbers, as they stand before anything is changed.</summary>
/// <param name="Size">The size; null where it does not say.</param>
/// <param name="Frames">How many frames; null where it does not say.</param>
/// <param name="Seed">The sampler's seed; null where it does not say.</param>
/// <param name="Prompt">The prompt; null where it does not say.</param>
/// <param name="CropStart">The second of the speech to begin with.</param>
/// <param name="CropEnd">The second of the speech to end before; null for its end.</param>
/// <param name="WindowFrames">Frames of a window.</param>
/// <param name="TailFrames">Frames that a window shares with the one before.</param>
public sealed record WorkflowWishes(
    FrameSize? Size, int? Frames, double? Seed, string? Prompt, long CropStart, long? CropEnd, int WindowFrames, int TailFrames)
{
    /// <summary>The node's own defaults (WanVideoImageToVideoMultiTalk at 088128b).</summary>
    private const int DefaultWindowFrames = 81;
    private const int DefaultTailFrames = 25;

    /// <summary>Reads the numbers of a workflow.</summary>
    public static WorkflowWishes Of(Workflow workflow, WorkflowPlaces places)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        ArgumentNullException.ThrowIfNull(places);
        int? Whole(string node, string input) => workflow.NumberAt(workflow.PlaceOf(node, input)) is { } number and >= int.MinValue and <= int.MaxValue ? (int)number : null;
        var sized = places.Resizes.Append(places.Windows)
            .Select(node => (Width: Whole(node, "width"), Height: Whole(node, "height")))
            .FirstOrDefault(size => size.Width is > 0 && size.Height is > 0);
        return new WorkflowWishes(
            sized is { Width: { } width, Height: { } height } ? new FrameSize(width, height) : null,
            workflow.NumberAt(places.Frames) is { } frames and >= 1 and <= int.MaxValue ? (int)frames : null,
            places.Samplers.Select(sampler => workflow.NumberAt(workflow.PlaceOf(sampler, "seed"))).FirstOrDefault(),
            places.Texts.Select(text => workflow.TextAt(workflow.PlaceOf(text, "positive_prompt"))).FirstOrDefault(),
            SecondsAt(workflow, places.Crop, "start_time") ?? 0,
            SecondsAt(workflow, places.Crop, "end_time"),
            Whole(places.Windows, "frame_window_size") ?? DefaultWindowFrames,
            Whole(places.Windows, "motion_frame") ?? DefaultTailFrames);
    }

    /// <summary>AudioCrop's "minutes:seconds", or whole seconds; a third field is ignored, as it does (audio_cases.json).</summary>
    private static long? SecondsAt(Workflow workflow, string? crop, string input)
    {
        if (crop is null || workflow.TextAt(workflow.PlaceOf(crop, input)) is not { } text)
        {
            return null;
        }

        var parts = text.Split(':').Select(part => long.TryParse(part.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && Math.Abs(number) < 1_000_000 ? number : (long?)null).ToList();
        return parts switch
        {
            [{ } seconds] => Math.Max(0, seconds),
            [{ } minutes, { } seconds, ..] => Math.Max(0, (60 * minutes) + seconds),
            _ => null,
        };
    }
}
