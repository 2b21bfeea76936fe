using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.Logging;
using WanTalk.ComfyUI.Messages;

namespace WanTalk.ComfyUI.Prompts;

/// <summary>What <see cref="PromptSocket.NextAsync"/> came back with.</summary>
internal enum SocketSignal
{
    Message,
    Silence,
    Closed,
}

/// <summary>
/// One prompt's ear: a socket under a client id that no other socket ever had, always drained, whose messages wait in a bounded row.
/// A server whose reader does not read blocks every other client's messages, and two sockets with one id silence each other.
/// </summary>
internal sealed partial class PromptSocket(Uri address, ComfyClientOptions options, bool previews, TimeProvider time, ILogger logger)
    : IAsyncDisposable
{
    private ClientWebSocket? _socket;
    private MessageBacklog? _messages;
    private Task _reading = Task.CompletedTask;
    private CancellationTokenSource? _stop;

    /// <summary>Opens a socket under a new client id. The id is given back whether or not the socket could be opened.</summary>
    public async Task<string> OpenAsync(CancellationToken cancellationToken)
    {
        await CloseAsync();
        var clientId = ClientId = Guid.NewGuid().ToString("N");
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(15);
        socket.Options.KeepAliveTimeout = TimeSpan.FromSeconds(30);
        try
        {
            using var timer = new CancellationTokenSource(options.SocketTimeout, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
            await socket.ConnectAsync(AddressFor(clientId), both.Token);
            var flags = $$$"""{"type":"feature_flags","data":{"supports_preview_metadata":{{{(previews ? "true" : "false")}}}}}""";
            await socket.SendAsync(Encoding.UTF8.GetBytes(flags), WebSocketMessageType.Text, true, both.Token);
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException or HttpRequestException)
        {
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            LogNoSocket(logger, error.Message);
            return clientId;
        }
        _socket = socket;
        _stop = new CancellationTokenSource();
        _messages = new MessageBacklog(options.MessageBacklog, options.MaxBacklogBytes);
        _reading = Task.Run(() => DrainAsync(socket, _messages, _stop.Token), CancellationToken.None);
        await HearAsync(_messages, cancellationToken);
        return clientId;
    }

    /// <summary>
    /// Waits for the server's greeting: it knows the client id only then, and a prompt that is quick enough would be over before.
    /// </summary>
    private async Task HearAsync(MessageBacklog messages, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(options.SocketTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            await messages.WaitAsync(both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LogNoSocket(logger, "the server does not greet");
        }
    }

    /// <summary>The client id under which the socket was last opened.</summary>
    public string ClientId { get; private set; } = "";

    /// <summary>Whether messages can still arrive.</summary>
    public bool IsOpen => _messages is not null;

    /// <summary>The next message; or that there was none for so long, or that there will be no more.</summary>
    public async ValueTask<(SocketSignal Signal, SocketMessage? Message)> NextAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (_messages is null)
        {
            await Task.Delay(patience, time, cancellationToken);
            return (SocketSignal.Silence, null);
        }
        if (_messages.TryTake(out var ready))
            return (SocketSignal.Message, ready);
        using var timer = new CancellationTokenSource(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            while (await _messages.WaitAsync(both.Token))
            {
                if (_messages.TryTake(out var message))
                    return (SocketSignal.Message, message);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (SocketSignal.Silence, null);
        }
        await CloseAsync();
        return (SocketSignal.Closed, null);
    }

    public ValueTask DisposeAsync() => CloseAsync();

    private async ValueTask CloseAsync()
    {
        if (_socket is null)
            return;
        await _stop!.CancelAsync();
        await _reading;
        _stop.Dispose();
        _socket.Dispose();
        (_socket, _messages, _stop) = (null, null, null);
    }

    private Uri AddressFor(string clientId)
    {
        var scheme = address.Scheme == Uri.UriSchemeHttps ? "wss" : "ws";
        return new UriBuilder(new Uri(address, $"ws?clientId={clientId}")) { Scheme = scheme }.Uri;
    }

    private async Task DrainAsync(ClientWebSocket socket, MessageBacklog messages, CancellationToken stop)
    {
        var buffer = new byte[32 << 10];
        using var whole = new MemoryStream();
        try
        {
            while (true)
            {
                var tooLong = false;
                whole.SetLength(0);
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await socket.ReceiveAsync(buffer.AsMemory(), stop);
                    tooLong |= whole.Length + part.Count > options.MaxMessageBytes;
                    if (!tooLong)
                        whole.Write(buffer, 0, part.Count);
                }
                while (!part.EndOfMessage);
                if (part.MessageType == WebSocketMessageType.Close)
                    break;
                if (!tooLong && Read(part.MessageType, whole) is { } message)
                    messages.Add(message, (int)whole.Length);
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            LogSocketClosed(logger, error.Message);
        }
        finally
        {
            messages.Complete();
        }
    }

    private SocketMessage? Read(WebSocketMessageType type, MemoryStream whole)
    {
        if (type == WebSocketMessageType.Text)
            return SocketMessageReader.ReadText(whole.GetBuffer().AsSpan(0, (int)whole.Length));
        return previews ? SocketMessageReader.ReadBinary(whole.ToArray()) : null;
    }

    [LoggerMessage(LogLevel.Debug, "No socket to the engine: {Reason}")]
    private static partial void LogNoSocket(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Debug, "The socket to the engine ended: {Reason}")]
    private static partial void LogSocketClosed(ILogger logger, string reason);
}
