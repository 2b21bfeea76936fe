using System.Text.Json.Nodes;

namespace WanTalk.Understudy.Execution;

/// <summary>What a running node may do to the outside.</summary>
internal interface INodeHost
{
    EngineFolders Folders { get; }

    /// <summary>Moves the node's bar; the place where an interrupt is noticed.</summary>
    void Progress(string node, double value, double max);

    /// <summary>Sends a message of the node's own to the prompt's client.</summary>
    void Send(string type, JsonObject data);

    /// <summary>Throws if the prompt was interrupted.</summary>
    void ThrowIfInterrupted();
}

/// <summary>A running node's surroundings.</summary>
internal sealed record NodeContext(string PromptId, string NodeId, INodeHost Host, CancellationToken Stop)
{
    public EngineFolders Folders => Host.Folders;

    /// <summary>Moves the node's bar and notices an interrupt.</summary>
    public void Progress(double value, double max) => Host.Progress(NodeId, value, max);
}
