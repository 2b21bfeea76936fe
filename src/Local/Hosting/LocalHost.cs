using WanTalk.Core.Artifacts;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.Local.Durable;
using WanTalk.Storage.Local;

namespace WanTalk.Local.Hosting;

/// <summary>The host on one machine: the durable runtime, the queues, and a runner process beside it.</summary>
internal sealed class LocalHost : IAsyncDisposable
{
    private readonly Home _home;
    private readonly LocalWorkQueues _queues;
    private readonly DurableStore _state;
    private readonly WorkRecovery _recovery;
    private readonly List<IHostedService> _services = [];

    private LocalHost(LocalOptions options, Home home, ILoggerFactory logging, TimeProvider time)
    {
        _home = home;
        Store = new FolderArtifactStore(home.Layout.Artifacts, time);
        LocalWorkQueues.RemoveLanes(home.Layout);
        _queues = new LocalWorkQueues(home.Layout, time);
        var durable = new DurableOptions { DatabasePath = home.Layout.StateDatabase, InstanceIdPrefix = options.OnlyTalk ?? "" };
        _state = DurableStore.Open(durable, time);
        Orchestrations = new DurableClient(_state);
        Intake = new TalkIntake(Store, Orchestrations, LocalOptions.Rules);
        Control = new TalkControl(Store, Orchestrations, LocalOptions.Rules, time);
        Reader = new TalkReader(Store, Orchestrations);
        var activities = new HostActivities(Store, _queues, time);
        _services.Add(new DurableRuntime(_state, TalkRegistry.Create(activities), logging.CreateLogger<DurableRuntime>()));
        _services.Add(new CompletionPump(_queues, Orchestrations, time, logging.CreateLogger<CompletionPump>()));
        _recovery = new WorkRecovery(Store, _queues, Orchestrations);
        _services.Add(new RunnerSupervisor(options, home.Layout, _recovery, time, logging.CreateLogger<RunnerSupervisor>()));
    }

    /// <summary>The artifacts.</summary>
    public IArtifactStore Store { get; }

    /// <summary>The orchestrations.</summary>
    public IOrchestrationClient Orchestrations { get; }

    /// <summary>Accepts talks.</summary>
    public TalkIntake Intake { get; }

    /// <summary>Cancels, retries and deletes talks.</summary>
    public TalkControl Control { get; }

    /// <summary>Reads talks.</summary>
    public TalkReader Reader { get; }

    /// <summary>Opens a home and brings everything up.</summary>
    /// <param name="options">What to run.</param>
    /// <param name="logging">Where the host's own log goes.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="Core.Errors.TalkException">The home is in use, or a program is missing.</exception>
    public static async Task<LocalHost> StartAsync(LocalOptions options, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        var home = Home.Open(options.Home);
        LocalHost host;
        try
        {
            host = new LocalHost(options, home, logging, TimeProvider.System);
        }
        catch
        {
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

        _queues.Dispose();
        _state.Dispose();
        _home.Dispose();
    }
}
