using WanTalk.Media.Windows;

namespace WanTalk.Media.Tests.Support;

/// <summary>The window plan of facts that the segments have to fit: 81 frames a window, 72 new ones in each after the first.</summary>
internal static class TalkPlan
{
    /// <summary>What each window of a talk of so many visible frames keeps.</summary>
    public static WindowFrames[] Of(int visibleFrames, int width = CodedFrames.Side, int height = CodedFrames.Side)
    {
        var count = Math.Max(1, (visibleFrames + 62) / 72);
        return
        [
            .. Enumerable.Range(0, count).Select(k => new WindowFrames(width, height, k == 0 ? 0 : 9, Kept(k, count, visibleFrames))),
        ];
    }

    private static int Kept(int k, int count, int visibleFrames)
    {
        if (k == count - 1)
            return k == 0 ? visibleFrames : visibleFrames - (72 * k) - 9;
        return k == 0 ? 81 : 72;
    }
}
