using System.Collections.Concurrent;
using WanTalk.Core.Work;
using WanTalk.Faults.Plans;

namespace WanTalk.Faults.Injection;

/// <summary>
/// Takes messages from the queues before runners and host do, and gives each back twice, late or never: what queues are allowed to do. Only
/// completions are lost, which are sent once; a lane's message that is lost is sent again much later than a run wants to wait.
/// </summary>
internal sealed class QueueThief(IWorkQueues queues, FaultKind kind)
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, bool> _met = new(StringComparer.Ordinal);

    /// <summary>How many messages it met.</summary>
    public int Met => _met.Count;

    /// <summary>Does so for a while.</summary>
    public async Task RunAsync(TimeSpan length, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(length);
        IEnumerable<IMessageQueue> lanes = kind == FaultKind.CompletionsLost ? [] : Enum.GetValues<Lane>().Select(queues.ForLane);
        await Task.WhenAll(lanes.Append(queues.Completions).Select(queue => WatchAsync(queue, end.Token)));
    }

    private async Task WatchAsync(IMessageQueue queue, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                if (await queue.ReceiveAsync(Late, Pause, end) is { } message)
                {
                    // What is taken is dealt with, whatever the time is.
                    await MeetAsync(queue, message);
                }
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                return;
            }
            catch (Exception away) when (away is not OperationCanceledException)
            {
                // The storage is disturbed as well.
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }

    private async Task MeetAsync(IMessageQueue queue, QueueMessage message)
    {
        if (!_met.TryAdd(message.Body, true))
        {
            await queue.RenewAsync(message, TimeSpan.Zero, CancellationToken.None);
            await Task.Delay(Pause, CancellationToken.None);
            return;
        }

        switch (kind)
        {
            case FaultKind.CompletionsLost:
                await queue.DeleteAsync(message, CancellationToken.None);
                break;
            case FaultKind.MessagesTwice:
                await queue.SendAsync(message.Body, TimeSpan.Zero, CancellationToken.None);
                await queue.RenewAsync(message, TimeSpan.Zero, CancellationToken.None);
                break;
            default:
                // It comes back by itself when the lease ends.
                break;
        }
    }
}
