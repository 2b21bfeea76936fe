using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WanTalk.ComfyUI;
using WanTalk.GpuRunner.Engine;
using WanTalk.GpuRunner.Engine.Supervision;

namespace WanTalk.GpuRunner.Health;

/// <summary>Keeps looking whether the engine is there and has all that talks need, and tells each change in the log.</summary>
internal sealed class RunnerReadiness(
    EngineSupervisor supervisor,
    EngineReadiness engine,
    RunnerOptions options,
    TimeProvider time,
    ILogger<ComfyClient> clientLogger,
    ILogger<RunnerReadiness> logger) : BackgroundService
{
    private volatile ReadinessReport _report = new(false, EngineState.Starting, null, 0, ["The engine has not answered yet."]);
    private volatile TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was found the last time.</summary>
    public ReadinessReport Report => _report;

    /// <summary>Waits until the runner is ready.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                Tell(await LookAsync(stoppingToken));
                await Task.Delay(TimeSpan.FromSeconds(options.ReadinessSeconds), time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task<ReadinessReport> LookAsync(CancellationToken cancellationToken)
    {
        var status = supervisor.Status;
        if (status.Deaths != _report.EngineDeaths)
        {
            // What the engine before had says nothing about this one, even under the same address.
            engine.Forget();
        }

        var problems = await FindProblemsAsync(status, cancellationToken);
        return new ReadinessReport(problems.Count == 0, status.State, status.Address, status.Deaths, problems);
    }

    private async Task<IReadOnlyList<string>> FindProblemsAsync(EngineStatus status, CancellationToken cancellationToken)
    {
        if (status.Address is not { } address)
        {
            return [status.LastReason ?? "The engine has not answered yet."];
        }

        using var client = new ComfyClient(address, null, time, clientLogger);
        try
        {
            var problems = EngineReadiness.Examine(await engine.AskAsync(client, cancellationToken), options.Presets);
            if (problems.Count > 0)
            {
                engine.Forget();
            }

            return problems;
        }
        catch (ComfyException failure)
        {
            return [failure.Message];
        }
    }

    private void Tell(ReadinessReport report)
    {
        if (report.Summary != _report.Summary)
        {
            logger.Log(report.Ready ? LogLevel.Information : LogLevel.Warning, "The runner is {Summary}", report.Summary);
        }

        _report = report;
        if (report.Ready)
        {
            _ready.TrySetResult();
        }
        else if (_ready.Task.IsCompleted)
        {
            _ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
