namespace WanTalk.Core.Work;

/// <summary>
/// A named queue whose messages are leased, not taken: a message that is received becomes invisible for a while, and comes back unless it
/// is deleted or its lease renewed. Messages may come twice and out of order.
/// </summary>
public interface IMessageQueue
{
    /// <summary>Puts a message on the queue.</summary>
    /// <param name="body">At most 48 KB of UTF-8.</param>
    /// <param name="delay">How long it stays invisible first.</param>
    /// <param name="cancellationToken">Gives up the call.</param>
    Task SendAsync(string body, TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>Receives the oldest visible message and hides it for the length of the lease.</summary>
    /// <param name="lease">How long it stays hidden.</param>
    /// <param name="maxWait">How long to wait for one; null is returned after that.</param>
    /// <param name="cancellationToken">Gives up the call.</param>
    Task<QueueMessage?> ReceiveAsync(TimeSpan lease, TimeSpan maxWait, CancellationToken cancellationToken);

    /// <summary>Renews the lease of a message, from now on; a lease of zero gives the message back.</summary>
    /// <returns>The message with its new receipt; null when the lease was lost to another receiver or the message is gone.</returns>
    Task<QueueMessage?> RenewAsync(QueueMessage message, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Deletes a message whose lease is still held.</summary>
    /// <returns>False when the lease was lost or the message is gone.</returns>
    Task<bool> DeleteAsync(QueueMessage message, CancellationToken cancellationToken);

    /// <summary>How many messages there are, hidden ones included.</summary>
    Task<int> CountAsync(CancellationToken cancellationToken);
}

/// <summary>A leased message.</summary>
/// <param name="Id">The message's id, the same in each delivery.</param>
/// <param name="Receipt">Proof of the lease; changes with each delivery and renewal.</param>
/// <param name="Body">What was sent.</param>
/// <param name="DeliveryCount">How often it was received, this time included.</param>
public sealed record QueueMessage(string Id, string Receipt, string Body, int DeliveryCount);
