using System.Globalization;
using System.Text.Json.Nodes;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Values;

namespace WanTalk.Understudy.Nodes.Models;

/// <summary>A loader or a bag of settings: its value is what it was asked for, since nothing is loaded.</summary>
internal sealed class ModelNode(NodeSchema schema) : Node
{
    public override NodeSchema Schema { get; } = schema;

    public override Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context)
    {
        var settings = new JsonObject();
        foreach (var (name, value) in inputs.Values.OrderBy(input => input.Key, StringComparer.Ordinal))
        {
            settings[name] = value switch
            {
                ModelValue model => new JsonObject { ["class"] = model.Class, ["settings"] = model.Settings.DeepClone() },
                IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
                _ => value?.ToString(),
            };
        }
        return NodeResult.Of(new ModelValue(Schema.Class, settings));
    }
}
