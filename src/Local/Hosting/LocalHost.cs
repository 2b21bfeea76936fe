using WanTalk.Api.Health;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Intake;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Owners;
using WanTalk.Core.Preflight;
using WanTalk.Core.Quotes;
using WanTalk.Core.Records;
using WanTalk.Core.Retention;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.Core.Uploads;
using WanTalk.Core.Webhooks;
using WanTalk.Local.Amqp;
using WanTalk.Local.Durable;
using WanTalk.Storage;
using WanTalk.Storage.Fetching;
using WanTalk.Storage.Local;
using WanTalk.Storage.Webhooks;

namespace WanTalk.Local.Hosting;

/// <summary>The host on one machine: the durable runtime, the queues, and a runner process beside it.</summary>
internal sealed class LocalHost : IAsyncDisposable
{
    private readonly Home _home;
    private readonly StorageAdapters _storage;
    private readonly DurableStore _state;
    private readonly WorkRecovery _recovery;
    private readonly WebhookSender _webhooks;
    private readonly List<IHostedService> _services = [];
    private readonly List<ReadinessCheck> _checks = [];

    private LocalHost(LocalOptions options, Home home, StorageAdapters storage, ILoggerFactory logging, TimeProvider time)
    {
        _home = home;
        _storage = storage;
        Prices = GpuPrices.FromEnvironment(Environment.GetEnvironmentVariable);
        var durable = new DurableOptions
        {
            DatabasePath = home.Layout.StateDatabase,
            InstanceIdPrefix = options.OnlyTalk ?? "",
            Version = Version.Parse(TalkOrchestration.Version),
        };
        _state = DurableStore.Open(durable, time);
        Orchestrations = new DurableClient(_state);
        var fetching = FetchOptions.FromEnvironment(Environment.GetEnvironmentVariable);
        var webhooks = new WebhookOptions
        {
            Signer = WebhookSecretFile.SignerOf(home.Layout, Environment.GetEnvironmentVariable),
            PrivateHosts = fetching.PrivateHosts,
        };
        Intake = new TalkIntake(Store, Orchestrations, LocalOptions.Rules, webhooks);
        Control = new TalkControl(Store, Orchestrations, LocalOptions.Rules, time);
        Reader = new TalkReader(Store, Orchestrations, Prices);
        Index = new TalkIndex(storage.Records, time);
        Uploads = storage.Uploads ?? new ServerUploads(Store, UploadSecret.Of(home.Layout), time);
        History = new GpuHistory(storage.Records);
        var activities = new HostActivities(Store, storage.Queues, time);
        var amqp = new AmqpOptions();
        if (options.Queue is { } queue)
        {
            // First: what is wrong with the queue is said before anything is started, and who takes no more talks still ends them.
            var secret = IdSecret.Of(home.Layout, Environment.GetEnvironmentVariable);
            var messages = new MessageIntakeOptions { IdSecret = secret, ReplyQueues = queue.ReplyQueues };
            var intake = new AmqpIntake(
                queue.Address, queue.ReplyQueues, new TalkMessageHandler(Intake, messages, queue.Requests, time), amqp, time,
                logging.CreateLogger<AmqpIntake>());
            _services.Add(intake);
            _checks.Add(new ReadinessCheck("broker", _ => Task.FromResult(intake.IsTaking ? null : $"No talks come from {queue.Address}.")));
        }

        _webhooks = new WebhookSender(new WebhookSenderOptions { PrivateHosts = fetching.PrivateHosts }, time);
        var telling = new WebhookActivities(Store, _webhooks, webhooks, time);
        var notify = new NotifyActivities(
            Store, Index, History, options.Queue is { } broker ? new AmqpReplySender(broker.Address, amqp) : null, telling, time);
        var registry = TalkRegistry.Create(activities, notify, telling, Orchestrations);
        _services.Add(new DurableRuntime(_state, registry, logging.CreateLogger<DurableRuntime>()));
        if (options.OnlyTalk is null)
        {
            var retention = RetentionOptions.FromEnvironment(Environment.GetEnvironmentVariable, keep: null);
            _services.Add(new RetentionService(
                new TalkRetention(Store, Orchestrations, Index, retention, time), new UploadRetention(Store, Records, time),
                new PreflightRetention(Store, Records, Orchestrations, time), retention, time,
                logging.CreateLogger<RetentionService>()));
        }

        _services.Add(new CompletionPump(storage.Queues, Orchestrations, time, logging.CreateLogger<CompletionPump>()));
        _recovery = new WorkRecovery(Store, storage.Queues, Orchestrations);
        var runner = new RunnerSupervisor(options, home.Layout, _recovery, time, logging.CreateLogger<RunnerSupervisor>());
        _services.Add(runner);
        _checks.AddRange([.. StorageChecks.Of(Store, storage.Records, storage.Queues), new ReadinessCheck("runner", runner.FindProblemAsync)]);
    }

