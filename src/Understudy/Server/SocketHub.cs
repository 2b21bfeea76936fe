using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using WanTalk.Understudy.Execution;

namespace WanTalk.Understudy.Server;

/// <summary>
/// The sockets, by client id. A second socket with an id takes the first one's place, and whichever of them closes takes the id away, as
/// in the real server. Unlike there, a client that does not read is dropped, and does not block the others.
/// </summary>
internal sealed class SocketHub : IMessageSender
{
    private readonly ConcurrentDictionary<string, ClientSocket> _sockets = new(StringComparer.Ordinal);

    public void Send(string? clientId, string type, JsonObject data)
    {
        var message = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["type"] = type, ["data"] = data });
        if (clientId is not null)
        {
            if (_sockets.TryGetValue(clientId, out var one))
                one.Post(message);
            return;
        }
        foreach (var (_, socket) in _sockets)
            socket.Post(message);
    }

    /// <summary>Tells everyone how long the queue is.</summary>
    public void SendStatus(int remaining) => Send(null, "status", new JsonObject { ["status"] = StatusOf(remaining) });

    /// <summary>Serves one socket until it closes.</summary>
    public async Task ServeAsync(WebSocket webSocket, string? clientId, int remaining, string? runningNode, CancellationToken cancellationToken)
    {
        var id = string.IsNullOrEmpty(clientId) ? Guid.NewGuid().ToString("N") : clientId;
        await using var socket = new ClientSocket(webSocket);
        _sockets[id] = socket;
        try
        {
            socket.Post("status", new JsonObject { ["status"] = StatusOf(remaining), ["sid"] = id });
            if (runningNode is not null)
                socket.Post("executing", new JsonObject { ["node"] = runningNode });
            await socket.ReadAsync(OnText, cancellationToken);
        }
        finally
        {
            _sockets.TryRemove(id, out _);
        }

        void OnText(JsonObject message)
        {
            if ((string?)message["type"] == "feature_flags")
                socket.Post("feature_flags", InfoRoutes.Features());
        }
    }

    /// <summary>How long the queue is, as messages and /prompt say it.</summary>
    public static JsonObject StatusOf(int remaining) => new() { ["exec_info"] = new JsonObject { ["queue_remaining"] = remaining } };
}
