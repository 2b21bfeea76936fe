using Amqp;
using Amqp.Framing;
using Amqp.Handler;
using WanTalk.Core.Errors;
using EventId = Amqp.Handler.EventId;

namespace WanTalk.Local.Amqp;

/// <summary>A connection to a broker with one session. A broker that falls silent is noticed, and closes it.</summary>
internal sealed class BrokerConnection : IAsyncDisposable
{
    private readonly AmqpAddress _address;
    private readonly TimeSpan _patience;
    private readonly Connection _connection;
    private readonly Session _session;
    private readonly bool _isRabbit;
    private readonly TaskCompletionSource<string?> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _watch;

    private BrokerConnection(AmqpAddress address, AmqpOptions options, TimeProvider time, Connection connection, bool isRabbit)
    {
        (_address, _patience, _connection, _isRabbit) = (address, TimeSpan.FromSeconds(options.AnswerSeconds), connection, isRabbit);
        _session = new Session(connection);
        TellWhenClosed(_session);

        // The library notices a silent broker in time, but tells only after it has waited long for that broker's goodbye.
        var often = TimeSpan.FromSeconds(options.IdleSeconds / 4);
        _watch = time.CreateTimer(_ => LookWhetherClosed(), null, often, often);
    }

    /// <summary>Ends when the connection, its session or a link of it is closed by whomever, with the reason if there is one.</summary>
    public Task<string?> Closed => _closed.Task;

    /// <summary>Connects.</summary>
    /// <param name="address">Where to, and as whom.</param>
    /// <param name="options">How patiently.</param>
    /// <param name="time">The clock by which a silent broker is looked after.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TalkException">The broker does not answer, or does not let us in.</exception>
    public static async Task<BrokerConnection> OpenAsync(
        AmqpAddress address, AmqpOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory();
        factory.AMQP.ContainerId = $"wantalk-{Guid.NewGuid():n}";
        factory.AMQP.HostName = address.Host;
        factory.AMQP.IdleTimeout = (int)(options.IdleSeconds * 1000);
        factory.TCP.NoDelay = true;
        var broker = new RemoteOpen();
        try
        {
            var target = new Address(address.Host, address.Port, address.User, address.Password, "/", address.Encrypted ? "AMQPS" : "AMQP");
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            end.CancelAfter(TimeSpan.FromSeconds(options.AnswerSeconds));
            var connecting = factory.CreateAsync(target, end.Token, broker);
            Connection connection;
            try
            {
                connection = await connecting.WaitAsync(end.Token);
            }
            catch
            {
                _ = connecting.ContinueWith(
                    late => late.Result.Close(TimeSpan.Zero, null), CancellationToken.None,
                    TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
                throw;
            }

            connection.AddClosedCallback((_, error) => broker.Fail(error));
            try
            {
                return new BrokerConnection(address, options, time, connection, await broker.IsRabbit.WaitAsync(end.Token));
            }
            catch
            {
                connection.Close(TimeSpan.Zero, null);
                throw;
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw AmqpErrors.Of(address, address.Queue, failure);
        }
    }

    /// <summary>Opens a receiver of a queue; no message comes until it is given credit.</summary>
    /// <exception cref="TalkException">There is no such queue, or it is not ours to read.</exception>
    public Task<ReceiverLink> ReceiveFromAsync(string queue, CancellationToken cancellationToken) => AttachAsync(
        queue, (source, attached) => new ReceiverLink(_session, NewName(), new Source { Address = source }, attached), cancellationToken);

    /// <summary>Opens a sender to a queue.</summary>
    /// <exception cref="TalkException">There is no such queue, or it is not ours to write to. RabbitMQ says neither.</exception>
    public Task<SenderLink> SendToAsync(string queue, CancellationToken cancellationToken) => AttachAsync(
        queue, (target, attached) => new SenderLink(_session, NewName(), new Target { Address = target }, attached), cancellationToken);

    /// <summary>Closes it; messages that were not settled stay with the broker.</summary>
    public async ValueTask DisposeAsync()
    {
        await _watch.DisposeAsync();
        try
        {
            await _connection.CloseAsync(TimeSpan.FromSeconds(2), null);
        }
        catch (Exception gone) when (gone is AmqpException or TimeoutException or ObjectDisposedException or IOException)
        {
            // The broker is away, or does not care.
        }
    }

    private async Task<T> AttachAsync<T>(string queue, Func<string, OnAttached, T> attach, CancellationToken cancellationToken)
        where T : Link
    {
        // Callbacks run in the connection's pump, which an exception would end.
        var attached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            var link = attach(AddressOf(queue), (_, _) => attached.TrySetResult());
            link.AddClosedCallback((_, error) => attached.TrySetException(new AmqpException(error ?? new Error(global::Amqp.ErrorCode.DetachForced))));
            TellWhenClosed(link);
            await attached.Task.WaitAsync(_patience, cancellationToken);
            return link;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw AmqpErrors.Of(_address, queue, failure);
        }
    }

    /// <summary>
    /// RabbitMQ has exchanges and other things beside queues, and declares what it does not find under <c>/queue/</c>; under
    /// <c>/amq/queue/</c> it takes a queue as it is. Other brokers call a queue by its name.
    /// </summary>
    private string AddressOf(string queue) => _isRabbit ? $"/amq/queue/{Uri.EscapeDataString(queue)}" : queue;

    private void LookWhetherClosed()
    {
        if (_connection.IsClosed)
        {
            _closed.TrySetResult(AmqpErrors.Said(_connection.Error));
        }
    }

    private void TellWhenClosed(AmqpObject part) => part.AddClosedCallback((_, error) => _closed.TrySetResult(AmqpErrors.Said(error)));

    private static string NewName() => $"wantalk-{Guid.NewGuid():n}";

    /// <summary>What the broker says of itself when it opens its side.</summary>
    private sealed class RemoteOpen : IHandler
    {
        private readonly TaskCompletionSource<bool> _isRabbit = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<bool> IsRabbit => _isRabbit.Task;

        public bool CanHandle(EventId id) => id == EventId.ConnectionRemoteOpen;

        public void Handle(Event protocolEvent)
        {
            var properties = (protocolEvent.Context as Open)?.Properties;
            var product = properties?[new global::Amqp.Types.Symbol("product")] as string;
            _isRabbit.TrySetResult(product == "RabbitMQ");
        }

        public void Fail(Error? error) => _isRabbit.TrySetException(new AmqpException(error ?? new Error(global::Amqp.ErrorCode.ConnectionForced)));
    }
}
