using System.Text.Json;
using System.Text.Json.Nodes;
using WanTalk.ComfyUI.Http;

namespace WanTalk.ComfyUI;

/// <summary>The node classes of a server: its object_info, read. What is not described as expected is left out, never an exception.</summary>
public sealed class NodeClasses
{
    private readonly Dictionary<string, NodeClass> _classes = new(StringComparer.Ordinal);

    private NodeClasses(JsonObject objectInfo)
    {
        foreach (var (name, node) in objectInfo)
        {
            if (node is JsonObject about)
                _classes[name] = Read(name, about);
        }
    }

    /// <summary>Reads the answer of <c>/object_info</c>.</summary>
    public static NodeClasses Read(JsonObject objectInfo)
    {
        ArgumentNullException.ThrowIfNull(objectInfo);
        return new NodeClasses(objectInfo);
    }

    /// <summary>A class by its name; null if the server does not have it.</summary>
    public NodeClass? Find(string name) => _classes.GetValueOrDefault(name);

    private static NodeClass Read(string name, JsonObject about)
    {
        var inputs = about.Object("input");
        return new NodeClass(
            name,
            [.. ReadInputs(inputs?.Object("required"), required: true), .. ReadInputs(inputs?.Object("optional"), required: false)],
            [.. (about["output"] as JsonArray ?? []).Select(type => JsonReading.Text(type) ?? "COMBO")],
            about["output_node"]?.GetValueKind() == JsonValueKind.True,
            about.Text("python_module") ?? "");
    }

    private static IEnumerable<NodeInput> ReadInputs(JsonObject? group, bool required)
    {
        foreach (var (name, description) in group ?? [])
        {
            if (description is JsonArray { Count: > 0 } parts)
                yield return ReadInput(name, parts, required);
        }
    }

    /// <summary>A choice is written <c>[[…], {}]</c> by older classes and <c>["COMBO", {"options": […]}]</c> by newer ones.</summary>
    private static NodeInput ReadInput(string name, JsonArray parts, bool required)
    {
        var options = parts.Count > 1 ? parts[1] as JsonObject ?? [] : [];
        var choices = parts[0] as JsonArray ?? options["options"] as JsonArray;
        return new NodeInput(name, choices is null ? JsonReading.Text(parts[0]) ?? "*" : "COMBO", required)
        {
            Choices = choices?.Select(choice => JsonReading.Text(choice) ?? choice?.ToJsonString() ?? "null").ToList(),
            Min = options.Number("min"),
            Max = options.Number("max"),
            IsUpload = options.Any(option => option.Key.EndsWith("_upload", StringComparison.Ordinal)),
        };
    }
}
