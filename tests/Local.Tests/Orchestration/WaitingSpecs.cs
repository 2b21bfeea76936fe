using WanTalk.Core.Errors;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.Core.Work;
using WanTalk.Local.Tests.Durable;

namespace WanTalk.Local.Tests.Orchestration;

/// <summary>How a talk waits for work that it handed over: messages are hints, artifacts are the truth.</summary>
public sealed class WaitingSpecs
{
    [Fact]
    public async Task A_completion_message_ends_the_wait_at_once()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        var prepare = await host.PrepareAsync(talk, 1);
        var separate = await host.TakeAsync(Lane.Embed);
        Assert.Equal((Stage.Prepare, Stage.Separate), (prepare.Work.Stage, separate.Work.Stage));
        Assert.Equal(0, (await host.ViewAsync(talk)).StageSeconds["prepare"]);
    }

    [Fact]
    public async Task A_lost_completion_message_costs_no_more_than_the_time_until_the_next_look()
    {
        await using var host = await TalkHost.StartAsync();
        await host.AcceptAsync();
        var prepare = await host.TakeAsync(Lane.Media);
        await host.WriteResultAsync(prepare, ErrorCode.PortraitNoFace);
        Assert.Equal(TimeSpan.FromSeconds(10), await host.PassLookAsync());
        Assert.Equal(ErrorCode.PortraitNoFace, (await host.ErrorOfAsync(prepare.Work.Talk)).Code);
    }

    [Fact]
    public async Task A_runner_whose_heartbeat_is_fresh_is_waited_for_however_long_it_works()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        var prepare = await host.TakeAsync(Lane.Media);
        for (var looks = 0; looks < 30; looks++)
        {
            await host.BeatAsync(prepare);
            await host.PassLookAsync();
        }

        await host.NextLookAsync();
        Assert.Null(await host.TryTakeAsync(Lane.Media));
        Assert.Equal(TalkStatus.Running, (await host.ViewAsync(talk)).Status);
        await host.FinishAsync(prepare, ErrorCode.SpeechSilent);
        Assert.Equal(ErrorCode.SpeechSilent, (await host.ErrorOfAsync(talk)).Code);
    }

    [Fact]
    public async Task Looks_come_at_growing_intervals_up_to_the_longest()
    {
        await using var host = await TalkHost.StartAsync();
        await host.AcceptAsync();
        var prepare = await host.TakeAsync(Lane.Media);
        var waits = new List<double>();
        for (var looks = 0; looks < 5; looks++)
        {
            await host.BeatAsync(prepare);
            waits.Add((await host.PassLookAsync()).TotalSeconds);
        }

        Assert.Equal([10, 20, 40, 40, 40], waits);
    }

    [Fact]
    public async Task A_runner_that_falls_silent_is_replaced_by_a_new_attempt()
    {
        await using var host = await TalkHost.StartAsync();
        await host.AcceptAsync();
        var first = await host.TakeAsync(Lane.Media);
        await host.BeatAsync(first);
        await host.FallSilentAsync();
        var second = await host.TakeAsync(Lane.Media);
        Assert.Equal(first.Work with { Attempt = "" }, second.Work with { Attempt = "" });
        Assert.NotEqual(first.Work.Attempt, second.Work.Attempt);
        Assert.NotEqual(first.Reply.Event, second.Reply.Event);
        await host.FinishAsync(second, ErrorCode.SpeechSilent);
        Assert.Equal(ErrorCode.SpeechSilent, (await host.ErrorOfAsync(first.Work.Talk)).Code);
    }

    [Fact]
    public async Task A_runner_whose_store_was_away_for_long_and_that_beats_again_is_not_lost()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        var prepare = await host.TakeAsync(Lane.Media);
        await host.BeatAsync(prepare);
        while (await host.NextLookAsync() != TimeSpan.FromSeconds(30))
        {
            await host.PassLookAsync();
        }

        await host.BeatAsync(prepare);
        await host.PassLookAsync();
        await host.NextLookAsync();
        Assert.Null(await host.TryTakeAsync(Lane.Media));
        await host.FinishAsync(prepare, ErrorCode.SpeechSilent);
        Assert.Equal(ErrorCode.SpeechSilent, (await host.ErrorOfAsync(talk)).Code);
    }

    [Fact]
    public async Task What_is_settled_stays_settled_a_lost_runners_late_result_is_not_kept_and_one_in_time_is()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        var lost = await host.TakeAsync(Lane.Media);
        await host.BeatAsync(lost);
        await host.FallSilentAsync();
        var second = await host.TakeAsync(Lane.Media);
        await host.WriteResultAsync(lost);
        Assert.Equal("Its runner stopped answering.", (await host.ResultAsync(lost))!.Error!.Message);
        await host.BeatAsync(second);
        while (await host.NextLookAsync() != TimeSpan.FromSeconds(30))
        {
            await host.PassLookAsync();
        }

        await host.WriteResultAsync(second, ErrorCode.SpeechSilent);
        await host.PassLookAsync();
        Assert.Equal(ErrorCode.SpeechSilent, (await host.ErrorOfAsync(talk)).Code);
    }

    [Fact]
    public async Task What_a_lost_runner_tells_later_does_not_count_for_the_new_attempt()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        var lost = await host.TakeAsync(Lane.Media);
        await host.BeatAsync(lost);
        await host.FallSilentAsync();
        var second = await host.TakeAsync(Lane.Media);
        await host.FinishAsync(lost, ErrorCode.SpeechSilent);
        await host.NextLookAsync();
        Assert.Equal(TalkStatus.Running, (await host.ViewAsync(talk)).Status);
        await host.FinishAsync(second, ErrorCode.SpeechTooShort);
        Assert.Equal(ErrorCode.SpeechTooShort, (await host.ErrorOfAsync(talk)).Code);
    }

    [Fact]
    public async Task Work_that_nobody_takes_is_sent_again_as_the_same_attempt_at_growing_intervals_and_no_more_often()
    {
        await using var host = await TalkHost.StartAsync();
        await host.AcceptAsync();
        var begun = host.Clock.GetUtcNow();
        var first = await host.TakeAsync(Lane.Media);
        var sentAt = new List<double>();
        while (host.Clock.GetUtcNow() - begun < TimeSpan.FromSeconds(1500))
        {
            await host.PassLookAsync();
            await host.NextLookAsync();
            if (await host.TryTakeAsync(Lane.Media) is { } again)
            {
                Assert.Equal(first, again);
                sentAt.Add((host.Clock.GetUtcNow() - begun).TotalSeconds);
            }

            Assert.Null(await host.TryTakeAsync(Lane.Media));
        }

        // Looks are at 10, 30, 70, 110, 150 …; each sending is due 100, 200, 400 … seconds after the one before.
        Assert.Equal([110, 310, 710, 1510], sentAt);
        await host.FinishAsync(first, ErrorCode.SpeechSilent);
        Assert.Equal(ErrorCode.SpeechSilent, (await host.ErrorOfAsync(first.Work.Talk)).Code);
    }

    [Fact]
    public async Task Work_that_waits_for_a_runner_does_not_use_up_its_attempts()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        for (var looks = 0; looks < 40; looks++)
            await host.PassLookAsync();
        Assert.Equal(TalkStatus.Running, (await host.ViewAsync(talk)).Status);
        Assert.Equal(talk, (await host.DoNextAsync(Lane.Media)).Work.Talk);
    }

    [Fact]
    public async Task A_message_that_comes_before_its_result_can_be_seen_neither_ends_the_wait_nor_makes_it_spin()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        var prepare = await host.TakeAsync(Lane.Media);
        await host.NextLookAsync();
        var turns = host.Durable.Count("history");
        await host.TellAsync(prepare);
        await host.TellAsync(prepare);
        Assert.True(await host.NextLookAsync() > TimeSpan.Zero);
        await DurableHost.UntilAsync(async () => await host.CompletionsAsync() == 0);
        Assert.Equal(TalkStatus.Running, (await host.ViewAsync(talk)).Status);
        Assert.InRange(host.Durable.Count("history") - turns, 1, 6);
        await host.WriteResultAsync(prepare, ErrorCode.SpeechSilent);
        await host.PassLookAsync();
        Assert.Equal(ErrorCode.SpeechSilent, (await host.ErrorOfAsync(talk)).Code);
    }

    [Fact]
    public async Task A_message_that_comes_twice_is_as_good_as_one()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        var prepare = await host.PrepareAsync(talk, 1);
        await host.TellAsync(prepare);
        await host.TellAsync(prepare);
        Assert.Equal(Stage.Separate, (await host.DoNextAsync(Lane.Embed)).Work.Stage);
        Assert.Equal(Stage.Embed, (await host.DoNextAsync(Lane.Embed)).Work.Stage);
    }

    [Theory]
    [InlineData(ErrorCode.PortraitNoFace)]
    [InlineData(ErrorCode.SpeechTruncated)]
    [InlineData(ErrorCode.EngineRefused)]
    [InlineData(ErrorCode.EngineNotReady)]
    public async Task An_error_that_no_repetition_cures_ends_the_talk_at_once_with_its_code(ErrorCode code)
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        await host.FinishAsync(await host.TakeAsync(Lane.Media), code);
        Assert.Equal(new TalkError(code, $"It is {code}."), await host.ErrorOfAsync(talk));
        Assert.Null(await host.TryTakeAsync(Lane.Media));
        var view = await host.ViewAsync(talk);
        Assert.Equal((TalkStatus.Failed, code), (view.Status, view.Error!.Code));
    }

    [Theory]
    [InlineData(ErrorCode.EngineUnavailable)]
    [InlineData(ErrorCode.EngineOutOfMemory)]
    [InlineData(ErrorCode.CommitConflict)]
    [InlineData(ErrorCode.Internal)]
    public async Task An_error_that_may_pass_is_given_three_attempts_and_the_end_names_the_last_cause(ErrorCode code)
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        var attempts = new HashSet<string>();
        foreach (var cause in (ErrorCode[])[ErrorCode.EngineFailed, ErrorCode.EngineFailed, code])
        {
            var attempt = await host.TakeAsync(Lane.Media);
            attempts.Add(attempt.Work.Attempt);
            await host.FinishAsync(attempt, cause);
        }

        var error = await host.ErrorOfAsync(talk);
        Assert.Equal(3, attempts.Count);
        Assert.Equal(ErrorCode.AttemptsExhausted, error.Code);
        Assert.Contains(ErrorCatalog.Name(code), error.Message, StringComparison.Ordinal);
        Assert.Contains("prepare", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Null(await host.TryTakeAsync(Lane.Media));
    }

    [Fact]
    public async Task Runners_that_are_lost_again_and_again_end_the_talk_after_three()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        for (var attempts = 0; attempts < 3; attempts++)
        {
            await host.BeatAsync(await host.TakeAsync(Lane.Media));
            await host.FallSilentAsync();
        }

        Assert.Equal(ErrorCode.AttemptsExhausted, (await host.ErrorOfAsync(talk)).Code);
    }

    [Fact]
    public async Task The_host_may_stop_and_start_while_a_talk_waits()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        var prepare = await host.TakeAsync(Lane.Media);
        await host.NextLookAsync();
        await host.Durable.StopAsync();
        await host.WriteResultAsync(prepare, ErrorCode.SpeechSilent);
        await host.TellAsync(prepare);
        await host.Durable.StartAsync();
        Assert.Equal(ErrorCode.SpeechSilent, (await host.ErrorOfAsync(talk)).Code);
        var instance = await host.Durable.EndOfAsync(talk);
        Assert.Equal(OrchestrationStatus.Failed, instance.Status);
    }
}
