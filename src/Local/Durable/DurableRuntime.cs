using System.Collections.Concurrent;
using System.Text.Json;

namespace WanTalk.Local.Durable;

/// <summary>
/// Carries the orchestrations of a <see cref="DurableStore"/>: runs their turns, their activities and their timers. Whatever happens to the
/// process, the next start goes on from the last commit; activities that were interrupted run again.
/// </summary>
/// <param name="store">The store; at most one runtime runs on it at a time.</param>
/// <param name="registry">The code, complete before the start.</param>
/// <param name="logger">Hears of faults of the runtime itself; those of orchestrations are in their instances.</param>
public sealed class DurableRuntime(DurableStore store, DurableRegistry registry, ILogger<DurableRuntime> logger)
    : IHostedService, IAsyncDisposable
{
    // A wall clock that is stepped, or a machine that sleeps, makes a timer late by no more than this.
    private static readonly TimeSpan LongestTimerWait = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly TurnJournal _journal = new(store);
    private readonly ConcurrentDictionary<long, CancellationTokenSource> _activities = new();
    private CancellationTokenSource? _stopping;
    private Task _loops = Task.CompletedTask;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">It is running already.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_stopping is not null)
            throw new InvalidOperationException("The durable runtime is running already.");
        _stopping = new CancellationTokenSource();
        var stopping = _stopping.Token;
        var options = store.Options;
        var turns = new Dispatcher<string, string>(
            options.MaxConcurrentTurns, store.InboxFilled,
            _journal.NextExecution, execution => execution, RunTurnAsync, store.Clock, logger);
        var activities = new Dispatcher<long, WaitingActivity>(
            options.MaxConcurrentActivities, store.ActivityScheduled,
            _journal.NextActivity, activity => activity.Number, RunActivityAsync, store.Clock, logger);
        _loops = Task.WhenAll(
            Task.Run(() => turns.RunAsync(stopping), CancellationToken.None),
            Task.Run(() => activities.RunAsync(stopping), CancellationToken.None),
            Task.Run(() => FireTimersAsync(stopping), CancellationToken.None),
            Task.Run(() => CancelOrphansAsync(stopping), CancellationToken.None));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Cancels the activities' token and waits for them, at most <see cref="DurableOptions.StopTimeout"/>. One that ends later than that is
    /// not waited for; its result counts if the store is still open, or else it runs again.
    /// </remarks>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_stopping is not { } stopping)
            return;
        _stopping = null;
        await stopping.CancelAsync();
        try
        {
            await _loops.WaitAsync(store.Options.StopTimeout, store.Clock, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            logger.LogWarning("{Count} activities did not end when told to; they run again at the next start.", _activities.Count);
        }
        stopping.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private Task RunTurnAsync(string execution, CancellationToken stopping)
    {
        TurnInput? turn;
        try
        {
            turn = _journal.Load(execution);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            logger.LogError(e, "The history of execution {Execution} cannot be read.", execution);
            _journal.Abandon(execution, $"internal: the history of this instance cannot be read ({e.Message}).");
            return Task.CompletedTask;
        }
        if (turn is not null)
            _journal.Commit(turn, OrchestrationTurn.Run(registry, store.Options.Version, turn, () => ReportForeignTask(execution)));
        return Task.CompletedTask;
    }

    private async Task RunActivityAsync(WaitingActivity activity, CancellationToken stopping)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _activities[activity.Number] = cancellation;
        try
        {
            if (await ExecuteAsync(activity, cancellation.Token) is { } result)
                _journal.Complete(activity, result);
        }
        finally
        {
            _activities.TryRemove(activity.Number, out _);
        }
    }

    // Null for an activity that was interrupted: whatever it threw then is no failure of its own.
    private async Task<HistoryEvent?> ExecuteAsync(WaitingActivity activity, CancellationToken cancellationToken)
    {
        try
        {
            var code = registry.GetActivity(activity.Name);
            return new TaskCompleted(activity.Task, await code(Payload.FromText(activity.Input), cancellationToken));
        }
        catch (Exception e)
        {
            return cancellationToken.IsCancellationRequested ? null : new TaskFailed(activity.Task, e.GetType().FullName!, e.Message);
        }
    }

    private async Task FireTimersAsync(CancellationToken stopping)
    {
        var wake = store.TimerCreated;
        await using var alarm = store.Clock.CreateTimer(_ => wake.Set(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await WatchAsync(
            wake,
            () =>
            {
                var now = store.Clock.GetUtcNow().UtcDateTime;
                if (_journal.FireTimers(now) is not { } due)
                    return;
                var wait = due - now < LongestTimerWait ? due - now : LongestTimerWait;
                alarm.Change(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
                // The clock may have been stepped since it was read; the alarm counts from when it was set.
                if (store.Clock.GetUtcNow().UtcDateTime >= due)
                    wake.Set();
            },
            stopping);
    }

    // Activities whose instance was terminated, replaced or purged are told, so that they give their places back.
    private Task CancelOrphansAsync(CancellationToken stopping) => WatchAsync(
        store.InstancesRemoved,
        () =>
        {
            // The look at what runs comes first: an activity that starts after the look at the database is none of this one's business.
            var running = _activities.ToArray();
            var existing = _journal.Existing(running.Select(activity => activity.Key));
            foreach (var (number, cancellation) in running)
            {
                if (!existing.Contains(number))
                    Cancel(cancellation);
            }
        },
        stopping);

    private static void Cancel(CancellationTokenSource cancellation)
    {
        try
        {
            _ = cancellation.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The activity has ended meanwhile.
        }
    }

    // Does something now and whenever the signal is set; after a failure, which can only be the database's, again after a pause.
    private async Task WatchAsync(Signal signal, Action step, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                step();
                await signal.WaitAsync(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (Exception e)
            {
                logger.LogError(e, "The durable runtime could not go on, and tries again: {Message}", e.Message);
                await Task.Delay(PauseAfterFailure, store.Clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // Called on whatever thread the foreign task ended on, where nobody could catch what this throws.
    private void ReportForeignTask(string execution)
    {
        try
        {
            _journal.ReportForeignTask(execution);
        }
        catch (Exception e)
        {
            logger.LogWarning(e, "Execution {Execution} awaits a foreign task, which could not be noted: {Message}", execution, e.Message);
        }
    }
}
