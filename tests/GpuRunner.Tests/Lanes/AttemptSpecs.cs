using System.Text;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Json;
using WanTalk.Core.Talks;
using WanTalk.Core.Work;
using WanTalk.GpuRunner.Stages;
using WanTalk.GpuRunner.Tests.Support;

namespace WanTalk.GpuRunner.Tests.Lanes;

/// <summary>What a runner does with the messages of its lanes, which may come twice, late or for talks that are gone.</summary>
public sealed class AttemptSpecs : IDisposable
{
    private readonly LaneBench _bench = new();
    private int _runs;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Work_that_is_done_has_a_result_is_told_and_leaves_no_message_and_no_scratch()
    {
        await _bench.HandOverAsync();
        var handler = _bench.HandlerOf(async (context, token) =>
        {
            Assert.Empty(Directory.EnumerateFileSystemEntries(context.Scratch));
            await File.WriteAllTextAsync(Path.Combine(context.Scratch, "half-done"), "x", token);
            return new StageReport(2.5, 7);
        });
        await handler.HandleAsync(_bench.Lane, await _bench.ReceiveAsync(), LaneBench.Cancellation);
        var result = await _bench.ResultAsync();
        Assert.Equal((null, "this-runner", 2.5, 7), (result!.Error, result.Runner, result.SecondsPerWindow, result.NextWindow));
        Assert.Equal([new Completion(_bench.Attempt.Reply, _bench.Attempt.Work)], await _bench.CompletionsAsync());
        Assert.Equal(0, await _bench.Lane.CountAsync(LaneBench.Cancellation));
        Assert.True(_bench.ScratchIsEmpty);
    }

    [Fact]
    public async Task A_message_of_an_attempt_that_has_a_result_is_told_again_and_dropped()
    {
        await _bench.HandOverAsync();
        var before = new AttemptResult(null, 1, "another-runner", 0);
        await _bench.WriteResultAsync(before);
        await HandleAsync();
        Assert.Equal(0, _runs);
        Assert.Equal(before, await _bench.ResultAsync());
        Assert.Single(await _bench.CompletionsAsync());
        Assert.Equal(0, await _bench.Lane.CountAsync(LaneBench.Cancellation));
    }

    [Fact]
    public async Task A_message_of_a_talk_that_is_gone_is_dropped_and_told_to_nobody()
    {
        await _bench.HandOverAsync();
        await _bench.Store.DeleteFolderAsync(_bench.Paths.Root, LaneBench.Cancellation);
        await _bench.Store.WriteJsonAsync(_bench.HeartbeatPath, new Heartbeat("killed-runner", _bench.Clock.GetUtcNow()), LaneBench.Cancellation);
        await HandleAsync();
        Assert.Equal(0, _runs);
        Assert.Empty(await _bench.CompletionsAsync());
        Assert.Equal(0, await _bench.Lane.CountAsync(LaneBench.Cancellation));
        Assert.Null(await _bench.HeartbeatAsync());
    }

    [Fact]
    public async Task A_message_whose_attempt_alone_is_gone_leaves_its_talk_as_it_is()
    {
        await _bench.HandOverAsync();
        await _bench.Store.DeleteFolderAsync(_bench.Paths.Root, LaneBench.Cancellation);
        await _bench.Store.WriteJsonAsync(_bench.Paths.Request, "a talk", LaneBench.Cancellation);
        await HandleAsync();
        Assert.Equal(0, _runs);
        Assert.Equal(0, await _bench.Lane.CountAsync(LaneBench.Cancellation));
        Assert.True(await _bench.Store.ExistsAsync(_bench.Paths.Request, LaneBench.Cancellation));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1, 2]")]
    [InlineData("""{"talk":"../../etc","stage":"prepare","key":"talk","attempt":"a"}""")]
    [InlineData("""{"talk":"0123456789","stage":"dance","key":"talk","attempt":"a"}""")]
    [InlineData("""{"talk":"0123456789","stage":"plan","key":"talk","attempt":"a b"}""")]
    public async Task A_message_that_is_no_work_is_dropped_and_does_not_come_back(string body)
    {
        await _bench.Lane.SendAsync(body, TimeSpan.Zero, LaneBench.Cancellation);
        await HandleAsync();
        Assert.Equal(0, _runs);
        Assert.Equal(0, await _bench.Lane.CountAsync(LaneBench.Cancellation));
    }

    [Fact]
    public async Task A_message_that_comes_again_while_its_work_is_under_way_does_not_start_it_twice()
    {
        await _bench.HandOverAsync();
        await _bench.HandOverAsync();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handler = _bench.HandlerOf(async (_, token) =>
        {
            _runs++;
            await done.Task.WaitAsync(token);
            return StageReport.Empty;
        });
        var first = handler.HandleAsync(_bench.Lane, await _bench.ReceiveAsync(), LaneBench.Cancellation);
        await LaneBench.UntilAsync(() => Task.FromResult(_runs == 1));
        await handler.HandleAsync(_bench.Lane, await _bench.ReceiveAsync(), LaneBench.Cancellation);
        done.SetResult();
        await first.WaitAsync(TimeSpan.FromSeconds(30), LaneBench.Cancellation);
        Assert.Equal(1, _runs);
        Assert.Single(await _bench.CompletionsAsync());
        Assert.Equal(1, await _bench.Lane.CountAsync(LaneBench.Cancellation)); // left alone: it comes back to find the result
    }

