using Microsoft.Extensions.Time.Testing;
using WanTalk.Core.Errors;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.Core.Work;
using WanTalk.GpuRunner.Sampling;
using WanTalk.GpuRunner.Tests.Support;

namespace WanTalk.GpuRunner.Tests.Sampling;

/// <summary>A GPU that hangs costs a limit of time, and not the price of a day.</summary>
public sealed class WindowLimitSpecs
{
    [Theory]
    [InlineData(640, 640, 4, 600)]
    [InlineData(320, 320, 4, 600)]
    [InlineData(1280, 640, 4, 1200)]
    [InlineData(640, 640, 50, 7500)]
    public void Larger_windows_and_more_steps_may_take_as_much_longer(int width, int height, int steps, double seconds) =>
        Assert.Equal(seconds, WindowArrivals.LimitOf(600, new FrameSize(width, height), steps).TotalSeconds);

    [Fact]
    public async Task A_window_that_takes_too_long_ends_its_attempt_and_the_engine_and_what_was_committed_stays()
    {
        // By a clock that the test moves: what is slow is the window that is told to be, and not the machine.
        var clock = new FakeTimeProvider();
        await using var bench = await StageBench.StartAsync("runner", clock);
        var talk = await SampledTalk.CreateAsync(bench.HomeOf("talk"), 6, new FrameSize(128, 128));
        await bench.ConditionAsync(talk);
        await bench.ArmAsync(new { kind = "slow_window", window = 1, seconds = 600 });
        var before = bench.EngineProcesses;

        var doing = bench.DoAsync(talk, talk.Attempt(Stage.Sample, new Piece(0, 0, 2)));
        // The engine's word that a window is done may be lost; the runner looks without it, by its clock, which goes about as fast as time here.
        await EngineBench.UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(5));
            return doing.IsCompleted || talk.RecordsAsync().Result.Count == 1;
        });
        await EngineBench.UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(60));
            return doing.IsCompleted;
        });
        var result = await doing;

        Assert.Equal(ErrorCode.WindowTooSlow, result.Error?.Code);
        Assert.Contains("WANTALK_WINDOW_SECONDS", result.Error!.Message, StringComparison.Ordinal);
        Assert.Single(await talk.RecordsAsync());
        await EngineBench.UntilAsync(() => !before.Any(EngineBench.IsAlive));
        Assert.Null((await bench.DoAsync(talk, talk.Attempt(Stage.Sample, new Piece(0, 0, 2)))).Error);
    }
}
