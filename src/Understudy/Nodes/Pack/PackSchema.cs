namespace WanTalk.Understudy.Nodes.Pack;

/// <summary>What the classes of our own node pack have in common.</summary>
internal static class PackSchema
{
    /// <summary>The version of the pack whose nodes these stand for.</summary>
    public const string Version = "1.0.0";

    /// <summary>The module that the pack's classes come from.</summary>
    public const string Module = "custom_nodes.wantalk";

    public static NodeSchema Of(
        string name, IReadOnlyList<InputSpec> inputs, IReadOnlyList<OutputSpec> outputs, bool isOutput = false, string description = "") =>
        new(name, inputs, outputs) { Category = "WanTalk", Module = Module, IsOutput = isOutput, Description = description };
}
