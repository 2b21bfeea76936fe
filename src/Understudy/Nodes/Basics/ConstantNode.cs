using WanTalk.Understudy.Execution;
using static WanTalk.Understudy.Nodes.InputSpec;

namespace WanTalk.Understudy.Nodes.Basics;

/// <summary>A number, a text or a flag in a graph.</summary>
internal sealed class ConstantNode(NodeSchema schema) : Node
{
    public override NodeSchema Schema { get; } = schema;

    public static IEnumerable<Node> All()
    {
        const decimal Most = 18446744073709551615m;
        yield return Constant("INTConstant", "INT Constant", Int("value", 0, -Most, Most));
        yield return Constant("FloatConstant", "Float Constant", Float("value", 0.0, -Most, Most, 0.00001m));
        const decimal Whole = 9223372036854775807m;
        yield return Primitive("PrimitiveFloat", "Float", Float("value", null, -Whole, Whole, 0.1m));
        yield return Primitive("PrimitiveInt", "Int", Int("value", null, -Whole, Whole));
        yield return Primitive("PrimitiveString", "String", Text("value"));
        yield return Primitive("PrimitiveBoolean", "Boolean", new InputSpec("value", "BOOLEAN"));
    }

    private static ConstantNode Constant(string name, string displayName, InputSpec value) =>
        new(new NodeSchema(name, [value], [new OutputSpec(value.Type, "value")])
        {
            DisplayName = displayName,
            Category = "KJNodes/constants",
            Module = "custom_nodes.ComfyUI-KJNodes",
        });

    private static ConstantNode Primitive(string name, string displayName, InputSpec value) =>
        new(new NodeSchema(name, [value], [new OutputSpec(value.Type, value.Type)])
        {
            DisplayName = displayName,
            Category = "utils/primitive",
            Module = "comfy_extras.nodes_primitive",
        });

    public override Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context) => NodeResult.Of(inputs.Values["value"]);
}
