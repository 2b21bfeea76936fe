using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WanTalk.Core.Errors;
using WanTalk.GpuRunner.Processes;

namespace WanTalk.GpuRunner.Engine;

/// <summary>
/// Starts the engine, learns its address from the line in which it says that it listens, and starts it again, with growing pauses, when it
/// dies. An engine given by URL is never started or stopped.
/// </summary>
internal sealed class EngineSupervisor(RunnerOptions options, TimeProvider time, ILogger<EngineSupervisor> logger) : BackgroundService
{
    private const string ListeningMark = "listening on ";
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The address of the engine that is running now; waits for one that is being started.</summary>
    /// <exception cref="TalkException">No engine came up in time.</exception>
    public async Task<Uri> GetAddressAsync(CancellationToken cancellationToken)
    {
        Task<Uri> address;
        lock (_gate)
        {
            address = _address.Task;
        }

        try
        {
            return await address.WaitAsync(TimeSpan.FromSeconds(options.EngineStartSeconds), time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TalkException(ErrorCode.EngineUnavailable,
                $"The engine did not come up within {options.EngineStartSeconds:0} s. Look into logs/engine.log in the home folder.");
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.EngineUrl is { } given)
        {
            _address.TrySetResult(given);
            return;
        }

        using var log = new BoundedLog(Path.Combine(options.Home.Logs, "engine.log"));
        await new RestartLoop(FirstPause, time).RunAsync(stopping => RunOnceAsync(log, stopping), stoppingToken);
    }

    private async Task RunOnceAsync(BoundedLog log, CancellationToken stoppingToken)
    {
        try
        {
            // A dead engine's files belong to uses that begin again under other names.
            OwnFolder.Clear(options.Home.Engine);
            await using var child = ChildProcess.Start(options.EngineCommand, line => OnLine(line, log));
            var code = await child.WaitForExitAsync(stoppingToken);
            logger.LogWarning("The engine ended with exit code {Code}", code);
        }
        catch (OperationCanceledException)
        {
            // The runner stops, and the engine with it.
        }
        catch (Exception fault)
        {
            logger.LogError(fault, "The engine could not be started");
        }

        lock (_gate)
        {
            if (_address.Task.IsCompleted)
            {
                _address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private void OnLine(string line, BoundedLog log)
    {
        log.WriteLine(line);
        var mark = line.IndexOf(ListeningMark, StringComparison.Ordinal);
        if (mark >= 0 && Uri.TryCreate(line[(mark + ListeningMark.Length)..].Split(' ')[0], UriKind.Absolute, out var address))
        {
            lock (_gate)
            {
                _address.TrySetResult(address);
            }
        }
    }
}
