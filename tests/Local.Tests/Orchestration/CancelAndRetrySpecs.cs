using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.Core.Work;

namespace WanTalk.Local.Tests.Orchestration;

/// <summary>How a talk is stopped, and how it goes on afterwards.</summary>
public sealed class CancelAndRetrySpecs
{
    [Fact]
    public async Task Cancelling_wakes_a_talk_at_once_and_it_ends_as_cancelled()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        await host.BeatAsync(await host.TakeAsync(Lane.Media));
        await host.NextLookAsync();
        await host.Control.CancelAsync(talk, TalkHost.Cancellation);
        Assert.Equal(ErrorCode.Cancelled, (await host.ErrorOfAsync(talk)).Code);
        var view = await host.ViewAsync(talk);
        Assert.Equal((TalkStatus.Cancelled, ErrorCode.Cancelled, "prepare"), (view.Status, view.Error!.Code, view.Stage));
    }

    [Fact]
    public async Task Cancelling_while_nobody_has_taken_the_work_needs_no_runner()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        await host.Control.CancelAsync(talk, TalkHost.Cancellation);
        Assert.Equal(ErrorCode.Cancelled, (await host.ErrorOfAsync(talk)).Code);
    }

    [Fact]
    public async Task A_talk_cancelled_while_it_is_sampled_ends_at_the_next_look()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        var piece = await host.ReachSamplingAsync(talk, 3);
        await host.BeatAsync(piece);
        await host.NextLookAsync();
        await host.Control.CancelAsync(talk, TalkHost.Cancellation);
        await host.PassLookAsync();
        Assert.Equal(ErrorCode.Cancelled, (await host.ErrorOfAsync(talk)).Code);
        var view = await host.ViewAsync(talk);
        Assert.Equal((TalkStatus.Cancelled, "sample"), (view.Status, view.Stage));
        Assert.Null(await host.TryTakeAsync(Lane.Sample));
    }

    [Fact]
    public async Task A_runner_that_tells_of_the_cancellation_ends_the_sampling_at_once()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        var piece = await host.ReachSamplingAsync(talk, 3);
        await host.Control.CancelAsync(talk, TalkHost.Cancellation);
        await host.FinishAsync(piece, ErrorCode.Cancelled);
        Assert.Equal(ErrorCode.Cancelled, (await host.ErrorOfAsync(talk)).Code);
        Assert.Null(await host.TryTakeAsync(Lane.Sample));
    }

    [Fact]
    public async Task Cancelling_again_changes_nothing_and_cancelling_what_has_ended_is_a_conflict()
    {
        await using var host = await TalkHost.StartAsync();
        var cancelled = await host.AcceptAsync();
        await host.Control.CancelAsync(cancelled, TalkHost.Cancellation);
        await host.Control.CancelAsync(cancelled, TalkHost.Cancellation);
        await host.FailureOfAsync(cancelled);
        await host.Control.CancelAsync(cancelled, TalkHost.Cancellation);
        Assert.Equal(TalkStatus.Cancelled, (await host.ViewAsync(cancelled)).Status);

        var failed = await host.AcceptAsync();
        AttemptRequest attempt;
        do
            attempt = await host.TakeAsync(Lane.Media);
        while (attempt.Work.Talk != failed);
        await host.FinishAsync(attempt, ErrorCode.SpeechSilent);
        await host.FailureOfAsync(failed);
        var refused = await Assert.ThrowsAsync<TalkException>(() => host.Control.CancelAsync(failed, TalkHost.Cancellation));
        Assert.Equal(ErrorCode.TalkStateConflict, refused.Error.Code);
        Assert.False(await host.Store.ExistsAsync(new TalkPaths(failed).Cancel, TalkHost.Cancellation));
    }

    [Fact]
    public async Task A_cancelled_talk_that_is_retried_goes_on_and_is_not_cancelled_again()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        await host.Control.CancelAsync(talk, TalkHost.Cancellation);
        await host.FailureOfAsync(talk);
        var old = await host.TakeAsync(Lane.Media);
        Assert.True(await host.Control.RetryAsync(talk, TalkHost.Cancellation));
        // Whoever takes the old message now, or is at it, finds that nobody waits for that work.
        Assert.Equal(ErrorCode.Cancelled, (await host.ResultAsync(old))!.Error!.Code);
        var again = await host.PrepareAsync(talk, 1);
        Assert.NotEqual(old.Work.Attempt, again.Work.Attempt);
        Assert.Equal(Stage.Separate, (await host.DoNextAsync(Lane.Embed)).Work.Stage);
    }

    [Fact]
    public async Task A_talk_that_failed_while_it_was_sampled_goes_on_behind_its_last_window_with_the_plan_it_had()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        var piece = await host.ReachSamplingAsync(talk, 6);
        await host.CommitAsync(talk, 0, 1);
        await host.FinishAsync(piece, ErrorCode.EngineRefused);
        Assert.Equal(ErrorCode.EngineRefused, (await host.ErrorOfAsync(talk)).Code);

        Assert.True(await host.Control.RetryAsync(talk, TalkHost.Cancellation));
        var again = await host.ReachSamplingAsync(talk, 2);
        Assert.Equal(piece.Piece, again.Piece);
        Assert.NotEqual(piece.Work.Attempt, again.Work.Attempt);
        await host.CommitAsync(talk, 2, 3);
        await host.FinishAsync(again, nextWindow: 4, secondsPerWindow: 1);
        var last = await host.TakeAsync(Lane.Sample);
        Assert.Equal(new Piece(0, 4, 2), last.Piece);
        await host.CommitAsync(talk, 4, 5);
        await host.FinishAsync(last, nextWindow: 6);
        Assert.Equal(Stage.Assemble, (await host.DoNextAsync(Lane.Media)).Work.Stage);
        Assert.Equal(Stage.Publish, (await host.DoNextAsync(Lane.Media)).Work.Stage);
        Assert.Equal(OrchestrationStatus.Completed, (await host.Durable.EndOfAsync(talk)).Status);
    }

    [Fact]
    public async Task The_windows_that_are_done_stay_done_in_the_view_of_a_talk_that_is_retried()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        var piece = await host.ReachSamplingAsync(talk, 6);
        await host.CommitAsync(talk, 0, 1);
        await host.FinishAsync(piece, ErrorCode.EngineRefused);
        await host.FailureOfAsync(talk);
        Assert.Equal(2, (await host.ViewAsync(talk)).WindowsDone);

        await host.Durable.StopAsync();
        await host.Control.RetryAsync(talk, TalkHost.Cancellation);
        var waiting = await host.ViewAsync(talk);
        Assert.Equal((TalkStatus.Queued, 2, 6), (waiting.Status, waiting.WindowsDone, waiting.WindowsPlanned));
        await host.Durable.StartAsync();
        await host.TakeAsync(Lane.Media);
        var preparing = await host.ViewAsync(talk);
        Assert.Equal((TalkStatus.Running, 2, 6), (preparing.Status, preparing.WindowsDone, preparing.WindowsPlanned));
        Assert.Null(preparing.Error);
    }

    [Fact]
    public async Task A_talk_that_is_under_way_or_completed_is_not_started_again()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        Assert.False(await host.Control.RetryAsync(talk, TalkHost.Cancellation));
        var piece = await host.ReachSamplingAsync(talk, 1);
        await host.FinishAsync(piece, nextWindow: 1);
        await host.DoNextAsync(Lane.Media);
        await host.DoNextAsync(Lane.Media);
        Assert.Equal(OrchestrationStatus.Completed, (await host.Durable.EndOfAsync(talk)).Status);
        Assert.False(await host.Control.RetryAsync(talk, TalkHost.Cancellation));
        Assert.Equal(TalkStatus.Completed, (await host.ViewAsync(talk)).Status);
        Assert.Null(await host.TryTakeAsync(Lane.Media));
    }

    [Fact]
    public async Task A_talk_is_deleted_with_everything_only_when_it_has_ended()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        var prepare = await host.TakeAsync(Lane.Media);
        var refused = await Assert.ThrowsAsync<TalkException>(() => host.Control.DeleteAsync(talk, TalkHost.Cancellation));
        Assert.Equal(ErrorCode.TalkStateConflict, refused.Error.Code);
        await host.FinishAsync(prepare, ErrorCode.SpeechSilent);
        await host.FailureOfAsync(talk);
        await host.Control.DeleteAsync(talk, TalkHost.Cancellation);
        Assert.Empty(await host.Store.ListAsync(new TalkPaths(talk).Root, TalkHost.Cancellation).ToListAsync(TalkHost.Cancellation));
        var unknown = await Assert.ThrowsAsync<TalkException>(() => host.Control.CancelAsync(talk, TalkHost.Cancellation));
        Assert.Equal(ErrorCode.TalkNotFound, unknown.Error.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123456789abcdefghjkmnpqrs")]
    [InlineData("../../etc/passwd")]
    public async Task An_unknown_talk_is_said_to_be_unknown(string talk)
    {
        await using var host = await TalkHost.StartAsync();
        foreach (var act in (Func<Task>[])[
            () => host.Control.CancelAsync(talk, TalkHost.Cancellation),
            () => host.Control.RetryAsync(talk, TalkHost.Cancellation),
            () => host.Control.DeleteAsync(talk, TalkHost.Cancellation)])
        {
            Assert.Equal(ErrorCode.TalkNotFound, (await Assert.ThrowsAsync<TalkException>(act)).Error.Code);
        }
    }
}
