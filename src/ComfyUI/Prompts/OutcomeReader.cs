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
        var messages = ReadMessages(entry.Object("status")?["messages"]);
        var cached = messages.OfType<ExecutionCachedMessage>().SelectMany(message => message.Nodes).ToList();
        var isSuccess = entry.Object("status")?.Text("status_str") == "success";
        return new PromptOutcome(promptId, outputs, isSuccess ? Untold(entry["prompt"] as JsonArray, outputs, cached) : FailureOf(messages))
        {
            CachedNodes = cached,
        };
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
            GraphError = whole?.Text("type"),
            NodeErrors = errors,
        };
    }

    private static List<SocketMessage> ReadMessages(JsonNode? pairs)
    {
        var messages = new List<SocketMessage>();
        foreach (var pair in (pairs as JsonArray ?? []).OfType<JsonArray>())
        {
            if (pair.Count == 2 && pair[1] is JsonObject data && SocketMessageReader.Read(JsonReading.Text(pair[0]) ?? "", data) is { } message)
                messages.Add(message);
        }
        return messages;
    }

    /// <summary>
    /// For a prompt without a client id, the server leaves out of <c>outputs</c> what it took from its cache. With one, a cached output
    /// that is not there is a node that shows nothing.
    /// </summary>
    private static PromptFailure? Untold(JsonArray? prompt, Dictionary<string, JsonObject> outputs, List<string> cached)
    {
        var isTold = prompt is not { Count: > 4 } || (prompt[3] as JsonObject)?["client_id"] is not null;
        var untold = isTold
            ? null
            : (prompt![4] as JsonArray ?? []).Select(JsonReading.Text).FirstOrDefault(node => cached.Contains(node!) && !outputs.ContainsKey(node!));
        return untold is null
            ? null
            : new PromptFailure(
                PromptFailureKind.OutputMissing,
                $"The engine took the result of node {untold} from its cache and does not tell it; the prompt was sent without a client id.")
            {
                NodeId = untold,
            };
    }

    private static PromptFailure FailureOf(List<SocketMessage> messages) => messages.FindLast(IsEnd) switch
    {
        ExecutionErrorMessage error => FailureOf(error),
        ExecutionInterruptedMessage interrupted => new PromptFailure(
            PromptFailureKind.Interrupted, $"The prompt was interrupted at node {interrupted.NodeId}.")
        {
            NodeId = interrupted.NodeId,
            NodeClass = interrupted.NodeClass,
        },
        _ => new PromptFailure(PromptFailureKind.Execution, "The engine reports a failure without saying which."),
    };

    private static bool IsEnd(SocketMessage message) => message is ExecutionErrorMessage or ExecutionInterruptedMessage;

    private static PromptFailure FailureOf(ExecutionErrorMessage error)
    {
        var kind = IsOutOfMemory(error) ? PromptFailureKind.OutOfMemory : PromptFailureKind.Execution;
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

    /// <summary>PyTorch has a type for it, and the driver a message where PyTorch does not get to say it.</summary>
    private static bool IsOutOfMemory(ExecutionErrorMessage error) =>
        error.ExceptionType.Contains("OutOfMemory", StringComparison.OrdinalIgnoreCase)
        || error.Message.Contains("CUDA error: out of memory", StringComparison.OrdinalIgnoreCase);

    private static string OneLine(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= 600 ? line : line[..600] + "…";
    }
}
