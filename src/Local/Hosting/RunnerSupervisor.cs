using WanTalk.GpuRunner;
using WanTalk.GpuRunner.Engine.Supervision;
using WanTalk.GpuRunner.Processes;
using WanTalk.Storage;
using WanTalk.Storage.Local;

namespace WanTalk.Local.Hosting;

/// <summary>Keeps a runner process alive beside the host. The leases of one that died are not waited for: its work is sent again.</summary>
internal sealed class RunnerSupervisor : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _health = new(new SocketsHttpHandler { UseProxy = false });
    private readonly bool _isWatched;
    private readonly string? _onlyTalk;
    private readonly string _logFile;
    private readonly ChildCommand _command;
    private readonly IReadOnlyList<string> _engine;
    private readonly WorkRecovery _recovery;
    private readonly TimeProvider _time;
    private readonly ILogger<RunnerSupervisor> _logger;
    private volatile Uri? _ready;

    /// <summary>Finds the programs; nothing is started yet.</summary>
    /// <exception cref="Core.Errors.TalkException">A program is missing, or what the environment says of ComfyUI is wrong.</exception>
    public RunnerSupervisor(
        LocalOptions options, HomeLayout home, WorkRecovery recovery, TimeProvider time, ILogger<RunnerSupervisor> logger)
    {
        (_onlyTalk, _isWatched, _recovery, _time, _logger) = (options.OnlyTalk, options.WatchesRunner, recovery, time, logger);
        _logFile = Path.Combine(home.Logs, "runner.log");
        // A runner gives its engine five seconds to end, before it ends itself.
        _engine = EngineOf(options, home);
        _command = new ChildCommand(CommandOf(options, home))
        {
            Grace = TimeSpan.FromSeconds(20),
            Environment = EnvironmentOf(options, Environment.GetEnvironmentVariable),
        };
    }

    /// <summary>Asks the runner whether it can do its work; null when it can.</summary>
    public async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        if (_ready is not { } ready)
        {
            return "The runner has not been started.";
        }

        using var answer = await _health.GetAsync(ready, cancellationToken);
        return answer.IsSuccessStatusCode ? null : await answer.Content.ReadAsStringAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _health.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var log = new BoundedLog(_logFile);
        await new RestartLoop(FirstPause, _time).RunAsync(stopping => RunOnceAsync(log, stopping), stoppingToken);
    }

    private async Task RunOnceAsync(BoundedLog log, CancellationToken stoppingToken)
    {
        try
        {
            await using var child = ChildProcess.Start(NextCommand(), log.WriteLine);
            var code = await child.WaitForExitAsync(stoppingToken);
            _logger.LogWarning("The runner ended with exit code {Code}; it is started again. Its log is {Log}", code, _logFile);
            await _recovery.SendAgainAsync(_onlyTalk, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops, and the runner with it.
        }
        catch (Exception fault)
        {
            _logger.LogError(fault, "The runner could not be kept alive; it is tried again. Its log is {Log}", _logFile);
        }
    }

    /// <summary>Listens for health on a port that is free now: the one before may be another's by now.</summary>
    private ChildCommand NextCommand()
    {
        if (!_isWatched)
        {
            return _command with { Line = [.. _command.Line, .. _engine] };
        }

        var health = $"127.0.0.1:{LoopbackPort.Choose(0)}";
        _ready = new Uri($"http://{health}/health/ready");
        return _command with { Line = [.. _command.Line, "--health-listen", health, .. _engine] };
    }

    /// <summary>What a runner beside a host finds in its environment instead of what its host finds there.</summary>
    internal static IReadOnlyDictionary<string, string> EnvironmentOf(LocalOptions options, Func<string, string?> variable)
    {
        var changed = RunnerEnvironment.OfContainers.ToDictionary(name => name, _ => "");
        changed[RunnerEnvironment.Presets] = RunnerEnvironment.NameOf(options.DefaultPreset);
        if (RunnerEnvironment.FindLogLevel(variable(RunnerEnvironment.LogLevelName)) is not null)
        {
            changed.Remove(RunnerEnvironment.LogLevelName);
        }

        // The understudy has no models, and those of an engine elsewhere are not in a folder of this machine.
        if (options.ComfyUI is null && ComfyUIFolder.Find(variable) is not null)
        {
            changed.Remove(RunnerEnvironment.Models);
        }

        return changed;
    }

    private static IReadOnlyList<string> EngineOf(LocalOptions options, HomeLayout home) =>
        options.ComfyUI is { } given
            ? ["--engine-url", given.ToString()]
            : ComfyUIFolder.Find(Environment.GetEnvironmentVariable) is { } installed
                ? installed.RunnerArguments
                : [
                    "--face-required", "--engine-command", .. Programs.CommandOf("Understudy"),
                    "--port", "{port}", "--dir", home.Engine, "--exit-with-stdin",
                ];

    private static IReadOnlyList<string> CommandOf(LocalOptions options, HomeLayout home) =>
        [
            .. Programs.CommandOf("GpuRunner"), "--home", home.Root,
            "--storage", StorageKinds.NameOf(options.Storage), "--publish", PublishKinds.NameOf(options.Publish),
            "--shared-lanes", options.SharesLanes ? "true" : "false",
        ];
}
