using Microsoft.Extensions.Logging.Abstractions;
using WanTalk.Core.Errors;
using WanTalk.Core.Talks;
using WanTalk.GpuRunner.Health;
using WanTalk.GpuRunner.Lanes;
using WanTalk.GpuRunner.Tests.Support;

namespace WanTalk.GpuRunner.Tests.Lanes;

/// <summary>A disk that is full for a moment does not use up all attempts of a talk within that moment.</summary>
public sealed class FullDiskSpecs : IDisposable
{
    private readonly LaneBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task The_next_work_is_taken_after_a_pause()
    {
        var begun = 0;
        var handler = _bench.HandlerOf((_, _) =>
        {
            Interlocked.Increment(ref begun);
            throw new TalkException(ErrorCode.DiskFull, "The scratch disk is full.");
        });
        using var readiness = new RunnerReadiness(_bench.Options, [], _bench.Clock, NullLogger<RunnerReadiness>.Instance);
        using var worker = new LaneWorker(
            Core.Work.Lane.Media, 1, _bench.Queues, handler, readiness, _bench.Options, _bench.Clock, NullLogger<LaneWorker>.Instance);
        await _bench.HandOverAsync();
        await worker.StartAsync(LaneBench.Cancellation);
        await LaneBench.UntilAsync(async () => await _bench.ResultAsync() is { Error.Code: ErrorCode.DiskFull } && await _bench.Lane.CountAsync(LaneBench.Cancellation) == 0);

        await _bench.HandOverAsync(TalkId.New());
        await Task.Delay(200, LaneBench.Cancellation);
        Assert.Equal(1, begun);

        await LaneBench.UntilAsync(() =>
        {
            _bench.Clock.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(begun == 2);
        });
        await worker.StopAsync(LaneBench.Cancellation);
    }
}
