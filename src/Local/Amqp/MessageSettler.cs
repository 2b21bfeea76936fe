using Amqp;
using Amqp.Framing;
using Amqp.Types;
using WanTalk.Core.Errors;
using WanTalk.Core.Intake;
using ErrorCode = WanTalk.Core.Errors.ErrorCode;

namespace WanTalk.Local.Amqp;

/// <summary>
/// Hands a message to the handler of all brokers, and tells this one what became of it: accepted, released for another try after a pause,
/// or rejected, which puts it into the dead-letter queue of a broker that has one.
/// </summary>
internal sealed class MessageSettler(string queue, TalkMessageHandler handler, AmqpOptions options, TimeProvider time, ILogger logger)
{
    private const int Remembered = 10_000;

    private readonly DeliveryCounts _failed = new(Remembered);

    /// <summary>Handles a message to its end; it never throws. One that is not settled comes again.</summary>
    /// <param name="receiver">Where it came from.</param>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">The connection or the host ends.</param>
    public async Task HandleAsync(ReceiverLink receiver, Message message, CancellationToken cancellationToken)
    {
        // Away from the connection's own thread.
        await Task.Yield();
        var id = MessageReader.IdOf(message) ?? "";
        try
        {
            var (action, talk, error) = await JudgeAsync(message, cancellationToken);
            switch (action)
            {
                case MessageAction.Complete:
                    receiver.Accept(message);
                    _failed.Forget(id);
                    logger.LogInformation("The message {Message} is the talk {Talk}", id, talk);
                    break;
                case MessageAction.DeadLetter:
                    Reject(receiver, message, id, error!);
                    break;
                default:
                    await RetryAsync(receiver, message, id, error!, cancellationToken);
                    break;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // It stays with the broker.
        }
        catch (Exception gone) when (gone is AmqpException or ObjectDisposedException or InvalidOperationException or IOException)
        {
            logger.LogWarning("The message {Message} could not be settled, and comes again: {Reason}", id, gone.Message);
        }
    }

    private async Task<MessageVerdict> JudgeAsync(Message message, CancellationToken cancellationToken)
    {
        try
        {
            return MessageReader.Read(queue, message, out var refusal) is { } read
                ? await handler.HandleAsync(read, cancellationToken)
                : new MessageVerdict(MessageAction.DeadLetter, null, refusal);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogDebug(failure, "Handling a message failed");
            return new MessageVerdict(
                MessageAction.Retry, null, new TalkError(ErrorCode.Internal, $"{failure.GetType().Name}: {failure.Message.Split('\n')[0].Trim()}"));
        }
    }

    private async Task RetryAsync(ReceiverLink receiver, Message message, string id, TalkError error, CancellationToken cancellationToken)
    {
        // Some brokers count, in the header; a restarted host relies on them.
        var deliveries = Math.Max(_failed.Add(id), (int)Math.Min(message.Header?.DeliveryCount ?? 0, int.MaxValue - 1) + 1);
        if (deliveries >= options.MaxDeliveries)
        {
            Reject(receiver, message, id, error with { Message = $"{error.Message} It was delivered {deliveries} times." });
            return;
        }

        var pause = TimeSpan.FromSeconds(
            Math.Min(options.FirstPauseSeconds * Math.Pow(2, deliveries - 1), options.LongestPauseSeconds));
        logger.LogWarning(
            "The message {Message} is tried again in {Pause:0.0} s, after delivery {Delivery} of {Most}: {Error}",
            id, pause.TotalSeconds, deliveries, options.MaxDeliveries, error);
        await Task.Delay(pause, time, cancellationToken);
        receiver.Release(message);
    }

    private void Reject(ReceiverLink receiver, Message message, string id, TalkError error)
    {
        receiver.Reject(message, new Error(new Symbol($"wantalk:{ErrorCatalog.Name(error.Code)}")) { Description = error.Message });
        _failed.Forget(id);
        logger.LogError("The message {Message} is rejected: {Error}", id, error);
    }
}
