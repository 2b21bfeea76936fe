using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace WanTalk.Understudy.Server;

/// <summary>A message as it goes out.</summary>
internal readonly record struct SocketFrame(byte[] Bytes, WebSocketMessageType Type);

/// <summary>
/// One client's socket: messages wait in a row that is bounded in number and bytes, before it is open, too; when it is full, the client is
/// dropped.
/// </summary>
internal sealed class ClientSocket : IAsyncDisposable
{
    private const int Backlog = 4096;
    private const int BacklogBytes = 16 << 20;
    private const int MaxIncoming = 64 << 10;
    private readonly Channel<SocketFrame> _messages = Channel.CreateBounded<SocketFrame>(Backlog);
    private volatile WebSocket? _socket;
    private Task _sending = Task.CompletedTask;
    private long _waitingBytes;
    private volatile bool _wantsPreviewMetadata;

    /// <summary>Whether previews shall say of which node they are.</summary>
    public bool WantsPreviewMetadata
    {
        get => _wantsPreviewMetadata;
        set => _wantsPreviewMetadata = value;
    }

    /// <summary>Begins to send what waits. The socket goes with this.</summary>
    public void Open(WebSocket socket)
    {
        _socket = socket;
        _sending = SendAsync(socket);
    }

    public void Post(SocketFrame frame)
    {
        if (Interlocked.Add(ref _waitingBytes, frame.Bytes.Length) > BacklogBytes || !_messages.Writer.TryWrite(frame))
            _socket?.Abort();
    }

    /// <summary>Reads until the client closes; passes on its first message that is JSON, and drops the rest.</summary>
    public async Task ReadAsync(Action<JsonObject> onFirst, CancellationToken cancellationToken)
    {
        var socket = _socket ?? throw new InvalidOperationException("The socket is not open.");
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
                    part = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
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
            if (socket.State == WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException)
        {
            socket.Abort();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _messages.Writer.TryComplete();
        await _sending;
        _socket?.Dispose();
    }

    private async Task SendAsync(WebSocket socket)
    {
        try
        {
            await foreach (var frame in _messages.Reader.ReadAllAsync())
            {
                await socket.SendAsync(frame.Bytes.AsMemory(), frame.Type, true, CancellationToken.None);
                Interlocked.Add(ref _waitingBytes, -frame.Bytes.Length);
            }
        }
        catch (Exception error) when (error
            is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The client is gone; the reader notices, too, and takes the socket away.
            socket.Abort();
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
