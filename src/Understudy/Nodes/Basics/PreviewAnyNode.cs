using System.Text.Json.Nodes;
using WanTalk.Understudy.Execution;
using static WanTalk.Understudy.Nodes.InputSpec;

namespace WanTalk.Understudy.Nodes.Basics;

/// <summary>PreviewAny: shows a value as a text.</summary>
internal sealed class PreviewAnyNode : Node
{
    public override NodeSchema Schema { get; } = new("PreviewAny", [Link("source", "*")], [])
    {
        DisplayName = "Preview as Text",
        Category = "utils",
        Module = "comfy_extras.nodes_preview_any",
        IsOutput = true,
    };

    public override Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context)
    {
        var shown = new JsonObject { ["text"] = new JsonArray(PythonText.Of(inputs.Values.GetValueOrDefault("source"))) };
        return Task.FromResult(new NodeResult([], shown));
    }
}
