using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Talks;
using WanTalk.GpuRunner.Lanes;
using WanTalk.GpuRunner.Stages;
using WanTalk.GpuRunner.Tests.Support;

namespace WanTalk.GpuRunner.Tests.Lanes;

/// <summary>How a runner holds on to an attempt while the work goes on, and how it lets go.</summary>
public sealed class HoldSpecs : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly LaneBench _bench = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _mayEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private AttemptProgress _progress = new();
    private bool _workWasStopped;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Work_that_is_longer_than_its_lease_is_delivered_once()
    {
        var working = await BeginAsync();
        for (var beats = 0; beats < 35; beats++)
        {
            await _bench.BeatAsync();
            Assert.Null(await _bench.TryReceiveAsync());
        }

        _mayEnd.SetResult();
        await EndAsync(working);
        Assert.Null((await _bench.ResultAsync())!.Error);
        Assert.Single(await _bench.CompletionsAsync());
        Assert.Equal(0, await _bench.Lane.CountAsync(LaneBench.Cancellation));
    }

    [Fact]
    public async Task The_first_heartbeat_is_there_before_the_work_begins_and_later_ones_tell_where_it_is()
    {
        var working = await BeginAsync();
        Assert.Equal(new Core.Work.Heartbeat("this-runner", _bench.Clock.GetUtcNow()), await _bench.HeartbeatAsync());
        _progress.At(3, 2, 6);
        await _bench.BeatAsync();
        Assert.Equal(new Core.Work.Heartbeat("this-runner", _bench.Clock.GetUtcNow(), 3, 2, 6), await _bench.HeartbeatAsync());
        _mayEnd.SetResult();
        await EndAsync(working);
    }

    [Fact]
    public async Task A_lease_that_was_lost_stops_the_work_and_nothing_is_written_or_told()
    {
        await _bench.HandOverAsync();
        var message = await _bench.ReceiveAsync();
        var working = HandleAsync(message, LaneBench.Cancellation);
        await BegunAsync(working);
        var other = await _bench.Lane.RenewAsync(message, TimeSpan.FromMinutes(5), LaneBench.Cancellation);
        Assert.NotNull(other);
        var beat = await _bench.HeartbeatAsync();
        _bench.Clock.Advance(TimeSpan.FromSeconds(1));
        await EndAsync(working);
        Assert.Equal(beat, await _bench.HeartbeatAsync());
        Assert.True(_workWasStopped);
        Assert.Null(await _bench.ResultAsync());
        Assert.Empty(await _bench.CompletionsAsync());
        Assert.True(_bench.ScratchIsEmpty);
        Assert.True(await _bench.Lane.DeleteAsync(other, LaneBench.Cancellation), "The message of the runner that has the lease now was touched.");
    }

    [Fact]
    public async Task A_cancellation_is_seen_within_a_heartbeat_and_told_as_the_result()
    {
        var working = await BeginAsync();
        await _bench.Store.WriteJsonAsync(_bench.Paths.Cancel, new Cancellation(_bench.Clock.GetUtcNow()), LaneBench.Cancellation);
        _bench.Clock.Advance(TimeSpan.FromSeconds(1));
        await EndAsync(working);
        Assert.True(_workWasStopped);
        Assert.Equal(ErrorCode.Cancelled, (await _bench.ResultAsync())!.Error!.Code);
        Assert.Single(await _bench.CompletionsAsync());
        Assert.Equal(0, await _bench.Lane.CountAsync(LaneBench.Cancellation));
        Assert.True(_bench.ScratchIsEmpty);
    }

    [Fact]
    public async Task Work_that_nobody_waits_for_any_more_stops_within_a_heartbeat_whatever_was_retried()
    {
        var working = await BeginAsync();
        var settled = new Core.Work.AttemptResult(new Cancellation(default).ToError(), 0, "host", 0);
        await _bench.WriteResultAsync(settled);
        _bench.Clock.Advance(TimeSpan.FromSeconds(1));
        await EndAsync(working);
        Assert.True(_workWasStopped);
        Assert.Equal(settled, await _bench.ResultAsync());
        Assert.Equal(0, await _bench.Lane.CountAsync(LaneBench.Cancellation));
        Assert.True(_bench.ScratchIsEmpty);
    }

    [Fact]
    public async Task Work_of_a_talk_that_was_deleted_stops_within_a_heartbeat_and_leaves_nothing()
    {
        var working = await BeginAsync();
        await _bench.Store.DeleteFolderAsync(_bench.Paths.Root, LaneBench.Cancellation);
        _bench.Clock.Advance(TimeSpan.FromSeconds(1));
        await EndAsync(working);
        Assert.True(_workWasStopped);
        Assert.Empty(await _bench.CompletionsAsync());
        Assert.Equal(0, await _bench.Lane.CountAsync(LaneBench.Cancellation));
        Assert.Empty(await _bench.Store.ListAsync(_bench.Paths.Root, LaneBench.Cancellation).ToListAsync(LaneBench.Cancellation));
        Assert.True(_bench.ScratchIsEmpty);
    }

    [Fact]
    public async Task Of_two_runners_that_took_copies_of_a_message_in_the_same_moment_one_goes_on()
    {
        _bench.Options = _bench.Options with { SharesLanes = true };
        var working = await BeginAsync();
        var other = new Core.Work.Heartbeat("another-runner", _bench.Clock.GetUtcNow());
        await _bench.Store.WriteJsonAsync(_bench.HeartbeatPath, other, LaneBench.Cancellation);
        _bench.Clock.Advance(TimeSpan.FromSeconds(1));
        await working.WaitAsync(TimeSpan.FromSeconds(30), LaneBench.Cancellation);
        Assert.True(_workWasStopped);
        Assert.Equal(other, await _bench.HeartbeatAsync());
        Assert.Null(await _bench.ResultAsync());
        Assert.Empty(await _bench.CompletionsAsync());
        Assert.Equal(1, await _bench.Lane.CountAsync(LaneBench.Cancellation));
        Assert.True(_bench.ScratchIsEmpty);
    }

    [Fact]
    public async Task A_message_whose_lease_ran_out_while_everything_stood_still_is_held_anew_when_the_same_runner_receives_it()
    {
        await _bench.HandOverAsync();
        var handler = HandlerOf();
        var stalled = new StalledRenewals(_bench.Lane);
        var working = handler.HandleAsync(stalled, await _bench.ReceiveAsync(), LaneBench.Cancellation);
        await BegunAsync(working);
        stalled.Stall();
        _bench.Clock.Advance(TimeSpan.FromSeconds(_bench.Options.LeaseSeconds + 1));
        await handler.HandleAsync(stalled, await _bench.ReceiveAsync(), LaneBench.Cancellation);
        stalled.GoOn();
        await LaneBench.UntilAsync(async () => (await _bench.HeartbeatAsync())?.At == _bench.Clock.GetUtcNow());
        await _bench.BeatAsync();
        Assert.False(_workWasStopped);
        _mayEnd.SetResult();
        await EndAsync(working);
        Assert.Null((await _bench.ResultAsync())!.Error);
        Assert.Equal(0, await _bench.Lane.CountAsync(LaneBench.Cancellation));
    }

    [Fact]
    public async Task A_runner_that_stops_gives_its_message_back_at_once()
    {
        await _bench.HandOverAsync();
        using var stops = new CancellationTokenSource();
        var working = HandleAsync(await _bench.ReceiveAsync(), stops.Token);
        await BegunAsync(working);
        await _bench.BeatAsync();
        await stops.CancelAsync();
        await EndAsync(working);
        Assert.True(_workWasStopped);
        Assert.Null(await _bench.ResultAsync());
        Assert.True(_bench.ScratchIsEmpty);
        Assert.NotNull(await _bench.TryReceiveAsync());
    }

    [Fact]
    public async Task A_runner_that_stops_while_its_lease_is_being_renewed_gives_the_message_back_at_once()
    {
        using var stops = new CancellationTokenSource();
        var (stalled, working) = await BeginRenewingAsync(stops.Token);
        await stops.CancelAsync();
        await LaneBench.UntilAsync(() => Task.FromResult(_workWasStopped && _bench.ScratchIsEmpty));
        // Only a runner that does not wait for the answer would be at its end after this.
        Assert.NotSame(working, await Task.WhenAny(working, Task.Delay(100, LaneBench.Cancellation)));
        stalled.GoOn();
        await EndAsync(working);
        Assert.Null(await _bench.ResultAsync());
        Assert.NotNull(await _bench.TryReceiveAsync());
    }

    [Fact]
    public async Task A_runner_that_stops_does_not_wait_for_ever_for_a_queue_that_does_not_answer()
    {
        using var stops = new CancellationTokenSource();
        var (_, working) = await BeginRenewingAsync(stops.Token);
        await stops.CancelAsync();
        await LaneBench.UntilAsync(() =>
        {
            _bench.Clock.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(working.IsCompleted);
        });
        await working;
        Assert.Null(await _bench.ResultAsync());
    }

    [Fact]
    public async Task Work_that_ends_in_time_although_the_store_could_not_be_written_for_a_while_counts()
    {
        var working = await BeginAsync();
        var heartbeat = Path.Combine(_bench.Home.Artifacts, _bench.HeartbeatPath.Value);
        File.Delete(heartbeat);
        Directory.CreateDirectory(heartbeat);
        _bench.Clock.Advance(TimeSpan.FromSeconds(1));
        _bench.Clock.Advance(TimeSpan.FromSeconds(1));
        Directory.Delete(heartbeat);
        await _bench.BeatAsync();
        _mayEnd.SetResult();
        await EndAsync(working);
        Assert.Null((await _bench.ResultAsync())!.Error);
    }

    private async Task<Task> BeginAsync()
    {
        await _bench.HandOverAsync();
        var working = HandleAsync(await _bench.ReceiveAsync(), LaneBench.Cancellation);
        await BegunAsync(working);
        return working;
    }

    /// <summary>Begins work, and a renewal of its lease that the queue has done and not answered.</summary>
    private async Task<(StalledRenewals Queue, Task Working)> BeginRenewingAsync(CancellationToken runnerStops)
    {
        await _bench.HandOverAsync();
        var stalled = new StalledRenewals(_bench.Lane);
        Task working = HandlerOf().HandleAsync(stalled, await _bench.ReceiveAsync(), runnerStops);
        await BegunAsync(working);
        stalled.StallNextAnswer();
        _bench.Clock.Advance(TimeSpan.FromSeconds(_bench.Options.HeartbeatSeconds));
        await LaneBench.UntilAsync(() => Task.FromResult(stalled.HasUnanswered));
        return (stalled, working);
    }

    /// <summary>Waits until the work has begun; fails with what it failed with before.</summary>
    private async Task BegunAsync(Task working)
    {
        if (await Task.WhenAny(_begun.Task, working).WaitAsync(Patience, LaneBench.Cancellation) == working)
        {
            await working;
            Assert.Fail("The work ended before it began.");
        }
    }

    private static Task EndAsync(Task working) => working.WaitAsync(Patience, LaneBench.Cancellation);

    private async Task HandleAsync(Core.Work.QueueMessage message, CancellationToken runnerStops) =>
        await HandlerOf().HandleAsync(_bench.Lane, message, runnerStops);

    private AttemptHandler HandlerOf() => _bench.HandlerOf(
        async (context, token) =>
        {
            _progress = context.Progress;
            _begun.SetResult();
            try
            {
                await _mayEnd.Task.WaitAsync(token);
            }
            catch (OperationCanceledException)
            {
                _workWasStopped = true;
                throw;
            }

            return StageReport.Empty;
        });
}
