using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using WanTalk.Core.Errors;
using WanTalk.Core.Intake;

namespace WanTalk.Core.Workflows;

/// <summary>Reads a caller's workflow, and refuses what is none or what it may not do. Every problem at once.</summary>
public static class WorkflowReader
{
    /// <summary>The largest workflow, in bytes of UTF-8.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>The most nodes.</summary>
    public const int MaxNodes = 500;

    private static readonly JsonDocumentOptions Documents = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <summary>Reads a workflow.</summary>
    /// <param name="json">The workflow in API format.</param>
    /// <param name="alsoAllowed">Node classes that an operator allows beside the list.</param>
    /// <param name="problems">Is told what is wrong.</param>
    /// <returns>The workflow; null when something is wrong.</returns>
    public static Workflow? Read(string json, IReadOnlyCollection<string> alsoAllowed, ICollection<TalkError> problems)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(alsoAllowed);
        ArgumentNullException.ThrowIfNull(problems);
        if (Parse(json, problems) is not { } graph)
        {
            return null;
        }

        var before = problems.Count;
        foreach (var (id, node) in graph)
        {
            CheckNode(id, node, alsoAllowed, problems);
        }

        return problems.Count == before ? new Workflow(graph) : null;
    }

    /// <summary>Reads a workflow that was read and checked before.</summary>
    public static Workflow ReadChecked(string json) => new(JsonNode.Parse(json, documentOptions: Documents)!.AsObject());

    private static JsonObject? Parse(string json, ICollection<TalkError> problems)
    {
        if (Encoding.UTF8.GetByteCount(json) > MaxBytes)
        {
            return Invalid(problems, $"The workflow has more than {MaxBytes} bytes.");
        }

        try
        {
            var graph = JsonNode.Parse(json, documentOptions: Documents) as JsonObject;
            return graph switch
            {
                null => Invalid(problems, "The workflow is no JSON object. Give the file that ComfyUI's \"Export (API)\" makes."),
                _ when graph["nodes"] is JsonArray => Invalid(problems,
                    "The workflow is in ComfyUI's format for its page. Give the API format, which \"Export (API)\" makes."),
                { Count: 0 } => Invalid(problems, "The workflow has no nodes."),
                { Count: > MaxNodes } => Invalid(problems, $"The workflow has {graph.Count} nodes. Give at most {MaxNodes}."),
                _ => graph,
            };
        }
        catch (JsonException malformed)
        {
            return Invalid(problems, $"The workflow is no valid JSON: {malformed.Message.Split('\n')[0].Trim()}");
        }
    }

    private static void CheckNode(string id, JsonNode? node, IReadOnlyCollection<string> alsoAllowed, ICollection<TalkError> problems)
    {
        if (node is not JsonObject about || about["class_type"] is not JsonValue type || !type.TryGetValue(out string? name)
            || about["inputs"] is not JsonObject inputs)
        {
            Invalid(problems, $"Node {id} of the workflow has no class_type or no inputs. Give the API format, which \"Export (API)\" makes.");
        }
        else if (!AllowedNodes.Contains(name) && !alsoAllowed.Contains(name))
        {
            problems.Add(new TalkError(ErrorCode.WorkflowForbidden,
                $"Node {id} of the workflow is a {name}, which may not be used here. Take it out, or have the operator allow it.",
                TalkField.Workflow));
        }
        else
        {
            foreach (var problem in WorkflowPaths.Check(id, name, inputs))
            {
                problems.Add(problem);
            }
        }
    }

    private static JsonObject? Invalid(ICollection<TalkError> problems, string message)
    {
        problems.Add(new TalkError(ErrorCode.WorkflowInvalid, message, TalkField.Workflow));
        return null;
    }
}
