using System.Text.Json.Nodes;

namespace WanTalk.Understudy.Execution;

/// <summary>The bars of one prompt's nodes, and which of their movements are told.</summary>
internal sealed class PromptProgress(PromptItem item, IMessageSender sender, TimeProvider time)
{
    private static readonly TimeSpan LeastInterval = TimeSpan.FromMilliseconds(100);
    private const double LeastShare = 0.005;
    private readonly OrderedDictionary<string, (double Value, double Max, string State)> _nodes = [];
    private long? _lastTold;
    private double _lastShare;

    public void Start(string node)
    {
        _nodes[node] = (0, 1, "running");
        (_lastTold, _lastShare) = (null, 0);
        TellState();
    }

    public void Finish(string node)
    {
        var max = _nodes.TryGetValue(node, out var known) ? known.Max : 1;
        _nodes[node] = (max, max, "finished");
        TellState();
    }

    /// <summary>
    /// Moves a bar; told if it has a preview, is the bar's first or last movement, or a tenth of a second and half a percent have passed.
    /// </summary>
    public void Move(string node, double value, double max, byte[]? preview)
    {
        var isNew = !_nodes.TryGetValue(node, out var known) || known.Max != max;
        _nodes[node] = (value, max, "running");
        var share = max > 0 ? value / max : 0;
        var due = isNew
            || preview is not null
            || value >= max
            || _lastTold is not { } told
            || (time.GetElapsedTime(told) >= LeastInterval && Math.Abs(share - _lastShare) >= LeastShare);
        if (!due)
            return;
        (_lastTold, _lastShare) = (time.GetTimestamp(), share);
        Tell(node, value, max, preview);
    }

    private void Tell(string node, double value, double max, byte[]? preview)
    {
        TellState();
        var withMetadata = preview is not null && sender.WantsPreviewMetadata(item.ClientId);
        if (preview is not null && withMetadata)
            sender.SendBinary(item.ClientId, BinaryMessages.OfPreview(item.Id, node, preview));
        var bar = new JsonObject { ["value"] = value, ["max"] = max, ["prompt_id"] = item.Id, ["node"] = node };
        sender.Send(item.ClientId, "progress", bar);
        if (preview is not null && !withMetadata)
            sender.SendBinary(item.ClientId, BinaryMessages.OfPreview(preview));
    }

    private void TellState()
    {
        // A large prompt's state is large, and most prompts of a large queue are heard by nobody.
        if (!sender.IsHeard(item.ClientId))
            return;
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
