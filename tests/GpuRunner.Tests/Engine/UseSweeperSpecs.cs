using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Plans;
using WanTalk.Core.Sampling;
using WanTalk.Core.Talks;
using WanTalk.GpuRunner.Engine;
using WanTalk.GpuRunner.Tests.Support;

namespace WanTalk.GpuRunner.Tests.Engine;

/// <summary>Windows that were kept on the engine for whoever goes on with a take do not stay when nobody will.</summary>
public sealed class UseSweeperSpecs : IAsyncLifetime
{
    /// <summary>Three windows.</summary>
    private const long Samples = (81 + 72 + 72) * 1920;
    private StageBench _runner = null!;
    private SampledTalk _talk = null!;
    private BrokenUse _use = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Folder => Path.Combine(_runner.HomeOf("engine"), "output", EngineSession.FolderOf(_use.Talk, _use.RunId));

    public async ValueTask InitializeAsync()
    {
        _runner = await StageBench.StartAsync("runner");
        // Its engine answers from here on.
        Assert.Equal(0, await _runner.CountPromptsAsync());
        _talk = await SampledTalk.CreateAsync(_runner.HomeOf("talk"), seconds: 1, new FrameSize(64, 64));
        await _talk.Store.WriteJsonAsync(_talk.Paths.Plan, TalkPlanner.Plan(Samples, _talk.Request.RequestedSize), Cancellation);
        _use = new BrokenUse(_talk.Request.Id, 0, "a-run", new WindowSettings(0, false));
        _use.Note(_runner.Home);
        new EngineUse(_use.Talk, _use.RunId).Note(_runner.Home);
        Directory.CreateDirectory(Folder);
        await File.WriteAllTextAsync(Path.Combine(Folder, "w-0001.mkv"), "a window", Cancellation);
    }

    public ValueTask DisposeAsync() => _runner.DisposeAsync();

    [Fact]
    public async Task They_stay_as_long_as_the_take_goes_on()
    {
        await CommitAsync(0);
        await SweepAsync();
        Assert.True(File.Exists(Path.Combine(Folder, "w-0001.mkv")));
        Assert.Equal(_use.RunId, BrokenUse.Read(_runner.Home, _use.Talk, 0)?.RunId);
    }

    [Fact]
    public async Task They_go_when_another_runner_has_brought_the_take_to_its_end()
    {
        await CommitAsync(2);
        await SweepAsync();
        AssertGone();
    }

    [Fact]
    public async Task They_go_with_their_talk()
    {
        await _talk.Store.DeleteFolderAsync(_talk.Paths.Root, Cancellation);
        await SweepAsync();
        AssertGone();
    }

    [Fact]
    public async Task They_go_when_nobody_has_come_back_for_an_hour()
    {
        var note = Assert.Single(Directory.GetFiles(_runner.Home.EngineUses, "*.json"));
        File.SetLastWriteTimeUtc(note, DateTime.UtcNow - UseSweeper.KeptFor - TimeSpan.FromMinutes(1));
        await SweepAsync();
        AssertGone();
    }

    [Fact]
    public async Task What_is_kept_by_nobody_goes_at_once()
    {
        BrokenUse.Forget(_runner.Home, _use.Talk, 0);
        await SweepAsync();
        AssertGone();
    }

    [Fact]
    public async Task They_go_when_the_runner_stops_before_it_would_have_looked()
    {
        await CommitAsync(2);
        // By a clock that stands: the last look may take two seconds, and a busy machine may need more.
        using var sweeper = NewSweeper(new FakeTimeProvider(DateTimeOffset.UtcNow));
        await sweeper.StartAsync(Cancellation);
        await sweeper.StopAsync(Cancellation);
        AssertGone();
    }

    private UseSweeper NewSweeper(TimeProvider? time = null) => new(
        _runner.Access, _talk.Store, new RunnerOptions { Home = _runner.Home }, time ?? TimeProvider.System, NullLogger<UseSweeper>.Instance);

    private async Task SweepAsync()
    {
        using var sweeper = NewSweeper();
        await sweeper.SweepAsync(Cancellation);
    }

    private async Task CommitAsync(int window)
    {
        var file = new StoredFile("x", 1, "y");
        await _talk.Store.TryCreateJsonAsync(_talk.Paths.Commit(0, window), new CommitRecord(window, "a", 72, file, file, "", 2), Cancellation);
    }

    private void AssertGone()
    {
        Assert.False(File.Exists(Path.Combine(Folder, "w-0001.mkv")));
        Assert.Empty(Directory.GetFiles(_runner.Home.EngineUses));
    }
}