    [Fact]
    public async Task A_fault_that_nobody_foresaw_is_an_internal_error_on_one_line()
    {
        await _bench.HandOverAsync();
        await HandleAsync(new InvalidOperationException("Something broke\n   at Some.Method()\nand more"));
        var error = (await _bench.ResultAsync())!.Error!;
        Assert.Equal(ErrorCode.Internal, error.Code);
        Assert.Contains("Something broke", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.DoesNotContain("Some.Method", error.Message, StringComparison.Ordinal);
        Assert.Single(await _bench.CompletionsAsync());
        Assert.True(_bench.ScratchIsEmpty);
    }

    [Theory]
    [InlineData(28)]
    [InlineData(122)]
    public async Task A_full_disk_under_the_work_is_told_as_such(int error)
    {
        await _bench.HandOverAsync();
        var handler = _bench.HandlerOf((_, _) => throw new IOException("No space left on device : '/scratch/portrait'", error));
        await handler.HandleAsync(_bench.Lane, await _bench.ReceiveAsync(), LaneBench.Cancellation);
        var told = (await _bench.ResultAsync())!.Error!;
        Assert.Equal(ErrorCode.DiskFull, told.Code);
        Assert.Contains(_bench.Home.Scratch, told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_a_result_with_its_own_code_and_message()
    {
        await _bench.HandOverAsync();
        var refusal = new TalkException(ErrorCode.PortraitNoFace, "No face. Give another picture.");
        await HandleAsync(refusal);
        Assert.Equal(refusal.Error, (await _bench.ResultAsync())!.Error);
        Assert.Single(await _bench.CompletionsAsync());
    }

    [Fact]
    public async Task The_first_runner_that_takes_a_talk_says_when()
    {
        await _bench.HandOverAsync();
        var begun = _bench.Clock.GetUtcNow();
        await HandleAsync();
        Assert.Equal(
            new TalkStart(begun, "this-runner"), await _bench.Store.TryReadJsonAsync<TalkStart>(_bench.Paths.Started, LaneBench.Cancellation));
    }

    [Fact]
    public async Task Work_of_a_talk_whose_time_was_up_ends_with_that()
    {
        await _bench.HandOverAsync();
        var timeUp = new TalkError(ErrorCode.TimedOut, "It took too long.");
        await _bench.Store.WriteJsonAsync(_bench.Paths.Cancel, new Cancellation(_bench.Clock.GetUtcNow(), timeUp), LaneBench.Cancellation);
        await HandleAsync();
        Assert.Equal((0, timeUp), (_runs, (await _bench.ResultAsync())!.Error));
    }

    [Fact]
    public async Task Work_of_a_talk_that_is_cancelled_already_is_not_begun()
    {
        await _bench.HandOverAsync();
        await _bench.Store.WriteJsonAsync(_bench.Paths.Cancel, new Cancellation(_bench.Clock.GetUtcNow()), LaneBench.Cancellation);
        await HandleAsync();
        Assert.Equal(0, _runs);
        Assert.Equal(ErrorCode.Cancelled, (await _bench.ResultAsync())!.Error!.Code);
        Assert.Single(await _bench.CompletionsAsync());
    }

    [Theory]
    [InlineData(9.4, 0)]
    [InlineData(9.6, 1)]
    public async Task On_shared_lanes_an_attempt_is_left_to_the_runner_whose_heartbeat_is_fresh(double age, int runs)
    {
        _bench.Options = _bench.Options with { SharesLanes = true };
        await _bench.HandOverAsync();
        var beat = new Heartbeat("another-runner", _bench.Clock.GetUtcNow().AddSeconds(-age));
        await _bench.Store.WriteJsonAsync(_bench.HeartbeatPath, beat, LaneBench.Cancellation);
        await HandleAsync();
        Assert.Equal(runs, _runs);
        Assert.Equal(1 - runs, await _bench.Lane.CountAsync(LaneBench.Cancellation));
        Assert.Null(await _bench.TryReceiveAsync());
    }

    [Fact]
    public async Task On_shared_lanes_a_runners_own_heartbeat_does_not_keep_it_away()
    {
        _bench.Options = _bench.Options with { SharesLanes = true };
        await _bench.HandOverAsync();
        await _bench.Store.WriteJsonAsync(
            _bench.HeartbeatPath, new Heartbeat("this-runner", _bench.Clock.GetUtcNow()), LaneBench.Cancellation);
        await HandleAsync();
        Assert.Equal(1, _runs);
    }

    [Fact]
    public async Task On_a_machine_of_its_own_a_runner_does_not_wait_for_the_heartbeat_of_one_that_is_gone()
    {
        await _bench.HandOverAsync();
        await _bench.Store.WriteJsonAsync(
            _bench.HeartbeatPath, new Heartbeat("another-runner", _bench.Clock.GetUtcNow()), LaneBench.Cancellation);
        await HandleAsync();
        Assert.Equal(1, _runs);
    }

    [Fact]
    public async Task A_message_of_a_newer_host_with_more_fields_is_understood()
    {
        await _bench.HandOverAsync();
        var message = await _bench.ReceiveAsync();
        await _bench.Lane.DeleteAsync(message, LaneBench.Cancellation);
        var body = Encoding.UTF8.GetString(CoreJson.ToBytes(_bench.Attempt.Work));
        await _bench.Lane.SendAsync(body.Replace("}", ",\"colour\":1}", StringComparison.Ordinal), TimeSpan.Zero, LaneBench.Cancellation);
        await HandleAsync();
        Assert.Equal((1, 0), (_runs, await _bench.Lane.CountAsync(LaneBench.Cancellation)));
    }

    private async Task HandleAsync(Exception? failure = null)
    {
        var handler = _bench.HandlerOf((_, _) =>
        {
            _runs++;
            return failure is null ? Task.FromResult(StageReport.Empty) : Task.FromException<StageReport>(failure);
        });
        await handler.HandleAsync(_bench.Lane, await _bench.ReceiveAsync(), LaneBench.Cancellation);
    }
}
