using WanTalk.GpuRunner.Processes;

namespace WanTalk.Local.Hosting;

/// <summary>Keeps a runner process alive beside the host.</summary>
internal sealed class RunnerSupervisor(LocalOptions options, Home home, TimeProvider time, ILogger<RunnerSupervisor> logger) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var log = new BoundedLog(Path.Combine(home.Layout.Logs, "runner.log"));
        var command = Command();
        var pause = FirstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            var begun = time.GetTimestamp();
            await RunOnceAsync(command, log, stoppingToken);
            pause = time.GetElapsedTime(begun) > LongestPause ? FirstPause : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunOnceAsync(IReadOnlyList<string> command, BoundedLog log, CancellationToken stoppingToken)
    {
        try
        {
            await using var child = ChildProcess.Start(command, log.WriteLine);
            var code = await child.WaitForExitAsync(stoppingToken);
            logger.LogWarning("The runner ended with exit code {Code}; starting it again", code);
        }
        catch (OperationCanceledException)
        {
            // The host stops, and the runner with it.
        }
    }

    private List<string> Command()
    {
        List<string> command = [.. Programs.CommandOf("GpuRunner"), "--home", home.Layout.Root];
        if (options.ComfyUI is { } engine)
        {
            command.AddRange(["--engine-url", engine.ToString()]);
        }
        else
        {
            command.Add("--engine-command");
            command.AddRange([.. Programs.CommandOf("Understudy"), "--port", "0", "--dir", home.Layout.Engine, "--exit-with-stdin"]);
        }

        return command;
    }
}
