using WanTalk.Core.Sampling;
using WanTalk.GpuRunner.Sampling;

namespace WanTalk.GpuRunner.Tests.Sampling;

/// <summary>What is tried when the GPU's memory runs out, and in which order.</summary>
public sealed class MemoryLadderSpecs
{
    [Fact]
    public void What_costs_least_is_tried_first_and_the_engine_is_restarted_last() => Assert.Equal(
        [
            (MemoryRung.FreedMemory, 0, false), (MemoryRung.MoreBlockSwap, 20, false), (MemoryRung.MoreBlockSwap, 40, false),
            (MemoryRung.TiledVae, 40, true), (MemoryRung.RestartedEngine, 40, true),
        ],
        Climb(new WindowSettings(0, false), canRestart: true));

    [Fact]
    public void What_a_talk_has_already_is_not_tried_again() => Assert.Equal(
        [(MemoryRung.FreedMemory, 40, true), (MemoryRung.RestartedEngine, 40, true)],
        Climb(new WindowSettings(40, true), canRestart: true));

    [Fact]
    public void An_engine_that_is_not_ours_is_not_restarted() => Assert.Equal(
        [(MemoryRung.FreedMemory, 30, true), (MemoryRung.MoreBlockSwap, 40, true)],
        Climb(new WindowSettings(30, true), canRestart: false));

    [Fact]
    public void A_piece_begins_with_what_the_window_before_it_needed()
    {
        var asked = new WindowSettings(20, false);
        Assert.Equal(asked, MemoryLadder.Begin(asked, null));
        Assert.Equal(new WindowSettings(40, true), MemoryLadder.Begin(asked, new WindowSettings(40, true)));
        Assert.Equal(asked, MemoryLadder.Begin(asked, new WindowSettings(0, false)));
    }

    private static List<(MemoryRung, int, bool)> Climb(WindowSettings start, bool canRestart)
    {
        var ladder = new MemoryLadder(start, canRestart);
        var rungs = new List<(MemoryRung, int, bool)>();
        while (ladder.Climb())
        {
            rungs.Add((ladder.Rung, ladder.Settings.BlocksToSwap, ladder.Settings.TiledVae));
        }

        Assert.False(ladder.Climb());
        return rungs;
    }
}
