using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using WanTalk.Core.Intake;

namespace WanTalk.Functions.Messages;

/// <summary>Sends replies through Service Bus.</summary>
/// <param name="client">The namespace's client, which keeps one connection for all queues.</param>
public sealed class ServiceBusReplies(ServiceBusClient client) : IReplySender
{
    // As many as there are reply queues in the settings.
    private readonly ConcurrentDictionary<string, ServiceBusSender> _senders = new(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public Task SendAsync(string queue, TalkReply reply, CancellationToken cancellationToken)
    {
        var message = new ServiceBusMessage(reply.Body)
        {
            MessageId = reply.MessageId,
            CorrelationId = reply.CorrelationId,
            ContentType = "application/json",
        };
        return _senders.GetOrAdd(queue, client.CreateSender).SendMessageAsync(message, cancellationToken);
    }
}
