using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Json;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.Core.Work;
using WanTalk.GpuRunner.Lanes;
using WanTalk.GpuRunner.Stages;
using WanTalk.Storage.Local;
using WanTalk.Waiting;

namespace WanTalk.GpuRunner.Tests.Support;

/// <summary>
/// A runner's handler on real artifacts and queues, with a clock that stands until the test moves it. The work itself is the test's.
/// </summary>
internal sealed class LaneBench : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wantalk-lane-");

    public LaneBench()
    {
        Home = new HomeLayout(_folder.FullName);
        Store = new FolderArtifactStore(Home.Artifacts, Clock, new FolderArtifactStoreOptions { FlushToDisk = false });
        Queues = new LocalWorkQueues(Home, Clock);
        Options = new RunnerOptions { Home = Home, Name = "this-runner" };
    }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public HomeLayout Home { get; }

    public FolderArtifactStore Store { get; }

    public LocalWorkQueues Queues { get; }

    public RunnerOptions Options { get; set; }

    public IMessageQueue Lane => Queues.ForLane(Core.Work.Lane.Media);

    public AttemptRequest Attempt { get; } = new(
        new WorkReference(TalkId.New(), Stage.Prepare, WorkReference.WholeTalk, "0123abcd"), new ReplyAddress("talk", "done-0123abcd"), null);

    public TalkPaths Paths => new(Attempt.Work.Talk);

    public ArtifactPath HeartbeatPath => Paths.Heartbeat(Attempt.Work.Stage, Attempt.Work.Key, Attempt.Work.Attempt);

    public bool ScratchIsEmpty => !Directory.Exists(Home.Scratch) || !Directory.EnumerateFileSystemEntries(Home.Scratch).Any();

    public AttemptHandler HandlerOf(Func<StageContext, CancellationToken, Task<StageReport>> work) => new(
        Store, Queues, [new PlayedStage(work)], Options, Clock, NullLogger<AttemptHandler>.Instance);

    /// <summary>Hands the attempt over as the host does.</summary>
    public Task HandOverAsync() => new HostActivities(Store, Queues, Clock).HandOverAsync(Attempt, Cancellation);

    /// <summary>Hands the same work of another talk over.</summary>
    public Task HandOverAsync(string talk) => new HostActivities(Store, Queues, Clock).HandOverAsync(
        Attempt with { Work = Attempt.Work with { Talk = talk, Attempt = "4567cdef" } }, Cancellation);

    /// <summary>The lane's next message; fails when there is none now.</summary>
    public async Task<QueueMessage> ReceiveAsync() => await TryReceiveAsync() ?? throw new InvalidOperationException("The lane is empty.");

    public Task<QueueMessage?> TryReceiveAsync() =>
        Lane.ReceiveAsync(TimeSpan.FromSeconds(Options.LeaseSeconds), TimeSpan.Zero, Cancellation);

    public Task<AttemptResult?> ResultAsync() => Store.TryReadJsonAsync<AttemptResult>(
        Paths.AttemptResult(Attempt.Work.Stage, Attempt.Work.Key, Attempt.Work.Attempt), Cancellation);

    public Task WriteResultAsync(AttemptResult result) => Store.TryCreateJsonAsync(
        Paths.AttemptResult(Attempt.Work.Stage, Attempt.Work.Key, Attempt.Work.Attempt), result, Cancellation);

    public Task<Heartbeat?> HeartbeatAsync() => Store.TryReadJsonAsync<Heartbeat>(HeartbeatPath, Cancellation);

    /// <summary>Takes all completions that were sent.</summary>
    public async Task<List<Completion>> CompletionsAsync()
    {
        var all = new List<Completion>();
        while (await Queues.Completions.ReceiveAsync(TimeSpan.FromHours(1), TimeSpan.Zero, Cancellation) is { } message)
            all.Add(JsonSerializer.Deserialize<Completion>(message.Body, CoreJson.Options)!);
        return all;
    }

    /// <summary>Moves the clock by one heartbeat, and waits until it was written.</summary>
    public async Task BeatAsync()
    {
        Clock.Advance(TimeSpan.FromSeconds(Options.HeartbeatSeconds));
        var now = Clock.GetUtcNow();
        await UntilAsync(async () => (await HeartbeatAsync())?.At == now);
    }

    /// <summary>Waits until something is so; fails when it does not become so.</summary>
    /// <param name="condition">What is waited for.</param>
    /// <param name="what">The condition's text, for the failure.</param>
    public static Task UntilAsync(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Wait.UntilAsync(condition, Patience, what);

    public void Dispose()
    {
        Queues.Dispose();
        _folder.Delete(recursive: true);
    }

    private sealed class PlayedStage(Func<StageContext, CancellationToken, Task<StageReport>> work) : IStage
    {
        public Stage Stage => Stage.Prepare;

        public Task<StageReport> RunAsync(StageContext context, CancellationToken cancellationToken) => work(context, cancellationToken);
    }
}
