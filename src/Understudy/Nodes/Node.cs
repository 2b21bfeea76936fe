using System.Text.Json.Nodes;
using WanTalk.Understudy.Execution;

namespace WanTalk.Understudy.Nodes;

/// <summary>What a node gives: a value for each output slot, and what it shows, if it shows anything.</summary>
internal sealed record NodeResult(IReadOnlyList<object?> Outputs, JsonObject? Ui = null)
{
    public static Task<NodeResult> Of(params IReadOnlyList<object?> outputs) => Task.FromResult(new NodeResult(outputs));
}

/// <summary>A node class. It has no state: everything comes with the call.</summary>
internal abstract class Node
{
    public abstract NodeSchema Schema { get; }

    /// <summary>The class's own check of its constants: null if they are right, else "input - what is wrong".</summary>
    public virtual string? Validate(NodeInputs inputs, EngineFolders folders) => null;

    /// <summary>
    /// What the result depends on beside the inputs: the digest of a file, for instance. Null means that it is never the same, so that
    /// the node always runs.
    /// </summary>
    public virtual string? Fingerprint(NodeInputs inputs, EngineFolders folders) => "";

    public abstract Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context);
}
