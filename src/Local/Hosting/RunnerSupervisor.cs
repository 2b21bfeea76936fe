using WanTalk.GpuRunner;
using WanTalk.GpuRunner.Processes;
using WanTalk.Storage;
using WanTalk.Storage.Local;

namespace WanTalk.Local.Hosting;

/// <summary>Keeps a runner process alive beside the host. The leases of one that died are not waited for: its work is sent again.</summary>
internal sealed class RunnerSupervisor : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private readonly string? _onlyTalk;
    private readonly string _logFile;
    private readonly ChildCommand _command;
    private readonly WorkRecovery _recovery;
    private readonly TimeProvider _time;
    private readonly ILogger<RunnerSupervisor> _logger;

    /// <summary>Finds the programs; nothing is started yet.</summary>
    /// <exception cref="Core.Errors.TalkException">A program is missing, or what the environment says of ComfyUI is wrong.</exception>
    public RunnerSupervisor(
        LocalOptions options, HomeLayout home, WorkRecovery recovery, TimeProvider time, ILogger<RunnerSupervisor> logger)
    {
        (_onlyTalk, _recovery, _time, _logger) = (options.OnlyTalk, recovery, time, logger);
        _logFile = Path.Combine(home.Logs, "runner.log");
        // A runner gives its engine five seconds to end, before it ends itself.
        _command = new ChildCommand(CommandOf(options, home))
        {
            Grace = TimeSpan.FromSeconds(20),
            Environment = RunnerEnvironment.OfContainers.ToDictionary(name => name, _ => ""),
        };
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
            await using var child = ChildProcess.Start(_command, log.WriteLine);
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

    private static IReadOnlyList<string> CommandOf(LocalOptions options, HomeLayout home)
    {
        IReadOnlyList<string> engine = options.ComfyUI is { } given
            ? ["--engine-url", given.ToString()]
            : ComfyUIFolder.Find(Environment.GetEnvironmentVariable) is { } installed
                ? installed.RunnerArguments
                : [
                    "--face-required", "--engine-command", .. Programs.CommandOf("Understudy"),
                    "--port", "{port}", "--dir", home.Engine, "--exit-with-stdin",
                ];
        return
        [
            .. Programs.CommandOf("GpuRunner"), "--home", home.Root,
            "--storage", StorageKinds.NameOf(options.Storage), "--publish", PublishKinds.NameOf(options.Publish),
            "--shared-lanes", "false", .. engine,
        ];
    }
}
