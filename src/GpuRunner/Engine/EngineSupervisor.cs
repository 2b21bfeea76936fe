using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WanTalk.ComfyUI;
using WanTalk.Core.Errors;
using WanTalk.GpuRunner.Engine.Supervision;

namespace WanTalk.GpuRunner.Engine;

/// <summary>
/// Knows where the engine is and how it stands with it. One of the runner's own is started, watched, and started again when it dies or
/// hangs; one given by its address is only looked at.
/// </summary>
internal sealed class EngineSupervisor : BackgroundService
{
    /// <summary>How long the cause of a death may take to be known after work has noticed the death.</summary>
    private static readonly TimeSpan NewsDelay = TimeSpan.FromSeconds(2);

    private readonly RunnerOptions _options;
    private readonly TimeProvider _time;
    private readonly EngineStanding _standing;
    private readonly GivenEngine? _given;
    private readonly OwnEngine? _own;

    /// <summary>Nothing is started yet.</summary>
    /// <exception cref="ArgumentException">A setting is outside its range.</exception>
    public EngineSupervisor(
        RunnerOptions options,
        EngineCleaner cleaner,
        TimeProvider time,
        ILogger<ComfyClient> clientLogger,
        ILogger<EngineSupervisor> logger)
    {
        options.Engine.Check();
        (_options, _time) = (options, time);
        var recent = new RecentLines();
        _standing = new EngineStanding(recent, time);
        if (options.EngineUrl is { } address)
        {
            _given = new GivenEngine(address, options.Engine, cleaner, _standing, time, clientLogger);
        }
        else
        {
            _own = new OwnEngine(options, _standing, recent, time, clientLogger, logger);
        }
    }

    /// <summary>How it stands with the engine now.</summary>
    public EngineStatus Status => _standing.Now;

    /// <summary>The address of the engine that answers now; waits for one that is being started.</summary>
    /// <exception cref="TalkException">It is given up or not reachable, or did not come up in time.</exception>
    public async Task<Uri> GetAddressAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(_options.Engine.StartSeconds), _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        for (var asked = false; ;)
        {
            var (now, change) = _standing.Watch();
            switch (now.State)
            {
                case EngineState.Answering:
                    return now.Address!;
                case EngineState.GivenUp:
                    throw Unavailable($"The engine died {now.Deaths} times and is given up until it answers again. {now.LastReason}");
                case EngineState.Unreachable when asked:
                    throw new TalkException(ErrorCode.EngineUnavailable, now.LastReason!);
                case EngineState.Unreachable:
                    asked = true;
                    _given!.LookNow();
                    break;
            }

            try
            {
                await change.WaitAsync(both.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw Unavailable($"The engine did not come up within {_options.Engine.StartSeconds:0.#} s. {now.LastReason}");
            }
        }
    }

    /// <summary>Whether the engine is one of the runner's own.</summary>
    public bool CanRestart => _own is not null;

    /// <summary>Has the runner's own engine ended and started again, as for memory that nothing else gives back; waits until it no longer answers.</summary>
    /// <exception cref="InvalidOperationException">The engine is not the runner's.</exception>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        var own = _own ?? throw new InvalidOperationException("An engine that was given by its address is not restarted.");
        var (now, change) = _standing.Watch();
        var since = now.Since;
        own.AskForRestart();
        while (now.State == EngineState.Answering && now.Since == since)
        {
            await change.WaitAsync(cancellationToken);
            (now, change) = _standing.Watch();
        }
    }

    /// <summary>Adds to a failure that work noticed why the engine died, when it did.</summary>
    /// <param name="failure">What work saw: the engine no longer answers.</param>
    /// <param name="deathsBefore">The deaths when the work began.</param>
    /// <param name="cancellationToken">Stops waiting for the cause.</param>
    public async Task<TalkException> ExplainAsync(TalkException failure, int deathsBefore, CancellationToken cancellationToken)
    {
        if (failure.Error.Code != ErrorCode.EngineUnavailable)
        {
            return failure;
        }

        var (now, change) = _standing.Watch();
        if (_own is not null && now.Deaths == deathsBefore)
        {
            await change.WaitAsync(NewsDelay, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            (now, _) = _standing.Watch();
        }

        return now.Deaths > deathsBefore ? Unavailable(now.LastReason!) : failure;
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        _given is { } given ? given.RunAsync(stoppingToken) : _own!.RunAsync(stoppingToken);

    private static TalkException Unavailable(string what) => new(
        ErrorCode.EngineUnavailable, $"{what.TrimEnd().TrimEnd('.')}. Its output is in logs/{EngineOptions.LogName} in the home folder.");
}
