using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using WanTalk.Core.Errors;
using WanTalk.GpuRunner.Health;
using WanTalk.GpuRunner.Tests.Support;
using WanTalk.Storage.Local;

namespace WanTalk.GpuRunner.Tests.Health;

/// <summary>A GPU that is too slow or keeps breaking does not take the next piece at once when another runner could.</summary>
public sealed class RestSpecs : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private RunnerReadiness? _readiness;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _readiness?.Dispose();

    [Theory]
    [InlineData(ErrorCode.WindowTooSlow)]
    [InlineData(ErrorCode.EngineUnavailable)]
    public async Task After_trouble_of_its_machine_a_runner_rests_and_says_so(ErrorCode code)
    {
        var readiness = await StartAsync(sharesLanes: true);
        readiness.RestAfter(new TalkError(code, "It was so."));

        Assert.False(readiness.WaitAsync(Cancellation).IsCompleted);
        Assert.Equal($"not ready: Resting until 03:09:05 UTC after {ErrorCatalog.Name(code)}.", readiness.Report.Summary);
        _clock.Advance(TimeSpan.FromSeconds(299));
        Assert.False(readiness.WaitAsync(Cancellation).IsCompleted);
        // It looks every few seconds, and may have begun to wait for its next look only after the clock was moved.
        await LaneBench.UntilAsync(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(readiness.Report.Ready);
        });
        await readiness.WaitAsync(Cancellation).WaitAsync(Patience, Cancellation);
    }

    [Theory]
    [InlineData(true, ErrorCode.SpeechSilent)]
    [InlineData(true, ErrorCode.EngineOutOfMemory)]
    [InlineData(false, ErrorCode.WindowTooSlow)]
    public async Task After_other_errors_or_without_another_runner_work_goes_on(bool sharesLanes, ErrorCode code)
    {
        var readiness = await StartAsync(sharesLanes);
        readiness.RestAfter(new TalkError(code, "It was so."));
        Assert.True(readiness.WaitAsync(Cancellation).IsCompleted);
    }

    private async Task<RunnerReadiness> StartAsync(bool sharesLanes)
    {
        var options = new RunnerOptions { Home = new HomeLayout("/nowhere"), SharesLanes = sharesLanes };
        _readiness = new RunnerReadiness(options, [], _clock, NullLogger<RunnerReadiness>.Instance);
        await _readiness.StartAsync(Cancellation);
        await _readiness.WaitAsync(Cancellation).WaitAsync(Patience, Cancellation);
        return _readiness;
    }
}
