using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Faults;

namespace WanTalk.Understudy.Server;

/// <summary>
/// The sockets, by client id. A second socket with an id takes the first one's place, and whichever of them closes takes the id away, as
/// in the real server. Unlike there, a client that does not read is dropped, and does not block the others.
/// </summary>
internal sealed class SocketHub(ServerLimits limits, SocketFaults faults) : IMessageSender
{
    private readonly ConcurrentDictionary<string, ClientSocket> _sockets = new(StringComparer.Ordinal);

    public bool IsHeard(string? clientId) => clientId is null ? !_sockets.IsEmpty : _sockets.ContainsKey(clientId);

    public bool WantsPreviewMetadata(string? clientId) =>
        clientId is not null && _sockets.TryGetValue(clientId, out var socket) && socket.WantsPreviewMetadata;

    public void Send(string? clientId, string type, JsonObject data)
    {
        if (IsHeard(clientId))
            Post(clientId, new SocketFrame(Serialize(type, data), WebSocketMessageType.Text));
    }

    public void SendBinary(string? clientId, byte[] message) => Post(clientId, new SocketFrame(message, WebSocketMessageType.Binary));

    /// <summary>Tells everyone how long the queue is.</summary>
    public void SendStatus(int remaining) => Send(null, "status", new JsonObject { ["status"] = StatusOf(remaining) });

    /// <summary>
    /// Serves one socket until it closes. It is known before it is accepted, as in the real server, which does nothing between the two: a client
    /// may submit a prompt as soon as it is connected, and is told all of it.
    /// </summary>
    public async Task ServeAsync(
        Func<Task<WebSocket>> accept, string? clientId, int remaining, string? runningNode, CancellationToken cancellationToken)
    {
        var id = string.IsNullOrEmpty(clientId) ? Guid.NewGuid().ToString("N") : clientId;
        await using var socket = new ClientSocket();
        _sockets[id] = socket;
        try
        {
            Greet("status", new JsonObject { ["status"] = StatusOf(remaining), ["sid"] = id });
            if (runningNode is not null)
                Greet("executing", new JsonObject { ["node"] = runningNode });
            socket.Open(await accept());
            await socket.ReadAsync(OnFirst, cancellationToken);
        }
        finally
        {
            _sockets.TryRemove(id, out _);
        }

        void OnFirst(JsonObject message)
        {
            if (message["type"] is not JsonValue type || type.ToString() != "feature_flags")
                return;
            var wants = (message["data"] as JsonObject)?["supports_preview_metadata"] as JsonValue;
            socket.WantsPreviewMetadata = wants is not null && wants.TryGetValue(out bool flag) && flag;
            Greet("feature_flags", InfoRoutes.Features(limits));
        }

        void Greet(string type, JsonObject data)
        {
            if (!faults.AreSilent)
                socket.Post(new SocketFrame(Serialize(type, data), WebSocketMessageType.Text));
        }
    }

    /// <summary>How long the queue is, as messages and /prompt say it.</summary>
    public static JsonObject StatusOf(int remaining) => new() { ["exec_info"] = new JsonObject { ["queue_remaining"] = remaining } };

    private static byte[] Serialize(string type, JsonObject data) =>
        PythonJson.Serialize(new JsonObject { ["type"] = type, ["data"] = data });

    private void Post(string? clientId, SocketFrame frame)
    {
        if (faults.AreSilent)
            return;
        if (clientId is not null)
        {
            if (_sockets.TryGetValue(clientId, out var one))
                one.Post(frame);
            return;
        }
        foreach (var (_, socket) in _sockets)
            socket.Post(frame);
    }
}
