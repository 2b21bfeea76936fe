using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WanTalk.Core.Errors;
using WanTalk.GpuRunner.Engine;

namespace WanTalk.GpuRunner.Health;

/// <summary>
/// Keeps looking whether everything is there that talks need, and tells each change in the log. A runner that shares its lanes is not ready
/// for a while after trouble that another one may not have.
/// </summary>
internal sealed class RunnerReadiness : BackgroundService
{
    private readonly RunnerOptions _options;
    private readonly List<IReadinessCheck> _checks;
    private readonly TimeProvider _time;
    private readonly ILogger<RunnerReadiness> _logger;
    private readonly EngineSupervisor? _supervisor;
    private readonly Lock _gate = new();
    private volatile ReadinessReport _report;
    private volatile TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _hasLooked;
    private IReadOnlyList<string> _problems = ["Nothing has been looked at yet."];
    private (DateTimeOffset Until, TalkError Cause)? _rest;

    /// <summary>Nothing is looked at yet.</summary>
    /// <param name="options">The runner's settings.</param>
    /// <param name="checks">What is looked at.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <param name="supervisor">The engine; null when the runner's lanes need none.</param>
    public RunnerReadiness(
        RunnerOptions options, IEnumerable<IReadinessCheck> checks, TimeProvider time, ILogger<RunnerReadiness> logger,
        EngineSupervisor? supervisor = null)
    {
        (_options, _checks, _time, _logger, _supervisor) = (options, [.. checks], time, logger, supervisor);
        _report = MakeReport();
    }

    /// <summary>What was found the last time.</summary>
    public ReadinessReport Report => _report;

    /// <summary>Whether everything was looked at once, with whatever result.</summary>
    public bool HasLooked => _hasLooked;

    /// <summary>Waits until the runner is ready.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);

    /// <summary>Leaves GPU work to other runners for a while when it failed in a way that this machine may be the cause of.</summary>
    public void RestAfter(TalkError error)
    {
        if (!_options.SharesLanes || _options.CooldownSeconds <= 0
            || error.Code is not (ErrorCode.WindowTooSlow or ErrorCode.EngineUnavailable))
        {
            return;
        }

        lock (_gate)
        {
            _rest = (_time.GetUtcNow().AddSeconds(_options.CooldownSeconds), error);
            Tell();
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var problems = await LookAsync(stoppingToken);
                lock (_gate)
                {
                    _problems = problems;
                    Tell();
                }

                _hasLooked = true;
                await Task.Delay(TimeSpan.FromSeconds(_options.ReadinessSeconds), _time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task<IReadOnlyList<string>> LookAsync(CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        foreach (var check in _checks)
        {
            try
            {
                problems.AddRange(await check.FindProblemsAsync(cancellationToken));
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                problems.Add($"{check.GetType().Name} could not look: {fault.Message.ReplaceLineEndings(" ")}");
            }
        }

        return problems;
    }

    private ReadinessReport MakeReport()
    {
        IReadOnlyList<string> problems = _rest is { } rest && _time.GetUtcNow() < rest.Until
            ? [.. _problems, $"Resting until {rest.Until:HH:mm:ss} UTC after {ErrorCatalog.Name(rest.Cause.Code)}."]
            : _problems;
        var status = _supervisor?.Status;
        return new ReadinessReport(problems.Count == 0, status?.State, status?.Address, status?.Deaths ?? 0, problems);
    }

    private void Tell()
    {
        var report = MakeReport();
        if (report.Summary != _report.Summary)
        {
            _logger.Log(report.Ready ? LogLevel.Information : LogLevel.Warning, "The runner is {Summary}", report.Summary);
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
