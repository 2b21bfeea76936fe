using Microsoft.Extensions.Logging.Abstractions;
using WanTalk.Azurite;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Owners;
using WanTalk.Core.Quotes;
using WanTalk.Core.Stages;
using WanTalk.Core.Webhooks;
using WanTalk.Core.Work;
using WanTalk.GpuRunner;
using WanTalk.GpuRunner.Lanes;
using WanTalk.GpuRunner.Stages;
using WanTalk.Local.Durable;
using WanTalk.Local.Hosting;
using WanTalk.Storage;
using WanTalk.Storage.Azure;
using WanTalk.Storage.Local;
using WanTalk.Storage.Webhooks;

namespace WanTalk.Bench.Lanes;

/// <summary>
/// A host and its runners in one process, with all that is between them real, and stages that are simulated. Each GPU is a runner of its own;
/// the other lanes have one runner each.
/// </summary>
internal sealed class LaneRig : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wantalk-bench-");
    private readonly CancellationTokenSource _stopping = new();
    private readonly AzuriteServer? _azurite;
    private readonly StorageAdapters _storage;
    private readonly DurableStore _state;
    private readonly DurableRuntime _runtime;
    private readonly CompletionPump _pump;
    private readonly WebhookSender _sender = new(new WebhookSenderOptions(), TimeProvider.System);
    private readonly Task _runners;

    private LaneRig(AzuriteServer? azurite, Func<string, string?> variable, IReadOnlyList<IStage> stages, int gpus)
    {
        var (time, home) = (TimeProvider.System, new HomeLayout(_folder.FullName));
        _azurite = azurite;
        _storage = StorageAdapters.Open(azurite is null ? StorageKind.Folder : StorageKind.Azure, home, variable, time);
        _state = DurableStore.Open(new DurableOptions { DatabasePath = home.StateDatabase }, time);
        Orchestrations = new DurableClient(_state);
        var webhooks = new WebhookActivities(_storage.Artifacts, _sender, new WebhookOptions(), time);
        var notify = new NotifyActivities(
            _storage.Artifacts, new TalkIndex(_storage.Records, time), new GpuHistory(_storage.Records), replies: null, webhooks, time);
        var registry = TalkRegistry.Create(new HostActivities(_storage.Artifacts, _storage.Queues, time), notify, webhooks, Orchestrations);
        _runtime = new DurableRuntime(_state, registry, NullLogger<DurableRuntime>.Instance);
        _pump = new CompletionPump(_storage.Queues, Orchestrations, time, NullLogger<CompletionPump>.Instance);
        _runners = Task.WhenAll(stages.GroupBy(stage => StageNames.LaneOf(stage.Stage)).SelectMany(lane =>
            Enumerable.Range(0, lane.Key == Lane.Sample ? gpus : 1).Select(runner =>
            {
                var options = new RunnerOptions { Home = home, Name = $"{lane.Key}-{runner}" };
                return ServeAsync(lane.Key, new AttemptHandler(
                    _storage.Artifacts, _storage.Queues, lane, options, time, NullLogger<AttemptHandler>.Instance), options);
            })));
    }

    /// <summary>The orchestrations.</summary>
    public IOrchestrationClient Orchestrations { get; }

    /// <summary>The adapters.</summary>
    public StorageAdapters Storage => _storage;

    /// <summary>Brings a rig up.</summary>
    /// <param name="kind">The adapters; those of the cloud are against Azurite.</param>
    /// <param name="stages">What the runners do; a lane without a stage has no runner.</param>
    /// <param name="gpus">How many runners serve the sample lane.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<LaneRig> StartAsync(
        StorageKind kind, IReadOnlyList<IStage> stages, int gpus, CancellationToken cancellationToken)
    {
        var azurite = kind == StorageKind.Azure ? await AzuriteServer.StartAsync(cancellationToken) : null;
        string? Variable(string name) => name == AzureStorageOptions.ConnectionStringVariable ? azurite?.ConnectionString : null;
        if (azurite is not null)
        {
            await StorageAdapters.CheckAzureAsync(Variable, TimeProvider.System, cancellationToken);
        }

        var rig = new LaneRig(azurite, Variable, stages, gpus);
        await rig._runtime.StartAsync(cancellationToken);
        await rig._pump.StartAsync(cancellationToken);
        return rig;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _runners.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _pump.StopAsync(CancellationToken.None);
        _pump.Dispose();
        await _runtime.DisposeAsync();
        _state.Dispose();
        _sender.Dispose();
        _storage.Dispose();
        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }

        _stopping.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task ServeAsync(Lane lane, AttemptHandler handler, RunnerOptions options)
    {
        var queue = _storage.Queues.ForLane(lane);
        while (true)
        {
            if (await queue.ReceiveAsync(TimeSpan.FromSeconds(options.LeaseSeconds), TimeSpan.FromSeconds(20), _stopping.Token) is { } message)
            {
                await handler.HandleAsync(queue, message, _stopping.Token);
            }
        }
    }
}
