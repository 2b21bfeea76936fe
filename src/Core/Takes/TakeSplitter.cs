using WanTalk.Core.Windows;

namespace WanTalk.Core.Takes;

/// <summary>
/// Cuts a talk into takes, each in the middle of a silence; pure.
/// <code>
/// speech   ~~~~~~~~~~__~~~~~~~___~~~~~~~~~__~~~~~~~~~~
/// wished   |--------------|
/// cuts               x         x            x         end
///          |=========^--- 5 ---^ nearer: the take ends here, and the next is looked for from here
/// </code>
/// Of all silences, and the end, the one that is nearest to the wished length ends a take; of two that are as near, the earlier one.
/// </summary>
public static class TakeSplitter
{
    /// <summary>The first frame of each take.</summary>
    /// <param name="visibleFrames">The frames of the talk, at least 1.</param>
    /// <param name="silences">The silences of its speech, in order.</param>
    /// <param name="wishedSeconds">How long a take should be.</param>
    /// <returns>0 and, behind it, the frames at which the talk is cut; every take has at least <see cref="TakeLimits.MinFrames"/> frames.</returns>
    public static IReadOnlyList<int> Split(int visibleFrames, IReadOnlyList<Silence> silences, double wishedSeconds)
    {
        ArgumentNullException.ThrowIfNull(silences);
        var wished = Math.Max((int)(wishedSeconds * WindowArithmetic.FramesPerSecond), visibleFrames / TakeLimits.MostTakes);
        var cuts = silences.Where(silence => silence.Samples >= Silence.MinSamples).Select(MiddleFrame)
            .Where(frame => visibleFrames - frame >= TakeLimits.MinFrames)
            .Append(visibleFrames)
            .ToList();
        var starts = new List<int> { 0 };
        while (NextCut(cuts, starts[^1], wished) is { } cut && cut < visibleFrames)
        {
            starts.Add(cut);
        }

        return starts;
    }

    private static int? NextCut(List<int> cuts, int start, int wished) => cuts
        .Where(cut => cut - start >= TakeLimits.MinFrames)
        .Select(cut => (int?)cut)
        .MinBy(cut => Math.Abs(cut!.Value - start - wished));

    /// <summary>The first frame that begins behind a silence's middle.</summary>
    private static int MiddleFrame(Silence silence) => WindowPlan.FramesOf(silence.FirstSample + (silence.Samples / 2));
}
