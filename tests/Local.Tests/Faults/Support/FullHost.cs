using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using WanTalk.Azurite;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Owners;
using WanTalk.Core.Quotes;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.Core.Webhooks;
using WanTalk.Core.Work;
using WanTalk.GpuRunner;
using WanTalk.Local.Hosting;
using WanTalk.Local.Tests.Durable;
using WanTalk.Storage.Azure;
using WanTalk.Storage.Local;
using WanTalk.Storage.Webhooks;
using WanTalk.Waiting;

namespace WanTalk.Local.Tests.Faults.Support;

/// <summary>A host with its runners in one process, on folder and SQLite or on an Azurite: all of it real, and quick to notice things.</summary>
internal sealed class FullHost : IAsyncDisposable
{
    public const double LeaseSeconds = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly WaitRules Rules = new()
    {
        FirstLookSeconds = 0.25,
        LookGrowth = 1,
        LongestLookSeconds = 0.25,
        StaleHeartbeatSeconds = 60,
        FirstResendSeconds = 0.5,
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wantalk-full-");
    private readonly LocalWorkQueues? _local;
    private readonly DurableHost _durable = new();
    private readonly List<InProcessRunner> _runners = [];
    private readonly CompletionPump _pump;
    private readonly SqliteRecordStore _records;
    private readonly WebhookSender _sender = new(new WebhookSenderOptions(), TimeProvider.System);

    private FullHost(IArtifactStore? store, IWorkQueues? queues, Func<Arrival> arrivals)
    {
        _records = new SqliteRecordStore(Path.Combine(_folder.FullName, "index.db"));
        Store = store ?? new FolderArtifactStore(
            Path.Combine(_folder.FullName, "artifacts"), TimeProvider.System, new FolderArtifactStoreOptions { FlushToDisk = false });
        _local = queues is null ? new LocalWorkQueues(new HomeLayout(_folder.FullName), TimeProvider.System) : null;
        Queues = new DisturbedQueues(queues ?? _local!, arrivals);
        RunnerStore = new HaltingStore(Store);
        _pump = new CompletionPump(Queues, _durable.Client, TimeProvider.System, NullLogger<CompletionPump>.Instance);
        var webhooks = new WebhookActivities(Store, _sender, new WebhookOptions(), TimeProvider.System);
        _durable.Registry = TalkRegistry.Create(
            new HostActivities(Store, Queues, TimeProvider.System),
            new NotifyActivities(Store, new TalkIndex(_records, TimeProvider.System), new GpuHistory(_records), replies: null, webhooks, TimeProvider.System),
            webhooks,
            _durable.Client);
    }

    public static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public IArtifactStore Store { get; }

    /// <summary>The same artifacts as the runners see them.</summary>
    public HaltingStore RunnerStore { get; }

    public IWorkQueues Queues { get; }

    public TalkControl Control => new(Store, _durable.Client, Rules, TimeProvider.System);

    /// <summary>Starts a host without a runner.</summary>
    /// <param name="azurite">Where artifacts and queues are; null for a folder.</param>
    /// <param name="arrivals">What becomes of each message that is sent; null for the best.</param>
    public static async Task<FullHost> StartAsync(AzuriteServer? azurite = null, Func<Arrival>? arrivals = null)
    {
        var (store, queues) = azurite is null ? (null, null) : await OpenAsync(azurite);
        var host = new FullHost(store, queues, arrivals ?? (() => Arrival.Once));
        await host._durable.StartAsync();
        await host._pump.StartAsync(TestEnd);
        return host;
    }

    /// <summary>Starts a runner.</summary>
    public async Task<InProcessRunner> AddRunnerAsync(string name, FaultyEngine engine, TimeProvider? clock = null)
    {
        var options = new RunnerOptions
        {
            Home = new HomeLayout(Path.Combine(_folder.FullName, name)),
            Name = name,
            EngineUrl = engine.Address,
            SharesLanes = true,
            FaceRequired = true,
            LeaseSeconds = LeaseSeconds,
            HeartbeatSeconds = 0.2,
            ReadinessSeconds = 0.1,
        };
        var publisher = new FolderPublisher(Path.Combine(_folder.FullName, "published"), TimeProvider.System);
        var runner = await InProcessRunner.StartAsync(options, RunnerStore, Queues, publisher, clock ?? TimeProvider.System);
        _runners.Add(runner);
        return runner;
    }

    public async Task<string> AcceptAsync(WholeTalks talks)
    {
        var request = TalkIntake.Check(talks.Draft, TimeProvider.System, out _)!;
        await using var portrait = new MemoryStream(talks.Portrait);
        await using var speech = new MemoryStream(talks.Speech);
        await new TalkIntake(Store, _durable.Client, Rules).AcceptAsync(request, portrait, speech, workflow: null, TestEnd);
        return request.Id;
    }

    public async Task<TalkView> ViewAsync(string talk) =>
        await new TalkReader(Store, _durable.Client).ReadAsync(talk, TestEnd) ?? throw new InvalidOperationException("There is no talk.");

    /// <summary>Waits until a talk is over, however it ends.</summary>
    public async Task<TalkView> EndOfAsync(string talk)
    {
        await _durable.Client.WaitForInstanceCompletionAsync(talk, TestEnd).WaitAsync(Patience, TestEnd);
        return await ViewAsync(talk);
    }

    /// <summary>The bytes of a talk that is completed, as they were published.</summary>
    public async Task<byte[]> VideoAsync(string talk)
    {
        var view = await EndOfAsync(talk);
        Assert.Equal((TalkStatus.Completed, null), (view.Status, view.Error));
        return await File.ReadAllBytesAsync(new Uri(Assert.Single(view.Video)).LocalPath, TestEnd);
    }

    /// <summary>All that runners were asked to do for a talk, stage by stage.</summary>
    public async Task<IReadOnlyList<AttemptRequest>> AttemptsAsync(string talk)
    {
        var all = new List<AttemptRequest>();
        await foreach (var artifact in Store.ListAsync(new TalkPaths(talk).Work, TestEnd))
        {
            if (artifact.Path.Value.EndsWith("/request.json", StringComparison.Ordinal))
            {
                all.Add(await Store.ReadJsonAsync<AttemptRequest>(artifact.Path, TestEnd));
            }
        }

        return [.. all.OrderBy(attempt => attempt.Work.Stage)];
    }

    public Task<AttemptResult?> ResultAsync(AttemptRequest attempt) => Store.TryReadJsonAsync<AttemptResult>(
        new TalkPaths(attempt.Work.Talk).AttemptResult(attempt.Work.Stage, attempt.Work.Key, attempt.Work.Attempt), TestEnd);

    /// <summary>The commit records of a talk's one take; each grew from the one before, and nothing else is stored of its windows.</summary>
    public async Task<List<CommitRecord>> OneChainAsync(string talk)
    {
        var paths = new TalkPaths(talk);
        var records = new List<CommitRecord>();
        while (await Store.TryReadJsonAsync<CommitRecord>(paths.Commit(0, records.Count), TestEnd) is { } record)
        {
            records.Add(record);
        }

        Assert.Equal(records.Select(record => record.Checkpoint.Sha256).Prepend("").SkipLast(1), records.Select(record => record.ParentSha256));
        var named = records.Select(record => paths.Commit(0, record.Window).Value)
            .Concat(records.Select(record => record.Segment.Path))
            .Concat(records.TakeLast(2).Select(record => record.Checkpoint.Path));
        var stored = await Store.ListAsync(paths.Take(0), TestEnd).Select(artifact => artifact.Path.Value).ToListAsync(TestEnd);
        Assert.Equal(named.Order(StringComparer.Ordinal), stored);
        return records;
    }

    /// <summary>Waits until all messages, late ones too, have come and are dealt with, and the runners are at nothing.</summary>
    public Task QuietAsync(params FaultyEngine[] engines) => UntilAsync(async () =>
    {
        foreach (var queue in Enum.GetValues<Lane>().Select(Queues.ForLane).Append(Queues.Completions))
        {
            if (await queue.CountAsync(TestEnd) > 0)
            {
                return false;
            }
        }

        foreach (var engine in engines)
        {
            if (!await engine.IsIdleAsync())
            {
                return false;
            }
        }

        return _runners.TrueForAll(runner => runner.IsIdle);
    });

    public static Task UntilAsync(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Wait.UntilAsync(condition, Patience, what);

    public async ValueTask DisposeAsync()
    {
        foreach (var runner in _runners)
        {
            await runner.DisposeAsync();
        }

        await _pump.StopAsync(CancellationToken.None);
        _pump.Dispose();
        await _durable.DisposeAsync();
        _sender.Dispose();
        _local?.Dispose();
        _records.Dispose();
        _folder.Delete(recursive: true);
    }

    private static async Task<(IArtifactStore, IWorkQueues)> OpenAsync(AzuriteServer azurite)
    {
        var account = new AzureStorageAccount(new AzureStorageOptions { ConnectionString = azurite.ConnectionString });
        var name = $"t-{Guid.NewGuid():n}";
        var store = new BlobArtifactStore(account, new BlobArtifactStoreOptions { Container = name });
        var options = new StorageQueueOptions { Prefix = $"{name}-", LongestPollInterval = TimeSpan.FromSeconds(0.2) };
        var queues = new StorageWorkQueues(account, TimeProvider.System, options);
        await store.PrepareAsync(TestEnd);
        await queues.PrepareAsync(TestEnd);
        return (store, queues);
    }
}
