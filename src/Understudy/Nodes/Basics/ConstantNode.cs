using WanTalk.Understudy.Execution;
using static WanTalk.Understudy.Nodes.InputSpec;

namespace WanTalk.Understudy.Nodes.Basics;

/// <summary>A number in a graph.</summary>
internal sealed class ConstantNode(NodeSchema schema) : Node
{
    public override NodeSchema Schema { get; } = schema;

    public static IEnumerable<Node> All()
    {
        yield return new ConstantNode(new NodeSchema(
            "INTConstant", [Int("value", 0, -18446744073709551615m, 18446744073709551615m)], [new OutputSpec("INT", "value")])
        {
            DisplayName = "INT Constant",
            Category = "KJNodes/constants",
            Module = "custom_nodes.ComfyUI-KJNodes",
        });
        yield return new ConstantNode(new NodeSchema(
            "PrimitiveFloat", [Float("value", null, -9223372036854775807m, 9223372036854775807m, 0.1m)], [new OutputSpec("FLOAT", "FLOAT")])
        {
            DisplayName = "Float",
            Category = "utils/primitive",
            Module = "comfy_extras.nodes_primitive",
        });
    }

    public override Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context) => NodeResult.Of(inputs.Values["value"]);
}
