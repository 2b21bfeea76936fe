using static WanTalk.Core.Windows.WindowArithmetic;

namespace WanTalk.Core.Windows;

/// <summary>
/// The windows of one take, in integers only.
/// <code>
/// frame   0         72        81        144       153             T
/// k = 0   |---------+=========|                                   81 frames, all kept
/// k = 1             |=========+---------+=========|               the first 9 are the tail of k = 0 and are dropped
/// k = 2                                 |=========+----- … ---|   the last window keeps what is left of F
/// </code>
/// F visible frames need n = max(1, ceil((F - 9) / 72)) windows, which sample T = 72 n + 9 frames; the T - F at the end are cut off.
/// </summary>
public sealed record WindowPlan
{
    private WindowPlan(int visibleFrames)
    {
        VisibleFrames = visibleFrames;
        (Count, SampledFrames) = Cover(visibleFrames);
    }

    /// <summary>F: the frames that are shown, at least 1.</summary>
    public int VisibleFrames { get; }

    /// <summary>n: how many windows there are.</summary>
    public int Count { get; }

    /// <summary>T: the frames that are sampled.</summary>
    public int SampledFrames { get; }

    /// <summary>T - F: the frames that are sampled and not shown; 0 to 71, up to 80 with one window.</summary>
    public int CutFrames => SampledFrames - VisibleFrames;

    /// <summary>The plan for a number of visible frames.</summary>
    /// <param name="visibleFrames">1 to <see cref="MaxVisibleFrames"/>.</param>
    public static WindowPlan ForFrames(int visibleFrames)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(visibleFrames, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(visibleFrames, MaxVisibleFrames);
        return new WindowPlan(visibleFrames);
    }

    /// <summary>The visible frames of a speech: every frame that has at least one sample.</summary>
    /// <param name="samples">Samples at 48 kHz, at least 1.</param>
    public static int FramesOf(long samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        return checked((int)((samples + SpeechSamplesPerFrame - 1) / SpeechSamplesPerFrame));
    }

    /// <summary>The first frame that a window samples.</summary>
    public int FirstFrame(int window) => StrideFrames * Checked(window);

    /// <summary>How many frames at its start a window shares with the one before; they are not kept.</summary>
    public int Skip(int window) => Checked(window) == 0 ? 0 : TailFrames;

    /// <summary>How many frames of a window are kept, behind those that are skipped.</summary>
    public int Keep(int window)
    {
        var first = FirstFrame(window) + Skip(window);
        var end = window == Count - 1 ? VisibleFrames : FirstFrame(window) + WindowFrames;
        return end - first;
    }

    /// <summary>How many frames each window keeps, in order; they add up to <see cref="VisibleFrames"/>.</summary>
    public IReadOnlyList<int> KeepAll() => [.. Enumerable.Range(0, Count).Select(Keep)];

    private int Checked(int window)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(window);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(window, Count);
        return window;
    }
}
