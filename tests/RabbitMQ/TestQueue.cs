using System.Text;
using Amqp;
using Amqp.Framing;

namespace WanTalk.RabbitMQ;

/// <summary>A queue of talks with its dead-letter queue and one for replies, as another program uses them.</summary>
/// <param name="server">The broker.</param>
/// <param name="name">The queue's name.</param>
public sealed class TestQueue(RabbitServer server, string name)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The queue's name.</summary>
    public string Name => name;

    /// <summary>Where what is rejected goes.</summary>
    public string DeadLetters => $"{name}.dead";

    /// <summary>Where replies may go.</summary>
    public string Replies => name.Replace("talks", "replies", StringComparison.Ordinal);

    /// <summary>Its address for <c>--queue</c>.</summary>
    public string Address => server.AddressOf(name);

    /// <summary>Sends a request.</summary>
    public Task SendAsync(string id, string body, string? replyTo = null, string? correlationId = null) => SendAsync(new Message
    {
        Properties = new Properties { MessageId = id, ReplyTo = replyTo, CorrelationId = correlationId },
        BodySection = new Data { Binary = Encoding.UTF8.GetBytes(body) },
    });

    /// <summary>Sends a message that a kill of the broker does not lose.</summary>
    public Task SendAsync(Message message) => SendAsync(name, message);

    private async Task SendAsync(string queue, Message message)
    {
        message.Header = new Header { Durable = true };
        await using var connection = await OpenAsync();
        var sender = new SenderLink(connection.Session, "tests", new Target { Address = $"/amq/queue/{queue}" }, null);
        await sender.SendAsync(message, Patience);
    }

    /// <summary>Takes the next message of a queue, waiting for it.</summary>
    public async Task<Message> TakeAsync(string queue)
    {
        await using var connection = await OpenAsync();
        var receiver = new ReceiverLink(connection.Session, "tests", new Source { Address = $"/amq/queue/{queue}" }, null);
        receiver.SetCredit(1, CreditMode.Manual);
        var message = await receiver.ReceiveAsync(Patience);
        Assert.True(message is not null, $"Nothing came to {queue}.");
        receiver.Accept(message);
        // A connection that is closed takes its sessions with it, with what they have not handled yet: the message would come again.
        await receiver.CloseAsync();
        return message;
    }

    /// <summary>Whether a queue that nobody takes from has nothing in it: what is put into it now comes first.</summary>
    public async Task<bool> IsEmptyAsync(string queue)
    {
        var last = $"{Guid.NewGuid():n}";
        await SendAsync(queue, new Message { Properties = new Properties { MessageId = last }, BodySection = new Data { Binary = [] } });
        return (await TakeAsync(queue)).Properties.MessageId == last;
    }

    /// <summary>A message's body as text.</summary>
    public static string TextOf(Message message) => Encoding.UTF8.GetString((byte[])message.Body);

    private async Task<Opened> OpenAsync()
    {
        var connection = await Connection.Factory.CreateAsync(
            new Address("127.0.0.1", server.Port, RabbitServer.User, RabbitServer.Password, "/", "AMQP"));
        return new Opened(connection, new Session(connection));
    }

    private sealed record Opened(Connection Connection, Session Session) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await Connection.CloseAsync();
    }
}
