using System.Text.Json.Nodes;

namespace WanTalk.Understudy.Nodes;

/// <summary>An output slot of a node class.</summary>
internal sealed record OutputSpec(string Type, string Name);

/// <summary>What a node class takes and gives, equal in meaning to what the real server's object_info says of it.</summary>
internal sealed record NodeSchema(string Class, IReadOnlyList<InputSpec> Inputs, IReadOnlyList<OutputSpec> Outputs)
{
    public string? DisplayName { get; init; } = Class;

    public string Category { get; init; } = "WanVideoWrapper";

    public string Module { get; init; } = "custom_nodes.ComfyUI-WanVideoWrapper";

    public string Description { get; init; } = "";

    /// <summary>Whether a prompt may end in it.</summary>
    public bool IsOutput { get; init; }

    /// <summary>
    /// Whether it takes constants under names that it does not declare, without validation; other classes never see them.
    /// </summary>
    public bool TakesAnyInput { get; init; }

    /// <summary>The names in a graph's inputs that the class takes without having declared them.</summary>
    public IEnumerable<string> UndeclaredIn(JsonObject given) => TakesAnyInput
        ? given
            .Where(input => input.Value is not JsonArray && !Inputs.Any(declared => declared.Name == input.Key))
            .Select(input => input.Key)
        : [];

    /// <summary>The description in object_info; the choices are those of the moment.</summary>
    public JsonObject Describe(Func<InputSpec, InputSpec> current)
    {
        JsonObject inputs = [], order = [];
        foreach (var (group, required) in ((string, bool)[])[("required", true), ("optional", false)])
        {
            var members = Inputs.Where(input => input.Required == required).ToList();
            if (members.Count == 0 && !required)
                continue;
            inputs[group] = new JsonObject(members.Select(input => KeyValuePair.Create(input.Name, (JsonNode?)current(input).Describe())));
            order[group] = new JsonArray([.. members.Select(input => (JsonNode)input.Name)]);
        }
        return new JsonObject
        {
            ["input"] = inputs,
            ["input_order"] = order,
            ["output"] = new JsonArray([.. Outputs.Select(output => (JsonNode)output.Type)]),
            ["output_is_list"] = new JsonArray([.. Outputs.Select(_ => (JsonNode)false)]),
            ["output_name"] = new JsonArray([.. Outputs.Select(output => (JsonNode)output.Name)]),
            ["name"] = Class,
            ["display_name"] = DisplayName,
            ["description"] = Description,
            ["python_module"] = Module,
            ["category"] = Category,
            ["output_node"] = IsOutput,
        };
    }
}
