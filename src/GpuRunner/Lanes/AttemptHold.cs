using Microsoft.Extensions.Logging;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Talks;
using WanTalk.Core.Work;

namespace WanTalk.GpuRunner.Lanes;

/// <summary>
/// A runner's hold on an attempt, kept while the work goes on: renews the lease, writes the heartbeat, looks whether anybody
/// still waits for it. The work's token fires when the hold is lost, nobody waits, or the runner stops.
/// <para>
/// A message that came twice can be taken by two runners in the same moment, each before the other's first heartbeat. On shared lanes a runner
/// therefore reads the heartbeat before it writes it: another's was written behind its own, and the one whose heartbeat is there goes on.
/// Nobody writes after having read another's, so that one of them always stays.
/// </para>
/// </summary>
internal sealed class AttemptHold : IAsyncDisposable
{
    /// <summary>How long a renewal that was sent may take to be answered when the hold ends; a container is killed some time after SIGTERM.</summary>
    private static readonly TimeSpan RenewalPatience = TimeSpan.FromSeconds(5);

    private readonly IArtifactStore _store;
    private readonly IMessageQueue _queue;
    private readonly WorkReference _work;
    private readonly RunnerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly AttemptProgress _progress;
    private readonly CancellationTokenSource _workEnds;
    private readonly CancellationTokenSource _beatEnds = new();
    private readonly CancellationTokenSource _renewalEnds = new();
    private readonly TalkPaths _paths;
    private readonly string _messageId;
    private Task _beating = Task.CompletedTask;
    private QueueMessage? _delivery;

    private AttemptHold(
        IArtifactStore store, IMessageQueue queue, QueueMessage message, WorkReference work, AttemptProgress progress,
        RunnerOptions options, TimeProvider time, ILogger logger, CancellationToken runnerStops)
    {
        (_store, _queue, Message, _work, _progress, _options, _time, _logger) =
            (store, queue, message, work, progress, options, time, logger);
        _paths = TalkPaths.Of(work);
        _messageId = message.Id;
        _workEnds = CancellationTokenSource.CreateLinkedTokenSource(runnerStops);
    }

    /// <summary>Fires when the work has to stop.</summary>
    public CancellationToken Token => _workEnds.Token;

    /// <summary>The message with its newest receipt; null once the lease was lost.</summary>
    public QueueMessage? Message { get; private set; }

    /// <summary>
    /// Whether nobody waits for the work: the talk was cancelled or deleted, or the attempt has a result that is not this runner's.
    /// </summary>
    public bool IsOver { get; private set; }

    /// <summary>Takes hold: the first heartbeat is written before this returns.</summary>
    public static async Task<AttemptHold> TakeAsync(
        IArtifactStore store, IMessageQueue queue, QueueMessage message, WorkReference work, AttemptProgress progress,
        RunnerOptions options, TimeProvider time, ILogger logger, CancellationToken runnerStops)
    {
        var hold = new AttemptHold(store, queue, message, work, progress, options, time, logger, runnerStops);
        await hold.BeatAsync(runnerStops);
        hold._beating = hold.KeepAsync();
        return hold;
    }

    /// <summary>
    /// Tells that this runner received the message again: its lease had run out, because machine or store stood still for a while, and is
    /// held anew. The older receipt is of no use any more. A copy of the message has a lease of its own, and is left alone.
    /// </summary>
    public void Hold(QueueMessage message)
    {
        if (message.Id == _messageId)
        {
            Volatile.Write(ref _delivery, message);
        }
    }

    /// <summary>
    /// Stops beating and renewing; <see cref="Message"/> has the valid receipt from then on. A renewal that has begun is let end: the queue
    /// may have done it, and then the older receipt can neither give the message back nor delete it.
    /// </summary>
    public async Task StopAsync()
    {
        await _beatEnds.CancelAsync();
        await _beating.WaitAsync(RenewalPatience, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _renewalEnds.CancelAsync();
        await _beating;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _beatEnds.Dispose();
        _renewalEnds.Dispose();
        _workEnds.Dispose();
    }

    private async Task KeepAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(_options.HeartbeatSeconds), _time);
        var held = _time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(_beatEnds.Token))
            {
                try
                {
                    await RenewAsync();
                    if (Message is not null)
                    {
                        held = _time.GetTimestamp();
                        await LookAndBeatAsync();
                    }
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    _logger.LogWarning(failure, "Could not renew the hold on {Work}", _work);
                    if (_time.GetElapsedTime(held).TotalSeconds > _options.LeaseSeconds)
                    {
                        Message = null;
                    }
                }

                if (Message is null || IsOver)
                {
                    await _workEnds.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The work is done, and the hold with it.
        }
    }

    /// <summary>
    /// Beats where the work goes on, and only there: the heartbeat of one that lost it would keep others away, and that of a talk that was
    /// deleted would be left.
    /// </summary>
    private async Task LookAndBeatAsync()
    {
        await LookForEndAsync();
        if (_options.SharesLanes && !IsOver && await IsHeldElsewhereAsync())
        {
            Message = null;
        }
        else if (!IsOver)
        {
            await BeatAsync(_beatEnds.Token);
        }
    }

    private async Task RenewAsync()
    {
        var lease = TimeSpan.FromSeconds(_options.LeaseSeconds);
        Message = Interlocked.Exchange(ref _delivery, null) ?? Message;
        Message = await _queue.RenewAsync(Message!, lease, _renewalEnds.Token);
        if (Message is null && Interlocked.Exchange(ref _delivery, null) is { } delivery)
        {
            Message = await _queue.RenewAsync(delivery, lease, _renewalEnds.Token);
        }

        if (Message is null)
        {
            _logger.LogWarning("The lease of {Work} was lost; another runner may have it", _work);
        }
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        var at = _progress.Current;
        await _store.WriteJsonAsync(
            _paths.Heartbeat(_work.Stage, _work.Key, _work.Attempt),
            new Heartbeat(_options.Name, _time.GetUtcNow(), at?.Window, at?.Step, at?.Steps),
            cancellationToken);
    }

    private async Task<bool> IsHeldElsewhereAsync()
    {
        var path = _paths.Heartbeat(_work.Stage, _work.Key, _work.Attempt);
        if (await _store.TryReadJsonAsync<Heartbeat>(path, _beatEnds.Token) is not { } beat || beat.Runner == _options.Name)
        {
            return false;
        }

        _logger.LogWarning("{Work} is left to {Runner}, which took it in the same moment", _work, beat.Runner);
        return true;
    }

    private async Task LookForEndAsync() =>
        IsOver = await _store.ExistsAsync(_paths.Cancel, _beatEnds.Token)
            || !await _store.ExistsAsync(_paths.AttemptRequest(_work.Stage, _work.Key, _work.Attempt), _beatEnds.Token)
            || await _store.ExistsAsync(_paths.AttemptResult(_work.Stage, _work.Key, _work.Attempt), _beatEnds.Token);
}
