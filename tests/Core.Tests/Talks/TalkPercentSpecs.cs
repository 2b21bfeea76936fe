using CsCheck;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Tests.Talks;

/// <summary>The number that people look at while they wait.</summary>
public sealed class TalkPercentSpecs
{
    private const int Planned = 12;

    // What may be committed, in any order: a look sees artifacts while others are being written, and a retry goes through the stages again.
    private static readonly Func<TalkPercent, TalkPercent>[] Commits =
    [
        now => now with { Prepared = true },
        now => now with { Planned = true, WindowsPlanned = Planned },
        now => now with { Separated = true },
        now => now with { Embedded = true },
        now => now with { Windows = Math.Min(now.Windows + 1, Planned) },
        now => now with { Assembled = true },
        now => now with { VideoIsThere = true },
    ];

    [Fact]
    public void It_never_goes_back_whatever_is_committed_in_which_order_and_is_100_only_with_the_video() =>
        Gen.Int[0, Commits.Length - 1].Array[0, 60].Sample(order =>
        {
            var (now, last) = (default(TalkPercent), 0.0);
            foreach (var commit in order)
            {
                now = Commits[commit](now);
                Assert.InRange(now.Value, last, 100);
                Assert.Equal(now.VideoIsThere, now.Value == 100);
                last = now.Value;
            }
        });

    [Fact]
    public void Each_window_counts_the_same_and_the_other_stages_little()
    {
        var embedded = new TalkPercent { Prepared = true, Planned = true, Separated = true, Embedded = true, WindowsPlanned = 4 };
        Assert.Equal(0, default(TalkPercent).Value);
        Assert.Equal(
            [8, 30, 52, 74, 96], Enumerable.Range(0, 5).Select(windows => (embedded with { Windows = windows }).Value));
        Assert.Equal(98, (embedded with { Windows = 4, Assembled = true }).Value);
    }

    [Fact]
    public void A_talk_of_one_prompt_has_its_windows_at_once()
    {
        var planned = new TalkPercent { Prepared = true, Planned = true, WindowsPlanned = 3 };
        Assert.Equal((3, 98), (planned.Value, (planned with { Windows = 3, Assembled = true }).Value));
    }
}
