using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using WanTalk.ComfyUI.Http;

namespace WanTalk.ComfyUI;

/// <summary>
/// Validates an API-format graph against a server's node classes, before anything is submitted: every problem at once, and in words that
/// say what the server lacks. As in the server, what no output needs is not looked at, except that its class must exist.
/// </summary>
public static class GraphCheck
{
    private static readonly string[] ModelEndings = [".safetensors", ".gguf", ".pt", ".pth", ".ckpt", ".bin", ".onnx"];

    /// <summary>The problems of a graph, in the order of its nodes; empty if the server would take all of it.</summary>
    /// <param name="graph">Node id to class_type and inputs.</param>
    /// <param name="classes">The server's node classes.</param>
    public static IReadOnlyList<GraphProblem> Check(JsonObject graph, NodeClasses classes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(classes);
        var problems = new List<GraphProblem>();
        var needed = NeededNodes(graph, classes);
        foreach (var (id, node) in graph)
        {
            if (node is not JsonObject about || about.Text("class_type") is not { } name || about.Object("inputs") is not { } inputs)
                problems.Add(new GraphProblem(GraphProblemKind.Malformed, id, "", null, $"Node {id} has no class_type or no inputs."));
            else if (classes.Find(name) is not { } type)
                problems.Add(new GraphProblem(GraphProblemKind.MissingClass, id, name, null, $"The node class {name} (node {id}) is missing."));
            else if (needed.Contains(id))
                problems.AddRange(new NodeCheck(graph, classes, id, type).Check(inputs));
        }

        if (needed.Count == 0 && problems.Count == 0)
            problems.Add(new GraphProblem(GraphProblemKind.NoOutput, "", "", null, "The graph has no output node."));
        return problems;
    }

    /// <summary>The outputs and what they need; nodes whose class is unknown count as outputs.</summary>
    private static HashSet<string> NeededNodes(JsonObject graph, NodeClasses classes)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(graph
            .Where(node => (node.Value as JsonObject)?.Text("class_type") is { } name && classes.Find(name) is null or { IsOutput: true })
            .Select(node => node.Key));
        while (open.TryPop(out var id))
        {
            if (!needed.Add(id) || (graph[id] as JsonObject)?.Object("inputs") is not { } inputs)
                continue;
            foreach (var (_, value) in inputs)
            {
                if (value is JsonArray { Count: 2 } link && JsonReading.Text(link[0]) is { } source)
                    open.Push(source);
            }
        }

        return needed;
    }

    /// <summary>The check of one node's inputs.</summary>
    private sealed class NodeCheck(JsonObject graph, NodeClasses classes, string id, NodeClass type)
    {
        public IEnumerable<GraphProblem> Check(JsonObject inputs)
        {
            foreach (var input in type.Inputs)
            {
                if (!inputs.ContainsKey(input.Name))
                {
                    if (input.Required)
                        yield return Problem(GraphProblemKind.MissingInput, input, "is not given");
                }
                else if ((inputs[input.Name] is JsonArray link ? CheckLink(input, link) : CheckValue(input, inputs[input.Name])) is { } problem)
                {
                    yield return problem;
                }
            }
        }

        private GraphProblem? CheckLink(NodeInput input, JsonArray link)
        {
            if (link is not [{ } from, JsonValue slotValue] || JsonReading.Text(from) is not { } source
                || !slotValue.TryGetValue(out int slot) || (graph[source] as JsonObject)?.Text("class_type") is not { } name)
                return Problem(GraphProblemKind.Malformed, input, $"links to {link.ToJsonString()}, which is no node's output");
            if (classes.Find(name) is not { } origin)
                return null;
            if (slot < 0 || slot >= origin.Outputs.Count)
                return Problem(GraphProblemKind.Malformed, input, $"links to output {slot} of node {source} ({name}), which has {origin.Outputs.Count}");
            return input.Choices is not null || Fits(origin.Outputs[slot], input.Type)
                ? null
                : Problem(GraphProblemKind.WrongType, input, $"takes {input.Type} and is linked to {origin.Outputs[slot]}");
        }

        private GraphProblem? CheckValue(NodeInput input, JsonNode? value)
        {
            if (input.IsUpload)
                return null;
            var text = JsonReading.Text(value) ?? value?.ToJsonString() ?? "null";
            if (input.Choices is { } choices)
            {
                if (choices.Contains(text))
                    return null;
                return IsModel(text)
                    ? new GraphProblem(GraphProblemKind.MissingModel, id, type.Name, input.Name,
                        $"The model file {text} is not among those that {type.Name} (node {id}) lists.")
                    : Problem(GraphProblemKind.WrongValue, input, $"is '{text}', which is none of its choices");
            }

            if (input.Type is not ("INT" or "FLOAT"))
                return null;
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && value?.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
                return Problem(GraphProblemKind.WrongValue, input, $"is '{text}', which is no number");
            return number < input.Min || number > input.Max
                ? Problem(GraphProblemKind.WrongValue, input, $"is {text}, outside of {input.Min ?? double.NegativeInfinity} to {input.Max ?? double.PositiveInfinity}")
                : null;
        }

        private GraphProblem Problem(GraphProblemKind kind, NodeInput input, string what) =>
            new(kind, id, type.Name, input.Name, $"The input {input.Name} of node {id} ({type.Name}) {what}.");

        /// <summary>A type may be "*", or several behind one another.</summary>
        private static bool Fits(string given, string wanted) =>
            given == wanted || given == "*" || wanted == "*" || given.Split(',').Intersect(wanted.Split(','), StringComparer.Ordinal).Any();

        private static bool IsModel(string name) => ModelEndings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
    }
}
