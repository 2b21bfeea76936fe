using WanTalk.Understudy.Values;

namespace WanTalk.Understudy.Nodes.Pack;

/// <summary>What must hold before a window is begun; said before any work is done.</summary>
internal static class WindowDemands
{
    public static void Check(NodeInputs inputs, LoadedEmbeds audio, ImageEmbedsValue image, int first, int count)
    {
        if (image.WindowFrames != WindowShape.Frames || image.MotionFrames != WindowShape.Shared)
            Refuse($"Windows must have {WindowShape.Frames} frames and share {WindowShape.Shared}, not {image.WindowFrames} and {image.MotionFrames}.");
        if (image.ColorMatch != "disabled")
            Refuse("colormatch must be disabled: it looks at frames that a resumed window does not have.");
        if (image.StartImages != 1 || image.StartImage is not { Image: var portrait }
            || portrait.Width != image.Width || portrait.Height != image.Height)
            Refuse($"start_image must be one picture of {image.Width}x{image.Height}.");
        if (image.Width % 16 != 0 || image.Height % 16 != 0)
            Refuse($"The size must be a multiple of 16, not {image.Width}x{image.Height}.");
        if (inputs.Text("scheduler") == "flowmatch_distill" && inputs.Int("steps") != 4)
            Refuse($"flowmatch_distill needs 4 steps, not {inputs.Int("steps")}.");
        if (audio.TotalFrames < WindowShape.Frames || (audio.TotalFrames - WindowShape.Shared) % WindowShape.Stride != 0)
        {
            throw PackRefusal.Conditioning(
                $"The audio conditioning has {audio.TotalFrames} frames, which are no whole windows; fit the audio with WanTalkFitAudio first.");
        }
        var end = ((long)WindowShape.Stride * (first + count - 1)) + WindowShape.Frames;
        if (end > audio.TotalFrames)
            throw PackRefusal.Conditioning($"Window {first + count - 1} ends at frame {end}, but the talk has {audio.TotalFrames}.");
        var wantedFirst = Math.Max(0, ((long)WindowShape.Stride * first) - WindowShape.Neighbours);
        var wantedEnd = Math.Min(audio.TotalFrames, end + WindowShape.Neighbours);
        if (audio.FirstFrame > wantedFirst || audio.FirstFrame + audio.Frames < wantedEnd)
        {
            throw PackRefusal.Conditioning(
                $"Frames {wantedFirst}..{wantedEnd - 1} of the audio conditioning are needed, "
                + $"but the file holds {audio.FirstFrame}..{audio.FirstFrame + audio.Frames - 1}.");
        }
    }

    private static void Refuse(string message) => throw PackRefusal.Other(message);
}
