namespace WanTalk.Core.Talks;

/// <summary>
/// How much of a talk is done, in per cent, by what is committed. The windows are nearly all of the work and have 88 of the hundred, each the
/// same; the other stages have a small fixed share however long they take: prepare 2, plan 1, separate 2, embed 3, assemble 2, publish 2.
/// Since nothing that is committed is taken back, neither is the number: not by another attempt, and not by a retry.
/// </summary>
/// <param name="Prepared">Whether prepare has written its facts.</param>
/// <param name="Planned">Whether the plan is written.</param>
/// <param name="Separated">Whether the voice is there.</param>
/// <param name="Embedded">Whether the conditioning is there.</param>
/// <param name="Windows">Windows that are committed.</param>
/// <param name="WindowsPlanned">Windows that are planned; null before there is a plan.</param>
/// <param name="Assembled">Whether the video is joined.</param>
/// <param name="VideoIsThere">Whether the talk is completed and its video published.</param>
public readonly record struct TalkPercent(
    bool Prepared, bool Planned, bool Separated, bool Embedded, int Windows, int? WindowsPlanned, bool Assembled, bool VideoIsThere)
{
    private const double PrepareShare = 2;
    private const double PlanShare = 1;
    private const double SeparateShare = 2;
    private const double EmbedShare = 3;
    private const double WindowsShare = 88;
    private const double AssembleShare = 2;

    /// <summary>0 to 100, in tenths, rounded down; 100 only with the video.</summary>
    public double Value
    {
        get
        {
            // What is there stands on all that came before it, as in a talk of one prompt, which has neither voice nor conditioning.
            var (assembled, sampled) = (Assembled || VideoIsThere, Windows > 0 || Assembled || VideoIsThere);
            var windows = assembled ? 1 : WindowsPlanned is > 0 and { } planned ? Math.Clamp((double)Windows / planned, 0, 1) : 0;
            var sum = Share(Prepared || sampled, PrepareShare) + Share(Planned || sampled, PlanShare)
                + Share(Separated || Embedded || sampled, SeparateShare) + Share(Embedded || sampled, EmbedShare)
                + (windows * WindowsShare) + Share(assembled, AssembleShare);
            return VideoIsThere ? 100 : Math.Floor(sum * 10) / 10;
        }
    }

    private static double Share(bool isDone, double share) => isDone ? share : 0;
}
