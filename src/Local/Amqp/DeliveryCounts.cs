namespace WanTalk.Local.Amqp;

/// <summary>
/// Counts the deliveries of messages that came to nothing: brokers do not, because to them a released message was never delivered. It
/// remembers a bounded number of messages, and forgets the one that it has known longest.
/// </summary>
/// <param name="capacity">How many it remembers.</param>
internal sealed class DeliveryCounts(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Queue<string> _known = new();

    /// <summary>Counts one more.</summary>
    /// <returns>How many there were of this message.</returns>
    public int Add(string message)
    {
        lock (_lock)
        {
            if (!_counts.TryGetValue(message, out var count))
            {
                _known.Enqueue(message);
                if (_known.Count > capacity)
                {
                    _counts.Remove(_known.Dequeue());
                }
            }

            _counts[message] = count + 1;
            return count + 1;
        }
    }

    /// <summary>Begins with a message anew: it is done with.</summary>
    public void Forget(string message)
    {
        lock (_lock)
        {
            if (_counts.ContainsKey(message))
            {
                _counts[message] = 0;
            }
        }
    }
}
