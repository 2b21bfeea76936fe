using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Retention;
using WanTalk.Core.Talks;
using WanTalk.Core.Work;
using WanTalk.Local.Tests.Durable;

namespace WanTalk.Local.Tests.Orchestration;

/// <summary>What is deleted when a talk's time is over, and what is not.</summary>
public sealed class RetentionSpecs
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    private static readonly RetentionOptions Options = new() { Keep = KeptFor, MostAtOnce = 2 };

    [Fact]
    public async Task A_talk_is_kept_for_its_time_and_then_goes_with_artifacts_history_and_the_notice_of_its_end()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await FailAsync(host, replyTo: "ends");
        host.Clock.Advance(KeptFor - TimeSpan.FromMinutes(1));
        Assert.Equal(0, await Retention(host).SweepAsync(TalkHost.Cancellation));
        Assert.NotNull(await host.ViewAsync(talk));

        host.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, await Retention(host).SweepAsync(TalkHost.Cancellation));
        Assert.Empty(await host.Durable.Client.GetAllInstancesAsync(new OrchestrationQuery(), TalkHost.Cancellation).ToListAsync(TalkHost.Cancellation));
        Assert.Empty(await host.Store.ListAsync(new TalkPaths(talk).Root, TalkHost.Cancellation).ToListAsync(TalkHost.Cancellation));
        Assert.Equal(0, host.Durable.Count("history"));
    }

    [Fact]
    public async Task A_talk_that_is_under_way_or_was_retried_is_not_touched()
    {
        await using var host = await TalkHost.StartAsync();
        var retried = await FailAsync(host);
        host.Clock.Advance(KeptFor + TimeSpan.FromDays(1));
        Assert.True(await host.Control.RetryAsync(retried, TalkHost.Cancellation));
        await host.TakeAsync(Lane.Media);

        Assert.Equal(0, await Retention(host).SweepAsync(TalkHost.Cancellation));
        Assert.Equal(TalkStatus.Running, (await host.ViewAsync(retried)).Status);
    }

    [Fact]
    public async Task Many_talks_go_a_few_at_a_time()
    {
        await using var host = await TalkHost.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            await FailAsync(host);
        }

        host.Clock.Advance(KeptFor + TimeSpan.FromDays(1));
        var deleted = new[] { await Retention(host).SweepAsync(TalkHost.Cancellation), await Retention(host).SweepAsync(TalkHost.Cancellation) };
        Assert.Equal([2, 1], deleted);
    }

    [Fact]
    public async Task A_talk_whose_deletion_broke_off_behind_its_artifacts_is_found_again()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await FailAsync(host);
        await host.Store.DeleteFolderAsync(new TalkPaths(talk).Root, TalkHost.Cancellation);
        host.Clock.Advance(KeptFor + TimeSpan.FromDays(1));

        Assert.Equal(1, await Retention(host).SweepAsync(TalkHost.Cancellation));
    }

    [Fact]
    public async Task A_talk_that_gave_its_time_itself_goes_then_and_no_other()
    {
        await using var host = await TalkHost.StartAsync();
        var (kept, expiring) = (await FailAsync(host), await FailAsync(host, expiresIn: 7_200));
        var retention = new TalkRetention(host.Store, host.Durable.Client, host.Index, new RetentionOptions { Keep = null }, host.Clock);
        host.Clock.Advance(TimeSpan.FromHours(2) - TimeSpan.FromMinutes(1));
        Assert.Equal(0, await retention.SweepAsync(TalkHost.Cancellation));

        host.Clock.Advance(TimeSpan.FromHours(1.1));
        Assert.Equal(1, await retention.SweepAsync(TalkHost.Cancellation));
        Assert.Null(await host.Durable.Client.GetInstanceAsync(expiring, TalkHost.Cancellation));
        Assert.NotNull(await host.ViewAsync(kept));
        Assert.Empty(await host.Store.ListAsync(new ArtifactPath("expiring"), TalkHost.Cancellation).ToListAsync(TalkHost.Cancellation));
    }

    [Fact]
    public async Task A_retried_talk_has_its_time_from_its_last_end()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await FailAsync(host, expiresIn: 7_200);
        host.Clock.Advance(TimeSpan.FromHours(1.9));
        Assert.True(await host.Control.RetryAsync(talk, TalkHost.Cancellation));
        await host.FinishAsync(await host.TakeAsync(Lane.Media), ErrorCode.SpeechSilent);
        await host.ErrorOfAsync(talk);
        host.Clock.Advance(TimeSpan.FromHours(1.5));
        Assert.Equal(0, await Retention(host).SweepAsync(TalkHost.Cancellation));

        host.Clock.Advance(TimeSpan.FromHours(1.6));
        Assert.Equal(1, await Retention(host).SweepAsync(TalkHost.Cancellation));
    }

    private static TalkRetention Retention(TalkHost host) => new(host.Store, host.Durable.Client, host.Index, Options, host.Clock);

    private static async Task<string> FailAsync(TalkHost host, string? replyTo = null, long? expiresIn = null)
    {
        var talk = replyTo is null ? await host.AcceptAsync(draft => draft with { ExpiresIn = expiresIn }) : (await host.HandleAsync(MessageSpecs.Message() with { ReplyTo = replyTo })).Talk!;
        await host.FinishAsync(await host.TakeAsync(Lane.Media), ErrorCode.SpeechSilent);
        await host.ErrorOfAsync(talk);
        if (replyTo is not null)
        {
            await DurableHost.UntilAsync(async () => await host.Durable.Client.GetAllInstancesAsync(
                new OrchestrationQuery([OrchestrationStatus.Completed], Name: NotifyOrchestration.Name), TalkHost.Cancellation).AnyAsync());
        }

        return talk;
    }
}
