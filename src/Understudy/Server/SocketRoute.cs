using WanTalk.Understudy.Execution;

namespace WanTalk.Understudy.Server;

/// <summary>GET /ws: a client's socket.</summary>
internal sealed class SocketRoute(SocketHub hub, EngineState state, PromptQueue queue, IHostApplicationLifetime lifetime)
{
    public async Task HandleAsync(HttpContext http)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            await Answers.TextAsync(http, 400, "No WebSocket UPGRADE hdr: None\n Can \"Upgrade\" only to \"WebSocket\".");
            return;
        }
        var clientId = http.Request.Query["clientId"].ToString();
        var current = state.Current;
        var runningNode = current.ClientId is { Length: > 0 } client && client == clientId ? current.Node : null;
        await hub.ServeAsync(http.WebSockets.AcceptWebSocketAsync, clientId, queue.Remaining, runningNode, lifetime.ApplicationStopping);
    }
}
