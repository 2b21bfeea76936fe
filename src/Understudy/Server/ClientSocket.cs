using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace WanTalk.Understudy.Server;

/// <summary>One client's socket: messages wait in a bounded row; when it is full, the client is dropped.</summary>
internal sealed class ClientSocket : IAsyncDisposable
{
    private const int Backlog = 4096;
    private const int MaxIncoming = 64 << 10;
    private readonly WebSocket _socket;
    private readonly Channel<byte[]> _messages = Channel.CreateBounded<byte[]>(Backlog);
    private readonly Task _sending;

    public ClientSocket(WebSocket socket)
    {
        _socket = socket;
        _sending = SendAsync();
    }

    public void Post(byte[] message)
    {
        if (!_messages.Writer.TryWrite(message))
            _socket.Abort();
    }

    public void Post(string type, JsonObject data) => Post(JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["type"] = type, ["data"] = data }));

    /// <summary>Reads until the client closes; passes on its first message that is JSON, and drops the rest.</summary>
    public async Task ReadAsync(Action<JsonObject> onFirst, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxIncoming];
        var heard = false;
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    // What does not fit is no message of ours: its end overwrites its beginning.
                    length = length == buffer.Length ? 0 : length;
                    part = await _socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
                    length += part.Count;
                }
                while (!part.EndOfMessage);
                if (part.MessageType == WebSocketMessageType.Close)
                    break;
                if (heard || part.MessageType != WebSocketMessageType.Text || TryParse(buffer.AsSpan(0, length)) is not { } message)
                    continue;
                heard = true;
                onFirst(message);
            }
            if (_socket.State == WebSocketState.CloseReceived)
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException)
        {
            _socket.Abort();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _messages.Writer.TryComplete();
        await _sending;
    }

    private async Task SendAsync()
    {
        try
        {
            await foreach (var message in _messages.Reader.ReadAllAsync())
                await _socket.SendAsync(message.AsMemory(), WebSocketMessageType.Text, true, CancellationToken.None);
        }
        catch (Exception error) when (error
            is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The client is gone; the reader notices, too, and takes the socket away.
            _socket.Abort();
        }
    }

    private static JsonObject? TryParse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonNode.Parse(utf8) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
