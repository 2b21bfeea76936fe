using WanTalk.Core.Takes;
using WanTalk.Core.Talks;
using WanTalk.Core.Windows;

namespace WanTalk.Core.Plans;

/// <summary>Makes plans; pure.</summary>
public static class TalkPlanner
{
    /// <summary>The longest speech that can be planned, in samples at 48 kHz: ten hours.</summary>
    public const long MaxSpeechSamples = (long)WindowArithmetic.MaxVisibleFrames * WindowArithmetic.SpeechSamplesPerFrame;

    private const int ResampleRatio = WindowArithmetic.SpeechSampleRate / WindowArithmetic.EngineSampleRate;

    /// <summary>The plan that a request asks for.</summary>
    /// <param name="request">The talk's request.</param>
    /// <param name="media">What prepare measured.</param>
    public static TalkPlan Plan(TalkRequest request, MediaFacts media)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(media);
        return request.Continuity == Continuity.Takes
            ? PlanTakes(media.SpeechSamples, request.RequestedSize, media.Silences, request.TakeSeconds)
            : Plan(media.SpeechSamples, request.RequestedSize);
    }

    /// <summary>The plan of a talk that is one take.</summary>
    /// <param name="speechSamples">Samples at 48 kHz, 1 to <see cref="MaxSpeechSamples"/>.</param>
    /// <param name="requestedSize">The size that was asked for.</param>
    public static TalkPlan Plan(long speechSamples, FrameSize requestedSize) => PlanFrom(speechSamples, requestedSize, [0], []);

    /// <summary>The plan of a talk that is cut at silences.</summary>
    /// <param name="speechSamples">Samples at 48 kHz, 1 to <see cref="MaxSpeechSamples"/>.</param>
    /// <param name="requestedSize">The size that was asked for.</param>
    /// <param name="silences">The speech's silences, in order.</param>
    /// <param name="takeSeconds">How long a take should be, <see cref="TakeLimits.MinSeconds"/> to <see cref="TakeLimits.MaxSeconds"/>.</param>
    public static TalkPlan PlanTakes(long speechSamples, FrameSize requestedSize, IReadOnlyList<Silence> silences, double takeSeconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(takeSeconds, TakeLimits.MinSeconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(takeSeconds, TakeLimits.MaxSeconds);
        var starts = TakeSplitter.Split(CheckedFrames(speechSamples), silences, takeSeconds);
        return PlanFrom(speechSamples, requestedSize, starts, [NoteOn(starts)]);
    }

    private static TalkPlan PlanFrom(long speechSamples, FrameSize requestedSize, IReadOnlyList<int> starts, IReadOnlyList<string> notes)
    {
        var visible = CheckedFrames(speechSamples);
        var windows = starts.Zip([.. starts.Skip(1), visible], (start, end) => WindowPlan.ForFrames(end - start)).ToList();
        var takes = starts.Zip(windows).Select((take, index) =>
            new TakePlan(index, take.First, take.Second.VisibleFrames, take.Second.Count, take.Second.SampledFrames)).ToList();
        // The last take samples beyond the talk's end; the others end within the next one's first two windows.
        var embedded = WindowArithmetic.Cover(takes[^1].FirstFrame + takes[^1].SampledFrames).SampledFrames;
        return new TalkPlan
        {
            SpeechSamples = speechSamples,
            VisibleFrames = visible,
            Windows = takes.Sum(take => take.Windows),
            SampledFrames = takes.Sum(take => take.SampledFrames),
            CutFrames = takes.Sum(take => take.CutFrames),
            Keep = [.. windows.SelectMany(take => take.KeepAll())],
            EmbeddedFrames = embedded,
            PadSamples16k = WindowArithmetic.EngineSamplesOf(embedded) - ((speechSamples + ResampleRatio - 1) / ResampleRatio),
            Takes = takes,
            Notes = notes,
            RequestedSize = requestedSize,
            EffectiveSize = requestedSize.ToEffective(),
        };
    }

    private static int CheckedFrames(long speechSamples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(speechSamples, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(speechSamples, MaxSpeechSamples);
        return WindowPlan.FramesOf(speechSamples);
    }

    private static string NoteOn(IReadOnlyList<int> starts) => starts.Count == 1
        ? "Takes were asked for, but there is no silence at which to cut: the talk is one take."
        : $"The talk has {starts.Count} takes; the picture goes back to the portrait where they are cut, in silences.";
}
