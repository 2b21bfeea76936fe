namespace WanTalk.ComfyUI.Prompts;

/// <summary>Picks a prompt's own messages out of what a socket brings, and passes them on.</summary>
internal sealed class PromptListener(string promptId, PromptOptions options)
{
    private string? _node;

    /// <summary>Passes the message on if it is about the prompt; null if it is not.</summary>
    public SocketMessage? Pass(SocketMessage message)
    {
        var own = Own(message);
        if (own is ExecutingMessage executing)
            _node = executing.Node;
        if (own is null)
            return null;
        if (own is ProgressMessage progress)
            options.Progress?.Report(new PromptProgress(progress.Node, progress.Value, progress.Max));
        options.OnMessage?.Invoke(own);
        return own;
    }

    /// <summary>
    /// The older form of a preview says neither prompt nor node. The server executes one prompt at a time, so while a node of ours is
    /// running it is that node's.
    /// </summary>
    private SocketMessage? Own(SocketMessage message) => message switch
    {
        PreviewMessage { Id: null } preview => _node is null ? null : preview with { Id = promptId, Node = _node },
        _ => message.PromptId == promptId ? message : null,
    };
}
