using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace WanTalk.Understudy.Tests.Replay;

/// <summary>One of the recorded client's sockets, opened again.</summary>
public sealed class ReplaySocket : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly List<JsonObject> _received = [];
    private readonly Lock _gate = new();
    private Task _reading = Task.CompletedTask;

    public static async Task<ReplaySocket> OpenAsync(Uri address, CancellationToken cancellationToken)
    {
        var socket = new ReplaySocket();
        await socket._socket.ConnectAsync(address, cancellationToken);
        socket._reading = socket.ReadAsync();
        return socket;
    }

    /// <summary>The messages so far.</summary>
    public List<JsonObject> All
    {
        get
        {
            lock (_gate)
                return [.. _received];
        }
    }

    /// <summary>The messages so far, without those that come more or less often: progress and its state.</summary>
    public List<JsonObject> Received => [.. All.Where(IsCompared)];

    public static bool IsCompared(JsonObject message) => (string?)message["type"] is not ("progress" or "progress_state");

    public Task SendAsync(string text, CancellationToken cancellationToken) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, cancellationToken);

    public async Task CloseAsync()
    {
        if (_socket.State == WebSocketState.Open)
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading;
        _socket.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[1 << 20];
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    length += part.Count;
                }
                while (!part.EndOfMessage);
                if (part.MessageType == WebSocketMessageType.Close)
                    return;
                if (part.MessageType != WebSocketMessageType.Text)
                    continue;
                var message = (JsonObject)JsonNode.Parse(buffer.AsSpan(0, length))!;
                lock (_gate)
                    _received.Add(message);
            }
        }
        catch (WebSocketException)
        {
            // Cut at the end of the test.
        }
    }
}
