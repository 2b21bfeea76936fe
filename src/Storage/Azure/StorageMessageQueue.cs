using Azure;
using Azure.Storage.Queues;
using WanTalk.Core.Errors;
using WanTalk.Core.Work;

namespace WanTalk.Storage.Azure;

/// <summary>
/// A queue of Azure Storage. Leases and delays are whole seconds there, rounded up, of at most seven days; messages never expire; order is
/// nearly that of sending. A lease that has run out may still be renewed, and its message deleted, until another receiver has taken it.
/// A lost answer may cost a lease (the message comes back when it ends) or send a message twice. What does not answer or refuses is a
/// <see cref="TalkException"/> with <see cref="ErrorCode.StorageUnavailable"/>.
/// </summary>
internal sealed class StorageMessageQueue(QueueClient queue, StorageQueueOptions options, TimeProvider time) : IMessageQueue
{
    /// <summary>How much longer each pause is than the one before: so a message waits a tenth of the time for which its queue was empty.</summary>
    private const double Growth = 1.1;

    /// <summary>How long a request that is under way when its caller gives up may still take, so that no message is lost in it.</summary>
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan _longest = TimeSpan.FromDays(7);
    private static readonly TimeSpan _never = TimeSpan.FromSeconds(-1);

    // Shared by the receivers of this queue; which of them writes it last matters little.
    private long _pauseTicks = options.PollInterval.Ticks;

    /// <summary>The queue's name.</summary>
    internal string Name => queue.Name;

    /// <summary>Makes the queue when it is missing.</summary>
    internal Task PrepareAsync(CancellationToken cancellationToken) => GuardAsync<object?>(
        async () => (await queue.ExistsAsync(cancellationToken)).Value
            ? null
            : await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken),
        cancellationToken);

    /// <summary>Removes all messages, hidden ones included.</summary>
    internal Task ClearAsync(CancellationToken cancellationToken) =>
        GuardAsync(() => queue.ClearMessagesAsync(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task SendAsync(string body, TimeSpan delay, CancellationToken cancellationToken)
    {
        MessageBody.Check(body);
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        var seconds = WholeSeconds(delay);
        return GuardAsync(() => queue.SendMessageAsync(MessageText.Of(body), seconds, _never, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<QueueMessage?> ReceiveAsync(TimeSpan lease, TimeSpan maxWait, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lease, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxWait, TimeSpan.Zero);
        var started = time.GetTimestamp();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await TakeAsync(WholeSeconds(lease), cancellationToken) is { } message)
            {
                Volatile.Write(ref _pauseTicks, options.PollInterval.Ticks);
                return message;
            }

            var left = maxWait - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            var pause = TimeSpan.FromTicks(Volatile.Read(ref _pauseTicks));
            await Task.Delay(pause < left ? pause : left, time, cancellationToken);
            var longer = pause * Growth;
            Volatile.Write(ref _pauseTicks, (longer < options.LongestPollInterval ? longer : options.LongestPollInterval).Ticks);
        }
    }

    /// <inheritdoc/>
    public async Task<QueueMessage?> RenewAsync(QueueMessage message, TimeSpan lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentOutOfRangeException.ThrowIfLessThan(lease, TimeSpan.Zero);
        var seconds = WholeSeconds(lease);
        return await GuardAsync<QueueMessage?>(
            async () =>
            {
                try
                {
                    var renewed = await queue.UpdateMessageAsync(
                        message.Id, message.Receipt, visibilityTimeout: seconds, cancellationToken: cancellationToken);
                    return message with { Receipt = renewed.Value.PopReceipt };
                }
                catch (RequestFailedException lost) when (IsLost(lost))
                {
                    return null;
                }
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return GuardAsync(
            async () =>
            {
                try
                {
                    await queue.DeleteMessageAsync(message.Id, message.Receipt, cancellationToken);
                    return true;
                }
                catch (RequestFailedException lost) when (IsLost(lost))
                {
                    return false;
                }
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<int> CountAsync(CancellationToken cancellationToken) => GuardAsync(
        async () => (await queue.GetPropertiesAsync(cancellationToken)).Value.ApproximateMessagesCount, cancellationToken);

    /// <summary>Takes a message, or gives it back when the caller has given up meanwhile.</summary>
    private async Task<QueueMessage?> TakeAsync(TimeSpan lease, CancellationToken cancellationToken)
    {
        using var request = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var givenUp = cancellationToken.Register(() => request.CancelAfter(_grace));
        var received = await GuardAsync(() => queue.ReceiveMessageAsync(lease, request.Token), request.Token);
        if (received.Value is not { } found)
        {
            return null;
        }

        var message = new QueueMessage(found.MessageId, found.PopReceipt, MessageText.Read(found.MessageText), (int)found.DequeueCount);
        if (cancellationToken.IsCancellationRequested)
        {
            await RenewAsync(message, TimeSpan.Zero, request.Token);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return message;
    }

    private static TimeSpan WholeSeconds(TimeSpan span)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(span, _longest);
        return TimeSpan.FromSeconds(Math.Ceiling(span.TotalSeconds));
    }

    // An id or a receipt of another make is refused for its form.
    private static bool IsLost(RequestFailedException failure) =>
        failure.ErrorCode is "MessageNotFound" or "PopReceiptMismatch" or "InvalidQueryParameterValue" or "OutOfRangeQueryParameterValue"
            or "ResourceNotFound";

    private Task<T> GuardAsync<T>(Func<Task<T>> requests, CancellationToken cancellationToken) =>
        AzureErrors.GuardAsync(queue.Uri, requests, cancellationToken);
}
