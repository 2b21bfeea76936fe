namespace WanTalk.Core.Windows;

/// <summary>
/// The numbers that InfiniteTalk's sampling loop works with (kijai/ComfyUI-WanVideoWrapper 088128b, <c>multitalk/multitalk_loop.py</c>).
/// </summary>
public static class WindowArithmetic
{
    /// <summary>Frames a second.</summary>
    public const int FramesPerSecond = 25;

    /// <summary>Frames that one window samples.</summary>
    public const int WindowFrames = 81;

    /// <summary>Frames that a window shares with the one before: its motion frames, the tail.</summary>
    public const int TailFrames = 9;

    /// <summary>Frames that each window after the first adds.</summary>
    public const int StrideFrames = WindowFrames - TailFrames;

    /// <summary>Samples a second of the speech as it is delivered.</summary>
    public const int SpeechSampleRate = 48_000;

    /// <summary>Samples of the delivered speech in a frame.</summary>
    public const int SpeechSamplesPerFrame = SpeechSampleRate / FramesPerSecond;

    /// <summary>Samples a second of the speech as the engine hears it.</summary>
    public const int EngineSampleRate = 16_000;

    /// <summary>Samples of the engine's speech in a frame.</summary>
    public const int EngineSamplesPerFrame = EngineSampleRate / FramesPerSecond;

    /// <summary>
    /// Samples beyond the last frame with which the engine's <c>int(len / 16000 * 25.0)</c> gives the planned frames for every length, in
    /// spite of floating point.
    /// </summary>
    public const int EngineGuardSamples = 40;

    /// <summary>The longest talk that is planned: ten hours of frames.</summary>
    public const int MaxVisibleFrames = 10 * 3600 * FramesPerSecond;

    /// <summary>The samples at 16 kHz that the engine has to hear for exactly some frames.</summary>
    public static long EngineSamplesOf(int frames) => ((long)EngineSamplesPerFrame * frames) + EngineGuardSamples;

    /// <summary>How many of the model's windows cover some frames, and how many frames they sample.</summary>
    /// <param name="visibleFrames">The frames to show, at least 1.</param>
    public static (int Windows, int SampledFrames) Cover(int visibleFrames) => Cover(visibleFrames, WindowFrames, TailFrames);

    /// <summary>How many windows cover some frames, and how many frames they sample: n = max(1, ceil((F - M) / (W - M))), T = (W - M) n + M.</summary>
    /// <param name="visibleFrames">F: the frames to show, at least 1.</param>
    /// <param name="windowFrames">W: the frames of a window.</param>
    /// <param name="tailFrames">M: the frames that a window shares with the one before, 1 to W - 1.</param>
    public static (int Windows, int SampledFrames) Cover(int visibleFrames, int windowFrames, int tailFrames)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tailFrames, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(tailFrames, windowFrames);
        var stride = windowFrames - tailFrames;
        var windows = Math.Max(1, (visibleFrames - tailFrames + stride - 1) / stride);
        return (windows, (stride * windows) + tailFrames);
    }
}
