using System.Text.Json.Nodes;
using WanTalk.Understudy.Nodes;

namespace WanTalk.Understudy.Execution;

/// <summary>
/// Validates a graph as ComfyUI's execution.py does: from each output node backwards, each node once; one valid output is enough, and
/// nodes that no output needs are not looked at, save that their class must exist.
/// </summary>
internal sealed class GraphValidator(NodeRegistry registry, EngineFolders folders)
{
    public ValidationReport Validate(JsonObject graph, IReadOnlyCollection<string>? targets)
    {
        var outputs = new List<string>();
        foreach (var (id, node) in graph)
        {
            if ((node as JsonObject)?["class_type"] is not JsonValue name)
            {
                return ValidationReport.Refused(
                    "invalid_prompt", "Cannot execute because a node is missing the class_type property.", $"Node ID '#{id}'");
            }
            if (registry.Find(name.ToString()) is not { } found)
                return ValidationReport.Refused("invalid_prompt", $"Cannot execute because node {name} does not exist.", $"Node ID '#{id}'");
            if (found.Schema.IsOutput && (targets is null || targets.Contains(id)))
                outputs.Add(id);
        }
        return outputs.Count == 0
            ? ValidationReport.Refused("prompt_no_outputs", "Prompt has no outputs", "")
            : ValidateOutputs(graph, outputs);
    }

    private ValidationReport ValidateOutputs(JsonObject graph, List<string> outputs)
    {
        var walk = new ValidationWalk(graph, registry, folders);
        var good = new List<string>();
        var nodeErrors = new JsonObject();
        var details = new List<string>();
        foreach (var output in outputs)
        {
            if (walk.ValidateOutput(output))
            {
                good.Add(output);
                continue;
            }
            details.AddRange(walk.FaultsOf(output).Select(fault => $"{fault.Message}: {fault.Details}"));
            foreach (var (id, faults) in walk.Faulty)
            {
                nodeErrors[id] ??= new JsonObject
                {
                    ["errors"] = new JsonArray([.. faults.Select(fault => (JsonNode)fault.ToJson())]),
                    ["dependent_outputs"] = new JsonArray(),
                    ["class_type"] = graph[id]!["class_type"]!.ToString(),
                };
                nodeErrors[id]!["dependent_outputs"]!.AsArray().Add((JsonNode)output);
            }
        }
        var error = good.Count > 0
            ? null
            : ValidationReport.ErrorOf("prompt_outputs_failed_validation", "Prompt outputs failed validation", string.Join('\n', details));
        return new ValidationReport(error, good, nodeErrors);
    }
}
