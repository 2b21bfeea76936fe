using WanTalk.Core.Work;

namespace WanTalk.Storage.Local;

/// <summary>
/// One queue of <see cref="SqliteMessageQueues"/>. The oldest message is the one that was sent first, however often it came back. As in
/// Azure's queues, a lease that has run out may still be renewed, and its message deleted, until another receiver has taken it.
/// </summary>
internal sealed class SqliteMessageQueue(string name, QueueDatabase database, TimeProvider time, TimeSpan watchInterval) : IMessageQueue
{
    private readonly QueueSignal _sent = new();

    /// <inheritdoc/>
    public async Task SendAsync(string body, TimeSpan delay, CancellationToken cancellationToken)
    {
        MessageBody.Check(body);
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        await database.InsertAsync(name, body, After(delay), cancellationToken);
        _sent.Raise();
    }

    /// <inheritdoc/>
    public async Task<QueueMessage?> ReceiveAsync(TimeSpan lease, TimeSpan maxWait, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lease, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxWait, TimeSpan.Zero);
        var started = time.GetTimestamp();
        while (true)
        {
            // Both are taken before looking, so that what is sent while looking ends the wait.
            var sent = _sent.Next;
            var version = await database.GetDataVersionAsync(cancellationToken);
            var firstVisible = await database.GetFirstVisibleAsync(name, cancellationToken);
            if (firstVisible <= Now && await database.TakeAsync(name, Now, After(lease), cancellationToken) is { } message)
            {
                return message;
            }

            if (!await WaitForChangeAsync(sent, version, firstVisible, maxWait - time.GetElapsedTime(started), cancellationToken))
            {
                return null;
            }
        }
    }

    /// <inheritdoc/>
    public Task<QueueMessage?> RenewAsync(QueueMessage message, TimeSpan lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentOutOfRangeException.ThrowIfLessThan(lease, TimeSpan.Zero);
        return database.RenewAsync(name, message, After(lease), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return database.DeleteAsync(name, message, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<int> CountAsync(CancellationToken cancellationToken) => database.CountAsync(name, cancellationToken);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private long After(TimeSpan span) => Now + (long)Math.Ceiling(span.TotalMilliseconds);

    /// <returns>False when the time is up and nothing has changed.</returns>
    private async Task<bool> WaitForChangeAsync(
        Task sent, long version, long? firstVisible, TimeSpan wait, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var left = wait - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            var untilVisible = firstVisible is { } at ? TimeSpan.FromMilliseconds(Math.Max(at - Now, 1)) : TimeSpan.MaxValue;
            var nap = new[] { watchInterval, left, untilVisible }.Min();
            await Task.WhenAny(sent, Task.Delay(nap, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            if (sent.IsCompleted || firstVisible <= Now || await database.GetDataVersionAsync(cancellationToken) != version)
            {
                return true;
            }
        }
    }
}