    /// <summary>The artifacts.</summary>
    public IArtifactStore Store => _storage.Artifacts;

    /// <summary>What is on record of talks and uploads.</summary>
    public IRecordStore Records => _storage.Records;

    /// <summary>Where uploads are sent.</summary>
    public IUploadStore Uploads { get; }

    /// <summary>The orchestrations.</summary>
    public IOrchestrationClient Orchestrations { get; }

    /// <summary>Accepts talks.</summary>
    public TalkIntake Intake { get; }

    /// <summary>Cancels, retries and deletes talks.</summary>
    public TalkControl Control { get; }

    /// <summary>Reads talks.</summary>
    public TalkReader Reader { get; }

    /// <summary>Who owns which talk.</summary>
    public TalkIndex Index { get; }

    /// <summary>How long windows took.</summary>
    public GpuHistory History { get; }

    /// <summary>What GPUs cost.</summary>
    public GpuPrices Prices { get; }

    /// <summary>What lies where in the home.</summary>
    public HomeLayout Layout => _home.Layout;

    /// <summary>What the host needs for its talks.</summary>
    public IReadOnlyList<ReadinessCheck> Checks => _checks;

    /// <summary>Opens a home and brings everything up.</summary>
    /// <param name="options">What to run.</param>
    /// <param name="logging">Where the host's own log goes.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="Core.Errors.TalkException">
    /// The home is in use, a program is missing, or the storage, the bucket for videos or the queue is not to be used: the settings are wrong,
    /// or it does not answer.
    /// </exception>
    public static async Task<LocalHost> StartAsync(LocalOptions options, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        // The runner reads it from the same environment, where nobody would see its refusal, and this host before anything is opened.
        _ = FetchOptions.FromEnvironment(Environment.GetEnvironmentVariable);
        var home = Home.Open(options.Home);
        StorageAdapters? storage = null;
        LocalHost host;
        try
        {
            if (options.Publish == PublishKind.R2)
            {
                await StorageAdapters.CheckR2Async(Environment.GetEnvironmentVariable, TimeProvider.System, cancellationToken);
            }

            storage = await StorageAdapters.OpenForHostAsync(
                options.Storage, home.Layout, options.SharesLanes, Environment.GetEnvironmentVariable, TimeProvider.System, cancellationToken);
            host = new LocalHost(options, home, storage, logging, TimeProvider.System);
        }
        catch
        {
            storage?.Dispose();
            home.Dispose();
            throw;
        }

        try
        {
            await host._recovery.SendAgainAsync(options.OnlyTalk, cancellationToken);
            foreach (var service in host._services)
            {
                await service.StartAsync(cancellationToken);
            }

            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the runner and its engine, then the runtime, and lets go of the home.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var service in Enumerable.Reverse(_services))
        {
            await service.StopAsync(CancellationToken.None);
            (service as IDisposable)?.Dispose();
        }

        _webhooks.Dispose();
        _storage.Dispose();
        _state.Dispose();
        _home.Dispose();
    }
}
