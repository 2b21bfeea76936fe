using System.Text.Json.Nodes;

namespace WanTalk.Understudy.Execution;

/// <summary>The bars of one prompt's nodes, and which of their movements are told.</summary>
internal sealed class PromptProgress(PromptItem item, IMessageSender sender, TimeProvider time)
{
    private readonly OrderedDictionary<string, (double Value, double Max, string State)> _nodes = [];
    private long _lastTold;
    private double _lastShare;

    public void Start(string node)
    {
        _nodes[node] = (0, 1, "running");
        (_lastTold, _lastShare) = (0, 0);
        TellState();
    }

    public void Finish(string node)
    {
        var max = _nodes.TryGetValue(node, out var known) ? known.Max : 1;
        _nodes[node] = (max, max, "finished");
        TellState();
    }

    /// <summary>Moves a bar; told if it is the bar's first or last movement, or a tenth of a second and half a percent have passed.</summary>
    public void Move(string node, double value, double max)
    {
        var isNew = !_nodes.TryGetValue(node, out var known) || known.Max != max;
        _nodes[node] = (value, max, "running");
        var share = max > 0 ? value / max : 0;
        var due = isNew
            || _lastTold == 0
            || value >= max
            || (time.GetElapsedTime(_lastTold) >= TimeSpan.FromMilliseconds(100) && Math.Abs(share - _lastShare) >= 0.005);
        if (!due)
            return;
        (_lastTold, _lastShare) = (time.GetTimestamp(), share);
        TellState();
        sender.Send(item.ClientId, "progress", new JsonObject { ["value"] = value, ["max"] = max, ["prompt_id"] = item.Id, ["node"] = node });
    }

    private void TellState()
    {
        var nodes = new JsonObject();
        foreach (var (id, (value, max, state)) in _nodes)
        {
            nodes[id] = new JsonObject
            {
                ["value"] = value,
                ["max"] = max,
                ["state"] = state,
                ["node_id"] = id,
                ["prompt_id"] = item.Id,
                ["display_node_id"] = id,
                ["parent_node_id"] = null,
                ["real_node_id"] = id,
            };
        }
        sender.Send(item.ClientId, "progress_state", new JsonObject { ["prompt_id"] = item.Id, ["nodes"] = nodes });
    }
}

/// <summary>Sends messages to sockets.</summary>
internal interface IMessageSender
{
    /// <summary>To the socket of a client; to all of them if the client is null; to none if it has no socket.</summary>
    void Send(string? clientId, string type, JsonObject data);
}
