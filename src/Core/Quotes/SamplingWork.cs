using WanTalk.Core.Sampling;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Quotes;

/// <summary>How much work a window is, against one of 640x640 in the 4 steps of the distilled presets.</summary>
public static class SamplingWork
{
    /// <summary>
    /// Pixels times steps times passes, each against the reference. A step is one pass through the model, and one more for each guidance, of
    /// text or speech, that is not 1. (Attention grows faster than pixels; between the sizes that the model is made for the difference is small.)
    /// </summary>
    /// <param name="size">The video's size.</param>
    /// <param name="sampling">How it is sampled.</param>
    public static double Of(FrameSize size, SamplingSettings sampling)
    {
        ArgumentNullException.ThrowIfNull(sampling);
        var passes = 1 + (sampling.Cfg != 1 ? 1 : 0) + (sampling.AudioCfgScale != 1 ? 1 : 0);
        return (double)size.Pixels / FrameSize.Default.Pixels * sampling.Steps / SamplingPresets.DistilledSteps * passes;
    }
}
