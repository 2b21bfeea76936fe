using WanTalk.Core.Plans;
using WanTalk.Core.Windows;

namespace WanTalk.Core.Streaming;

/// <summary>The windows of a talk in the order in which they are shown: take by take, whichever was sampled first.</summary>
/// <param name="plan">The talk's plan.</param>
public sealed class PlayOrder(TalkPlan plan)
{
    // Two frames of AAC are 0.043 s.
    private const int LongerSpeechFrames = 2;

    private readonly int[] _firstFrames = FirstFramesOf(plan.Keep);
    private readonly int[] _firstPlaces = FirstFramesOf([.. plan.Takes.Select(take => take.Windows)]);

    /// <summary>How many windows there are.</summary>
    public int Count => plan.Keep.Count;

    /// <summary>
    /// The most seconds that a segment may have, as playlists count them: rounded to the nearest whole (RFC 8216, 4.3.3.1). Speech is cut
    /// between frames of AAC, so that its segments may be a little longer than the pictures'.
    /// </summary>
    public int TargetSeconds =>
        Math.Max(1, (plan.Keep.Max() + LongerSpeechFrames + (WindowArithmetic.FramesPerSecond / 2)) / WindowArithmetic.FramesPerSecond);

    /// <summary>The place of a window, from 0.</summary>
    public int PlaceOf(int take, int window) => _firstPlaces[take] + window;

    /// <summary>The window at a place.</summary>
    public (int Take, int Window) At(int place)
    {
        var take = plan.Takes.Count - 1;
        while (_firstPlaces[take] > place)
        {
            take--;
        }

        return (take, place - _firstPlaces[take]);
    }

    /// <summary>The frames of the window at a place.</summary>
    public int Frames(int place) => plan.Keep[place];

    /// <summary>The frames that are shown before those of the window at a place.</summary>
    public int FramesBefore(int place) => _firstFrames[place];

    private static int[] FirstFramesOf(IReadOnlyList<int> counts)
    {
        var (first, sum) = (new int[counts.Count], 0);
        for (var at = 0; at < counts.Count; sum += counts[at++])
        {
            first[at] = sum;
        }

        return first;
    }
}
