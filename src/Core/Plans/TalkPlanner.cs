using WanTalk.Core.Talks;
using WanTalk.Core.Windows;

namespace WanTalk.Core.Plans;

/// <summary>Makes plans; pure.</summary>
public static class TalkPlanner
{
    /// <summary>The longest speech that can be planned, in samples at 48 kHz: ten hours.</summary>
    public const long MaxSpeechSamples = (long)WindowArithmetic.MaxVisibleFrames * WindowArithmetic.SpeechSamplesPerFrame;

    /// <summary>The plan of a talk that is one take.</summary>
    /// <param name="speechSamples">Samples at 48 kHz, 1 to <see cref="MaxSpeechSamples"/>.</param>
    /// <param name="requestedSize">The size that was asked for.</param>
    public static TalkPlan Plan(long speechSamples, FrameSize requestedSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(speechSamples, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(speechSamples, MaxSpeechSamples);
        var windows = WindowPlan.ForFrames(WindowPlan.FramesOf(speechSamples));
        var heard = (speechSamples + ResampleRatio - 1) / ResampleRatio;
        return new TalkPlan
        {
            SpeechSamples = speechSamples,
            VisibleFrames = windows.VisibleFrames,
            Windows = windows.Count,
            SampledFrames = windows.SampledFrames,
            CutFrames = windows.CutFrames,
            Keep = windows.KeepAll(),
            PadSamples16k = windows.EngineSamples - heard,
            Takes = [new TakePlan(0, 0, windows.VisibleFrames, windows.Count)],
            RequestedSize = requestedSize,
            EffectiveSize = requestedSize.ToEffective(),
        };
    }

    private const int ResampleRatio = WindowArithmetic.SpeechSampleRate / WindowArithmetic.EngineSampleRate;
}
