using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace WanTalk.Understudy.Tests.Replay;

/// <summary>One of the recorded client's sockets, opened again.</summary>
public sealed partial class ReplaySocket : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly List<JsonObject> _received = [];
    private readonly Lock _gate = new();
    private Task<bool> _reading = Task.FromResult(false);

    public static async Task<ReplaySocket> OpenAsync(Uri address, CancellationToken cancellationToken)
    {
        var socket = await OpenUnreadAsync(address, cancellationToken);
        socket._reading = socket.ReadAsync();
        return socket;
    }

    /// <summary>A socket of a client that reads nothing.</summary>
    public static async Task<ReplaySocket> OpenUnreadAsync(Uri address, CancellationToken cancellationToken)
    {
        var socket = new ReplaySocket();
        await socket._socket.ConnectAsync(address, cancellationToken);
        return socket;
    }

    /// <summary>The messages so far; binary ones as <see cref="BinaryMessage"/> describes them.</summary>
    public List<JsonObject> All
    {
        get
        {
            lock (_gate)
                return [.. _received];
        }
    }

    /// <summary>Whether a message comes as often every time, as progress and its state do not.</summary>
    public static bool IsCompared(JsonObject message) => (string?)message["type"] is not ("progress" or "progress_state");

    public Task SendAsync(string text, CancellationToken cancellationToken) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, cancellationToken);

    public async Task CloseAsync()
    {
        if (_socket.State == WebSocketState.Open)
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        await _reading;
    }

    /// <summary>Waits for the server's end of the connection: true if it just broke off, without a word.</summary>
    public Task<bool> BrokenOffAsync(CancellationToken cancellationToken) => _reading.WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading;
        _socket.Dispose();
    }

    private async Task<bool> ReadAsync()
    {
        var buffer = new byte[4 << 20];
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
                    return false;
                var message = part.MessageType == WebSocketMessageType.Binary
                    ? BinaryMessage.Describe(buffer.AsSpan(0, length))
                    : Parse(Encoding.UTF8.GetString(buffer.AsSpan(0, length)));
                lock (_gate)
                    _received.Add(message);
            }
        }
        catch (WebSocketException)
        {
            return true;
        }
    }

    /// <summary>The recording says of a bare NaN, which JSON does not know, that there was one.</summary>
    private static JsonObject Parse(string text) => (JsonObject)JsonNode.Parse(BareNaN().Replace(text, "\"(bare NaN on the wire)\""))!;

    [GeneratedRegex(@"(?<=[\[:,]\s*)NaN(?=\s*[\],}])")]
    private static partial Regex BareNaN();
}
