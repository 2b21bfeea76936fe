using WanTalk.Media.Pictures;
using WanTalk.Understudy.Execution;

namespace WanTalk.Understudy.Nodes.Pack;

/// <summary>
/// The sampler's progress bars as the wrapper shows them: one for the weights (here only its two ends), then steps over steps x (L/72 + 1),
/// where L is the frames from the window before the first one on, and that window's steps count as done.
/// </summary>
internal sealed class SamplerBar(NodeContext context, int steps, int firstWindow, long totalFrames)
{
    private const int WeightBlocks = 33 + (40 * 40);
    private int _done = firstWindow > 0 ? steps : 0;

    public int Steps => steps;

    public void LoadWeights()
    {
        context.Progress(1, WeightBlocks);
        context.Progress(WeightBlocks, WeightBlocks);
        context.Progress(0, WeightBlocks);
    }

    /// <summary>A step is done. The newest frame is shown, if there is one and anybody looks.</summary>
    public void Step(RgbImage? newest = null)
    {
        var frames = totalFrames - ((long)WindowShape.Stride * Math.Max(0, firstWindow - 1));
        var max = frames <= WindowShape.Frames ? steps : steps * ((frames / WindowShape.Stride) + 1);
        context.Progress(++_done, max, newest is not null && context.Host.IsWatched ? PreviewPicture.Jpeg(newest) : null);
    }
}
