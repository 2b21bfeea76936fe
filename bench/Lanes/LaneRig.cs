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

/// <summary>A host and a runner of the sample lane in one process, with all that is between them real, and a stage that takes no time.</summary>
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
    private readonly Task _runner;

    private LaneRig(AzuriteServer? azurite, Func<string, string?> variable, IStage stage)
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
        var options = new RunnerOptions { Home = home };
        var handler = new AttemptHandler(_storage.Artifacts, _storage.Queues, [stage], options, time, NullLogger<AttemptHandler>.Instance);
        _runner = ServeAsync(handler, options);
    }

    /// <summary>The orchestrations.</summary>
    public IOrchestrationClient Orchestrations { get; }

    /// <summary>The adapters.</summary>
    public StorageAdapters Storage => _storage;

    /// <summary>Brings a rig up.</summary>
    /// <param name="kind">The adapters; those of the cloud are against Azurite.</param>
    /// <param name="stage">What the runner does.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<LaneRig> StartAsync(StorageKind kind, IStage stage, CancellationToken cancellationToken)
    {
        var azurite = kind == StorageKind.Azure ? await AzuriteServer.StartAsync(cancellationToken) : null;
        string? Variable(string name) => name == AzureStorageOptions.ConnectionStringVariable ? azurite?.ConnectionString : null;
        if (azurite is not null)
        {
            await StorageAdapters.CheckAzureAsync(Variable, TimeProvider.System, cancellationToken);
        }

        var rig = new LaneRig(azurite, Variable, stage);
        await rig._runtime.StartAsync(cancellationToken);
        await rig._pump.StartAsync(cancellationToken);
        return rig;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _runner.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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

    private async Task ServeAsync(AttemptHandler handler, RunnerOptions options)
    {
        var queue = _storage.Queues.ForLane(Lane.Sample);
        while (true)
        {
            if (await queue.ReceiveAsync(TimeSpan.FromSeconds(options.LeaseSeconds), TimeSpan.FromSeconds(20), _stopping.Token) is { } message)
            {
                await handler.HandleAsync(queue, message, _stopping.Token);
            }
        }
    }
}
