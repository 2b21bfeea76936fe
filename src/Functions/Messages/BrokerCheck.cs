using Azure.Messaging.ServiceBus;
using WanTalk.Api.Health;

namespace WanTalk.Functions.Messages;

/// <summary>Looks whether the queue of talks can be read.</summary>
internal static class BrokerCheck
{
    /// <summary>The check; peeking takes no message.</summary>
    public static ReadinessCheck Of(ServiceBusClient client) => new("broker", async cancellationToken =>
    {
        await using var receiver = client.CreateReceiver(TalkQueue.Name);
        await receiver.PeekMessageAsync(null, cancellationToken);
        return null;
    });
}
