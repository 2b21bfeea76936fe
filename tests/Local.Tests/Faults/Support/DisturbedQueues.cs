using WanTalk.Core.Work;

namespace WanTalk.Local.Tests.Faults.Support;

/// <summary>What becomes of a message.</summary>
public enum Arrival
{
    Once,
    Twice,

    /// <summary>Long after others have done what it asks for, or have found out what it tells.</summary>
    Late,
    Never,
}

/// <summary>
/// Real queues that deliver what was promised, and no better. Work that is sent again is delivered: a queue that loses everything helps
/// nobody. Completions are sent once, and may be lost for good.
/// </summary>
internal sealed class DisturbedQueues(IWorkQueues queues, Func<Arrival> choose) : IWorkQueues
{
    private readonly Dictionary<Lane, DisturbedQueue> _lanes = Enum.GetValues<Lane>().ToDictionary(
        lane => lane, lane => new DisturbedQueue(queues.ForLane(lane), choose, sentAgain: Arrival.Once));

    public IMessageQueue Completions { get; } = new DisturbedQueue(queues.Completions, choose, sentAgain: null);

    public IMessageQueue ForLane(Lane lane) => _lanes[lane];

    /// <param name="queue">The real queue.</param>
    /// <param name="choose">What becomes of a message.</param>
    /// <param name="sentAgain">What becomes of one that is sent again; null for the same as the first time.</param>
    private sealed class DisturbedQueue(IMessageQueue queue, Func<Arrival> choose, Arrival? sentAgain) : IMessageQueue
    {
        private static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);
        private readonly Lock _gate = new();
        private readonly Dictionary<string, Arrival> _sent = new(StringComparer.Ordinal);

        public async Task SendAsync(string body, TimeSpan delay, CancellationToken cancellationToken)
        {
            switch (Choose(body))
            {
                case Arrival.Twice:
                    await queue.SendAsync(body, delay, cancellationToken);
                    await queue.SendAsync(body, delay, cancellationToken);
                    break;
                case Arrival.Late:
                    await queue.SendAsync(body, delay + Delay, cancellationToken);
                    break;
                case Arrival.Once:
                    await queue.SendAsync(body, delay, cancellationToken);
                    break;
            }
        }

        public Task<QueueMessage?> ReceiveAsync(TimeSpan lease, TimeSpan maxWait, CancellationToken cancellationToken) =>
            queue.ReceiveAsync(lease, maxWait, cancellationToken);

        public Task<QueueMessage?> RenewAsync(QueueMessage message, TimeSpan lease, CancellationToken cancellationToken) =>
            queue.RenewAsync(message, lease, cancellationToken);

        public Task<bool> DeleteAsync(QueueMessage message, CancellationToken cancellationToken) => queue.DeleteAsync(message, cancellationToken);

        public Task<int> CountAsync(CancellationToken cancellationToken) => queue.CountAsync(cancellationToken);

        private Arrival Choose(string body)
        {
            lock (_gate)
            {
                if (_sent.TryGetValue(body, out var before))
                {
                    return sentAgain ?? before;
                }

                return _sent[body] = choose();
            }
        }
    }
}
