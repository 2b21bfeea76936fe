using System.Text;
using Amqp;
using Amqp.Framing;
using WanTalk.Core.Intake;

namespace WanTalk.Local.Amqp;

/// <summary>Sends replies to queues of the broker that the messages come from. Each has a connection of its own: there are few.</summary>
/// <param name="address">The broker.</param>
/// <param name="options">How patiently.</param>
internal sealed class AmqpReplySender(AmqpAddress address, AmqpOptions options) : IReplySender
{
    /// <inheritdoc/>
    /// <exception cref="Core.Errors.TalkException">The broker does not answer, or does not take it.</exception>
    public async Task SendAsync(string queue, TalkReply reply, CancellationToken cancellationToken)
    {
        await using var connection = await BrokerConnection.OpenAsync(address, options, TimeProvider.System, cancellationToken);
        var sender = await connection.SendToAsync(queue, cancellationToken);
        using var message = new Message
        {
            Header = new Header { Durable = true },
            Properties = new Properties { MessageId = reply.MessageId, CorrelationId = reply.CorrelationId, ContentType = "application/json" },
            BodySection = new Data { Binary = Encoding.UTF8.GetBytes(reply.Body) },
        };
        try
        {
            await sender.SendAsync(message, TimeSpan.FromSeconds(options.AnswerSeconds)).WaitAsync(cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw AmqpErrors.Of(address, queue, failure);
        }
    }
}
