// What src/Functions uses of Azure.Messaging.ServiceBus 7.21, as declarations only.
#pragma warning disable CS9113, CS1591
#nullable enable

namespace Azure.Messaging.ServiceBus
{
    public class ServiceBusReceivedMessage
    {
        internal ServiceBusReceivedMessage()
        {
        }

        public string MessageId => throw null!;

        public string CorrelationId => throw null!;

        public string ReplyTo => throw null!;

        public System.BinaryData Body => throw null!;

        public int DeliveryCount => throw null!;
    }

    public class ServiceBusMessage(string body)
    {
        public string MessageId { get; set; } = body;

        public string CorrelationId { get; set; } = body;

        public string ContentType { get; set; } = body;
    }

    public class ServiceBusSender
    {
        protected ServiceBusSender()
        {
        }

        public virtual System.Threading.Tasks.Task SendMessageAsync(
            ServiceBusMessage message, System.Threading.CancellationToken cancellationToken = default) => throw null!;
    }

    public class ServiceBusReceiver : System.IAsyncDisposable
    {
        protected ServiceBusReceiver()
        {
        }

        public virtual System.Threading.Tasks.Task<ServiceBusReceivedMessage> PeekMessageAsync(
            long? fromSequenceNumber = default, System.Threading.CancellationToken cancellationToken = default) => throw null!;

        public virtual System.Threading.Tasks.ValueTask DisposeAsync() => throw null!;
    }

    public class ServiceBusClient
    {
        public ServiceBusClient(string connectionString) => throw null!;

        public ServiceBusClient(string fullyQualifiedNamespace, Azure.Core.TokenCredential credential) => throw null!;

        public virtual ServiceBusSender CreateSender(string queueOrTopicName) => throw null!;

        public virtual ServiceBusReceiver CreateReceiver(string queueName) => throw null!;
    }
}
