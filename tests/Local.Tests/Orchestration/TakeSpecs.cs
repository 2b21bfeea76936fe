using WanTalk.Core.Errors;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Takes;
using WanTalk.Core.Talks;
using WanTalk.Core.Work;

namespace WanTalk.Local.Tests.Orchestration;

/// <summary>How the takes of a talk are sampled side by side.</summary>
public sealed class TakeSpecs
{
    private static readonly WaitRules TwoAtOnce = TalkHost.Rules with { MaxTakesInFlight = 2 };

    [Fact]
    public async Task No_more_takes_are_under_way_than_may_be_and_the_next_begins_when_one_ends()
    {
        await using var host = await TalkHost.StartAsync(TwoAtOnce);
        var talk = await host.AcceptAsync(takeSeconds: 10);
        await ReachTakesAsync(host, talk, 5);
        var first = await host.TakeAsync(Lane.Sample);
        var second = await host.TakeAsync(Lane.Sample);
        Assert.Equal([0, 1], new[] { first.Piece!.Take, second.Piece!.Take }.Order());
        Assert.Null(await host.TryTakeAsync(Lane.Sample));
        Assert.Equal(5, (await host.ViewAsync(talk)).Takes);

        await host.FinishAsync(second, nextWindow: 4);
        var third = await host.TakeAsync(Lane.Sample);
        Assert.Equal(2, third.Piece!.Take);
        await host.FinishAsync(first, nextWindow: 4);
        var fourth = await host.TakeAsync(Lane.Sample);
        await host.FinishAsync(third, nextWindow: 4);
        var fifth = await host.TakeAsync(Lane.Sample);
        Assert.Equal([3, 4], new[] { fourth.Piece!.Take, fifth.Piece!.Take });
        await host.FinishAsync(fourth, nextWindow: 4);
        await host.FinishAsync(fifth, nextWindow: 4);
        await host.DoNextAsync(Lane.Media);
        await host.DoNextAsync(Lane.Media);
        Assert.True(await host.Durable.OutputOfAsync<bool>(talk));
    }

    [Fact]
    public async Task Behind_a_take_that_failed_none_is_begun_and_what_is_under_way_is_not_lost()
    {
        await using var host = await TalkHost.StartAsync(TwoAtOnce);
        var talk = await host.AcceptAsync(takeSeconds: 10);
        await ReachTakesAsync(host, talk, 4);
        var (first, second) = (await host.TakeAsync(Lane.Sample), await host.TakeAsync(Lane.Sample));
        await host.FinishAsync(first, ErrorCode.EngineRefused);
        // Only when the talk has heard of the failure: the second one's end would begin the next take else.
        await host.HeardOfTakeAsync(talk, first.Piece!.Take);
        Assert.Equal(TalkStatus.Running, (await host.ViewAsync(talk)).Status);
        await host.FinishAsync(second, nextWindow: 4);

        Assert.Equal(ErrorCode.EngineRefused, (await host.ErrorOfAsync(talk)).Code);
        Assert.Null(await host.TryTakeAsync(Lane.Sample));
    }

    /// <summary>Takes of ten seconds, four windows each.</summary>
    private static async Task ReachTakesAsync(TalkHost host, string talk, int takes)
    {
        var silences = Enumerable.Range(1, takes - 1).Select(take => new Silence((take * 10 * 48_000) - 12_000, 24_000));
        await host.PrepareAsync(talk, takes * 10 * 48_000L, [.. silences]);
        await host.DoNextAsync(Lane.Embed);
        await host.DoNextAsync(Lane.Embed);
    }
}
