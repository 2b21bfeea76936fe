using System.Text.Json.Nodes;
using WanTalk.ComfyUI.Http;
using WanTalk.ComfyUI.Messages;

namespace WanTalk.ComfyUI.Prompts;

/// <summary>Reads how a prompt ended from the server's answers: an entry of history, or a refusal of <c>POST /prompt</c>.</summary>
internal static class OutcomeReader
{
    /// <summary>Reads <c>{prompt, outputs, status, meta}</c>.</summary>
    public static PromptOutcome FromHistory(string promptId, JsonObject entry)
    {
        var outputs = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var (node, output) in entry.Object("outputs") ?? [])
        {
            if (output is JsonObject shown)
                outputs[node] = shown;
        }
        var status = entry.Object("status");
        return status?.Text("status_str") == "success"
            ? new PromptOutcome(promptId, outputs, null)
            : new PromptOutcome(promptId, outputs, FailureOf(status));
    }

    /// <summary>Reads <c>{error, node_errors}</c>, the answer of 400, and the node_errors of a 200 that dropped some outputs.</summary>
    public static PromptFailure Validation(JsonObject answer)
    {
        var errors = new List<NodeError>();
        foreach (var (id, node) in answer.Object("node_errors") ?? [])
        {
            if (node is not JsonObject about)
                continue;
            foreach (var error in (about["errors"] as JsonArray ?? []).OfType<JsonObject>())
            {
                errors.Add(new NodeError(
                    id,
                    about.Text("class_type") ?? "",
                    error.Text("type") ?? "",
                    error.Text("message") ?? "",
                    error.Text("details") ?? "",
                    error.Object("extra_info")?.Text("input_name")));
            }
        }
        var first = errors.Count > 0 ? errors[0] : null;
        var whole = answer.Object("error");
        var what = first is not null
            ? $"node {first.NodeId} ({first.NodeClass}): {first.Message}: {first.Details}"
            : $"{whole?.Text("message")} {whole?.Text("details")}".Trim();
        var more = errors.Count > 1 ? $" (and {errors.Count - 1} more)" : "";
        return new PromptFailure(PromptFailureKind.Validation, OneLine($"The engine refused the graph: {what}{more}"))
        {
            NodeId = first?.NodeId,
            NodeClass = first?.NodeClass,
            NodeErrors = errors,
        };
    }

    private static PromptFailure FailureOf(JsonObject? status)
    {
        foreach (var pair in (status?["messages"] as JsonArray ?? []).OfType<JsonArray>().Reverse())
        {
            if (pair.Count != 2 || pair[1] is not JsonObject data)
                continue;
            switch (SocketMessageReader.Read(JsonReading.Text(pair[0]) ?? "", data))
            {
                case ExecutionErrorMessage error:
                    return FailureOf(error);
                case ExecutionInterruptedMessage interrupted:
                    return new PromptFailure(PromptFailureKind.Interrupted, $"The prompt was interrupted at node {interrupted.NodeId}.")
                    {
                        NodeId = interrupted.NodeId,
                        NodeClass = interrupted.NodeClass,
                    };
            }
        }
        return new PromptFailure(PromptFailureKind.Execution, "The engine reports a failure without saying which.");
    }

    private static PromptFailure FailureOf(ExecutionErrorMessage error)
    {
        var outOfMemory = error.ExceptionType.Contains("OutOfMemory", StringComparison.OrdinalIgnoreCase);
        var kind = outOfMemory ? PromptFailureKind.OutOfMemory : PromptFailureKind.Execution;
        var text = OneLine($"Node {error.NodeId} ({error.NodeClass}) failed: {error.ExceptionType}: {error.Message}");
        return new PromptFailure(kind, text)
        {
            NodeId = error.NodeId,
            NodeClass = error.NodeClass,
            ExceptionType = error.ExceptionType,
            ExceptionMessage = error.Message,
            Traceback = error.Traceback,
        };
    }

    private static string OneLine(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= 600 ? line : line[..600] + "…";
    }
}
