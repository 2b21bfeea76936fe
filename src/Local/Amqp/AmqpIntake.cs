using System.Threading.Channels;
using Amqp;
using WanTalk.Core.Errors;
using WanTalk.Core.Intake;
using WanTalk.GpuRunner.Processes;

namespace WanTalk.Local.Amqp;

/// <summary>
/// Takes talks from a queue. At the start the broker has to be there, because its address may be wrong; later it may come and go. What is
/// not settled when a connection ends is delivered again, and leads to the same talk.
/// </summary>
internal sealed class AmqpIntake : BackgroundService
{
    private static readonly TimeSpan FirstReconnect = TimeSpan.FromSeconds(0.2);

    private readonly AmqpAddress _address;
    private readonly IReadOnlyCollection<string> _replyQueues;
    private readonly AmqpOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<AmqpIntake> _logger;
    private readonly MessageSettler _settler;
    private Incoming? _first;
    private volatile bool _isTaking;

    /// <summary>Makes the intake; nothing is asked of a broker yet.</summary>
    /// <param name="address">The queue.</param>
    /// <param name="replyQueues">The queues of replies, which have to be there.</param>
    /// <param name="handler">Makes talks of messages.</param>
    /// <param name="options">How messages are taken.</param>
    /// <param name="time">The clock of pauses.</param>
    /// <param name="logger">Where it is told what became of messages.</param>
    public AmqpIntake(
        AmqpAddress address, IReadOnlyCollection<string> replyQueues, TalkMessageHandler handler, AmqpOptions options, TimeProvider time,
        ILogger<AmqpIntake> logger)
    {
        options.Check();
        (_address, _replyQueues, _options, _time, _logger) = (address, replyQueues, options, time, logger);
        _settler = new MessageSettler(address.Queue, handler, options, time, logger);
    }

    /// <summary>Whether there is a connection on which messages come.</summary>
    public bool IsTaking => _isTaking;

    /// <summary>Opens the queue, and begins to take messages.</summary>
    /// <exception cref="TalkException">The broker does not answer, does not let us in, or lacks the queue or one for replies.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var queue in _replyQueues)
        {
            // A receiver without credit takes nothing; that it can be opened says that the queue is there.
            await (await OpenAsync(queue, cancellationToken)).Connection.DisposeAsync();
        }

        _first = await OpenAsync(_address.Queue, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pauses = new Backoff(FirstReconnect, TimeSpan.FromSeconds(_options.LongestPauseSeconds));
        for (var incoming = _first; !stoppingToken.IsCancellationRequested; incoming = null)
        {
            var begun = _time.GetTimestamp();
            try
            {
                await TakeAsync(incoming ?? await OpenAsync(_address.Queue, stoppingToken), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                _logger.LogWarning("No talks come from {Queue}: {Reason}", _address, (failure as TalkException)?.Error.Message ?? failure.Message);
            }

            if (_time.GetElapsedTime(begun) >= pauses.Longest)
            {
                pauses.Reset();
            }

            await Task.Delay(pauses.Next(), _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Takes messages until the connection ends; none of them waits for the others.</summary>
    private async Task TakeAsync(Incoming incoming, CancellationToken stoppingToken)
    {
        await using var connection = incoming.Connection;

        // What is handled when the connection ends cannot be settled any more, and does not wait for its next try.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        _ = connection.Closed.ContinueWith(
            _ => incoming.Messages.Writer.TryComplete(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        incoming.Receiver.Start(_options.Credit, (_, message) => incoming.Messages.Writer.TryWrite(message));
        _isTaking = true;
        _logger.LogInformation("Taking talks from {Queue}", _address);
        var underWay = new List<Task>();
        try
        {
            await foreach (var message in incoming.Messages.Reader.ReadAllAsync(stoppingToken))
            {
                underWay.RemoveAll(task => task.IsCompleted);
                underWay.Add(_settler.HandleAsync(incoming.Receiver, message, ended.Token));
            }
        }
        finally
        {
            _isTaking = false;
            await ended.CancelAsync();
            await Task.WhenAll(underWay);
        }

        _logger.LogWarning("The connection to {Queue} ended ({Reason}); it is opened again", _address, await connection.Closed ?? "without a reason");
    }

    private async Task<Incoming> OpenAsync(string queue, CancellationToken cancellationToken)
    {
        var connection = await BrokerConnection.OpenAsync(_address, _options, _time, cancellationToken);
        try
        {
            return new Incoming(connection, await connection.ReceiveFromAsync(queue, cancellationToken));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Messages on their way in; there are never more than the link's credit.</summary>
    private sealed record Incoming(BrokerConnection Connection, ReceiverLink Receiver)
    {
        public Channel<Message> Messages { get; } = Channel.CreateUnbounded<Message>();
    }
}
