using System.Text.Json;
using System.Text.Json.Nodes;

namespace WanTalk.Core.Workflows;

/// <summary>A place in a workflow: an input of a node.</summary>
/// <param name="Node">The node's id.</param>
/// <param name="Input">The input's name.</param>
public sealed record WorkflowPlace(string Node, string Input);

/// <summary>
/// A graph in ComfyUI's API format, node id to <c>class_type</c> and <c>inputs</c>, and ways to find one's way in it: an input is a
/// constant, or a link <c>[node, output]</c>.
/// </summary>
public sealed class Workflow
{
    private static readonly HashSet<string> Constants =
        ["INTConstant", "FloatConstant", "StringConstant", "StringConstantMultiline", "PrimitiveInt", "PrimitiveFloat", "PrimitiveString"];

    /// <summary>Takes a graph over; every node of it has a class and inputs.</summary>
    internal Workflow(JsonObject graph) => Graph = graph;

    /// <summary>The graph.</summary>
    public JsonObject Graph { get; }

    /// <summary>The ids of the nodes of a class, in the graph's order.</summary>
    public IEnumerable<string> OfClass(string name) => Graph.Select(node => node.Key).Where(id => ClassOf(id) == name);

    /// <summary>A node's class.</summary>
    public string ClassOf(string id) => Graph[id]!["class_type"]!.GetValue<string>();

    /// <summary>A node's inputs.</summary>
    public JsonObject InputsOf(string id) => Graph[id]!["inputs"]!.AsObject();

    /// <summary>The node that an input is linked to; null if it is a constant or absent.</summary>
    public string? SourceOf(string id, string input) =>
        InputsOf(id)[input] is JsonArray { Count: 2 } link && link[0] is JsonValue value && value.TryGetValue(out string? source) && Graph.ContainsKey(source)
            ? source
            : null;

    /// <summary>Where the value of an input stands: in a constant node that it is linked to, or in the input itself.</summary>
    public WorkflowPlace PlaceOf(string id, string input) =>
        SourceOf(id, input) is { } source && Constants.Contains(ClassOf(source)) && InputsOf(source).ContainsKey("value")
            ? new WorkflowPlace(source, "value")
            : new WorkflowPlace(id, input);

    /// <summary>The number at a place; null if there is a link or something else.</summary>
    public double? NumberAt(WorkflowPlace place) =>
        InputsOf(place.Node)[place.Input] is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue(out double number)
            ? number
            : null;

    /// <summary>The text at a place; null if there is a link or something else.</summary>
    public string? TextAt(WorkflowPlace place) =>
        InputsOf(place.Node)[place.Input] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>Sets the value at a place.</summary>
    public void Set(WorkflowPlace place, JsonNode value) => InputsOf(place.Node)[place.Input] = value;

    /// <summary>The nodes that an input's value comes from, nearest first, each once.</summary>
    public IEnumerable<string> Upstream(string id, string input)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<string>();
        if (SourceOf(id, input) is { } first)
        {
            open.Enqueue(first);
        }

        while (open.TryDequeue(out var node))
        {
            if (!seen.Add(node))
            {
                continue;
            }

            yield return node;
            foreach (var source in InputsOf(node).Select(one => SourceOf(node, one.Key)).OfType<string>())
            {
                open.Enqueue(source);
            }
        }
    }

    /// <summary>A copy that can be changed alone.</summary>
    public Workflow Clone() => new(Graph.DeepClone().AsObject());
}
