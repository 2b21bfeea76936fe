using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.Local.Tests.Faults.Support;

namespace WanTalk.Local.Tests.Faults;

/// <summary>
/// A runner stands still in the middle of a piece, its lease ends, and another runner goes on with the same attempt. The other's result
/// counts, and the first one stops when it comes back, whatever it is at.
/// </summary>
[Collection(WholeTalks.Collection)]
public sealed class OvertakenRunnerSpecs(WholeTalks talks)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_comes_back_finds_its_lease_lost_and_stops(bool azure)
    {
        var clock = new PausableClock();
        await using var host = await FullHost.StartAsync(await talks.ServerAsync(azure));
        var (talk, left) = await OvertakeAsync(host, clock);

        clock.GoOn();
        await FullHost.UntilAsync(talks.Engine.IsIdleAsync);

        await AssertOvertakenAsync(host, talk);
        Assert.True(left.IsIdle);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_whose_work_ends_before_it_looks_at_its_lease_changes_nothing(bool azure)
    {
        var clock = new PausableClock();
        await using var host = await FullHost.StartAsync(await talks.ServerAsync(azure));
        var (talk, _) = await OvertakeAsync(host, clock);

        await talks.Engine.ClearAsync();

        await AssertOvertakenAsync(host, talk);
        clock.GoOn();
    }

    /// <summary>The left runner stands still behind its first window, and the right one makes the talk.</summary>
    private async Task<(string Talk, InProcessRunner Left)> OvertakeAsync(FullHost host, PausableClock clock)
    {
        await talks.Engine.ArmAsync(new { kind = "slow_window", window = 1, seconds = 600 });
        var left = await host.AddRunnerAsync("left", talks.Engine, clock);
        var talk = await host.AcceptAsync(talks);
        await talks.Engine.StruckAsync();
        await FullHost.UntilAsync(async () => (await host.ViewAsync(talk)).WindowsDone == 1);
        clock.Pause();
        await host.AddRunnerAsync("right", talks.OtherEngine);

        Assert.Equal(talks.Undisturbed, await host.VideoAsync(talk));
        Assert.False(left.IsIdle, "The runner that stands still has let go of its work.");
        Assert.False(await talks.Engine.IsIdleAsync());
        return (talk, left);
    }

    private async Task AssertOvertakenAsync(FullHost host, string talk)
    {
        await host.QuietAsync(talks.Engine, talks.OtherEngine);
        var records = await host.OneChainAsync(talk);
        Assert.Equal(2, records.Count);
        var sample = Assert.Single(await host.AttemptsAsync(talk), attempt => attempt.Work.Stage == Stage.Sample);
        var result = (await host.ResultAsync(sample))!;
        Assert.Equal((null, "right", 2), (result.Error, result.Runner, result.NextWindow));
        Assert.Equal(TalkStatus.Completed, (await host.ViewAsync(talk)).Status);
    }
}
