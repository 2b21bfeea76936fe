using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.Core.Work;
using WanTalk.GpuRunner.Lanes;
using WanTalk.GpuRunner.Sampling;
using WanTalk.GpuRunner.Stages;
using WanTalk.GpuRunner.Tests.Support;
using WanTalk.Media.Ffmpeg;

namespace WanTalk.GpuRunner.Tests.Sampling;

/// <summary>Two runners on one piece, each with an engine of its own: one chain of commits wins, the other stops, and no frame is mixed.</summary>
public sealed class TwoRunnersSpecs : IAsyncLifetime
{
    /// <summary>297 frames, which are four windows.</summary>
    private const double Seconds = 11.88;
    private const int Windows = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly Piece Whole = new(0, 0, Windows);
    private StageBench _left = null!;
    private StageBench _right = null!;
    private SampledTalk _talk = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _left = await StageBench.StartAsync("left");
        _right = await StageBench.StartAsync("right");
        _talk = await SampledTalk.CreateAsync(_left.HomeOf("talk"), Seconds, new FrameSize(128, 128));
        await _left.ConditionAsync(_talk);
        Assert.Equal(Windows, (await _talk.PlanAsync()).Windows);
    }

    public async ValueTask DisposeAsync()
    {
        await _left.DisposeAsync();
        await _right.DisposeAsync();
    }

    [Fact]
    public async Task A_runner_that_was_given_up_and_comes_back_stops_at_what_the_other_has_committed()
    {
        var undisturbed = await UndisturbedAsync(_talk);

        // The left runner stalls in window 1. Its piece is handed over again, to the right one, which overtakes it.
        await _left.ArmAsync(new { kind = "slow_window", window = 1, seconds = 600 });
        var first = _left.DoAsync(_talk, _talk.Attempt(Stage.Sample, Whole));
        await CommittedAsync(1, first);
        var second = _right.DoAsync(_talk, _talk.Attempt(Stage.Sample, Whole));
        await CommittedAsync(2, second);
        await _left.ClearAsync();

        Assert.Equal(ErrorCode.CommitConflict, (await first).Error!.Code);
        Assert.Equal((null, Windows), ((await second).Error, (await second).NextWindow));
        var records = await AssertOneChainAsync();
        Assert.Equal(1, records.FindIndex(record => record.Attempt != records[0].Attempt));
        Assert.Single(records.Skip(1).DistinctBy(record => record.Attempt));
        await _left.SucceedAsync(_talk, Stage.Assemble);
        Assert.Equal(undisturbed, await _talk.VideoAsync());
    }

    [Fact]
    public async Task Of_two_that_begin_together_and_whose_engines_differ_one_makes_all_windows()
    {
        // Engines of different makes come to different frames from the same numbers; here the numbers differ.
        StageBench[] both = [_left, _right];
        foreach (var bench in both)
        {
            await bench.ArmAsync(new { kind = "slow_window", window = 0, seconds = 600 });
        }

        var (left, right) = (SampleAsync(_left, _talk.Request.Seed), SampleAsync(_right, _talk.Request.Seed + 1));
        await RunningAsync(_left, left);
        await RunningAsync(_right, right);
        foreach (var bench in both)
        {
            await bench.ClearAsync();
        }

        await Task.WhenAll(left, right).ContinueWith(_ => { }, TaskScheduler.Default);

        var losers = ((Task[])[left, right]).Where(task => task.IsFaulted).ToList();
        Assert.Equal(ErrorCode.CommitConflict, Assert.IsType<TalkException>(Assert.Single(losers).Exception!.InnerException).Error.Code);
        Assert.Single((await AssertOneChainAsync()).DistinctBy(record => record.Attempt));

        var alone = _talk.CopyTo(_left.HomeOf("alone"));
        foreach (var made in await alone.FilesAsync())
        {
            await alone.Store.DeleteAsync(new ArtifactPath(made), Cancellation);
        }

        await SampleAsync(_left, left.IsFaulted ? _talk.Request.Seed + 1 : _talk.Request.Seed, alone);
        Assert.Equal(
            (await alone.RecordsAsync()).Select(record => (record.Segment.Sha256, record.Checkpoint.Sha256)),
            (await _talk.RecordsAsync()).Select(record => (record.Segment.Sha256, record.Checkpoint.Sha256)));
    }

    /// <summary>The video of the same talk, sampled by one runner alone in another home.</summary>
    private async Task<byte[]> UndisturbedAsync(SampledTalk talk)
    {
        var alone = talk.CopyTo(_right.HomeOf("alone"));
        await _right.SucceedAsync(alone, Stage.Sample, Whole);
        await _right.SucceedAsync(alone, Stage.Assemble);
        return await alone.VideoAsync();
    }

    /// <summary>Samples the talk's windows on one runner, with a seed.</summary>
    private async Task SampleAsync(StageBench runner, long seed, SampledTalk? other = null)
    {
        var talk = other ?? _talk;
        var request = talk.Attempt(Stage.Sample, Whole);
        var scratch = Directory.CreateDirectory(runner.HomeOf(request.Work.Attempt)).FullName;
        var inputs = new PieceInputs(
            talk.Request with { Seed = seed }, await talk.PlanAsync(),
            await talk.Store.ReadJsonAsync<ConditioningRecord>(talk.Paths.Conditioning, Cancellation), Whole);
        var chain = new WindowChain(talk.Store, talk.Paths, 0);
        var committer = new WindowCommitter(talk.Store, chain, new FfmpegOptions());
        var recovery = new WindowRecovery(committer, chain, runner.Home, NullLogger.Instance);
        var sampler = new PieceSampler(talk.Store, committer, chain, new RunnerOptions { Home = runner.Home }, TimeProvider.System);
        await new LadderSampler(sampler, recovery, chain, runner.Access, runner.Home, NullLogger.Instance)
            .SampleAsync(new StageContext(request, talk.Paths, scratch, new AttemptProgress()), inputs, Cancellation);
    }

    /// <summary>Waits until an engine runs what a runner gave it; fails when the runner has ended without.</summary>
    private static async Task RunningAsync(StageBench bench, Task runner)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!await bench.IsRunningAsync())
        {
            Assert.False(runner.IsCompleted, $"The runner ended before its engine ran anything: {runner.Exception?.InnerException?.Message}");
            Assert.False(Stopwatch.GetElapsedTime(begun) > Patience, "The engine was given nothing to run.");
            await Task.Delay(20, Cancellation);
        }
    }

    /// <summary>Waits until so many windows are committed; fails when the runner that shall do it has ended without.</summary>
    private async Task CommittedAsync(int windows, Task<AttemptResult> runner)
    {
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            var hasEnded = runner.IsCompleted;
            if ((await _talk.RecordsAsync()).Count >= windows)
            {
                return;
            }

            Assert.False(Stopwatch.GetElapsedTime(begun) > Patience, $"Window {windows - 1} was not committed.");
            Assert.False(hasEnded, $"The runner ended before window {windows - 1} was committed: {(hasEnded ? (await runner).Error : null)}");
            await Task.Delay(20, Cancellation);
        }
    }

    /// <summary>Every record grew from the one before it, and what is stored of windows is what the records name, and the two newest checkpoints.</summary>
    private async Task<List<CommitRecord>> AssertOneChainAsync()
    {
        var records = await _talk.RecordsAsync();
        Assert.Equal(Windows, records.Count);
        Assert.Equal(records.Select(record => record.Checkpoint.Sha256).Prepend("").SkipLast(1), records.Select(record => record.ParentSha256));
        var named = records.Select(record => _talk.Paths.Commit(0, record.Window).Value)
            .Concat(records.Select(record => record.Segment.Path))
            .Concat(records.TakeLast(2).Select(record => record.Checkpoint.Path));
        Assert.Equal(named.Order(StringComparer.Ordinal), (await _talk.FilesAsync()).Order(StringComparer.Ordinal));
        return records;
    }
}
