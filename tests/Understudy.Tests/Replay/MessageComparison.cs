using System.Text.Json.Nodes;

namespace WanTalk.Understudy.Tests.Replay;

/// <summary>
/// Compares what a socket heard with what it heard in the recording. The order of output nodes and of the queue's changes varies between
/// runs of the real server, and how often progress is told; all else must be the same, in the same order.
/// </summary>
public sealed class MessageComparison(Mask mask)
{
    /// <summary>The differences, each with what was recorded and what came now.</summary>
    /// <param name="socket">The socket's name.</param>
    /// <param name="recorded">What was recorded.</param>
    /// <param name="replayed">What came.</param>
    /// <param name="withStatus">Whether every change of the queue is in the recording.</param>
    /// <param name="everything">Whether progress, too, came as often as it was recorded.</param>
    public IEnumerable<string> Compare(
        string socket, IReadOnlyList<JsonObject> recorded, IReadOnlyList<JsonObject> replayed, bool withStatus, bool everything)
    {
        var differences = new List<string>();
        if (withStatus)
            differences.AddRange(Compare(Statuses(recorded), Statuses(replayed)));
        differences.AddRange(Compare(Ordered(recorded, everything), Ordered(replayed, everything)));
        differences.AddRange(Compare(LastStates(recorded, recorded, replayed), LastStates(replayed, recorded, replayed)));
        differences.AddRange(BrokenRules(replayed, withStatus));
        return differences.Select(difference => $"socket {socket}, {difference}");
    }

    private static IEnumerable<string> Compare(List<string> recorded, List<string> replayed)
    {
        for (var i = 0; i < Math.Max(recorded.Count, replayed.Count); i++)
        {
            var (left, right) = (recorded.ElementAtOrDefault(i), replayed.ElementAtOrDefault(i));
            if (left == right)
                continue;
            yield return $"message {i} of {recorded.Count}/{replayed.Count}\n  recorded {left}\n  replayed {right}";
            yield break;
        }
    }

    private static string TypeOf(JsonObject message) => (string?)message["type"] ?? "";

    private static string? PromptOf(JsonObject message) => (string?)message["data"]?["prompt_id"];

    /// <summary>
    /// How long the queue was comes as often, from the same greeting to the same end; in between it depends on who was quicker.
    /// </summary>
    private List<string> Statuses(IReadOnlyList<JsonObject> messages)
    {
        var statuses = messages.Where(message => TypeOf(message) == "status").ToList();
        return statuses.Count == 0 ? [] : [$"{statuses.Count} statuses", mask.Apply(statuses[0]), mask.Apply(statuses[^1])];
    }

    /// <summary>The messages without the queue's changes; between the stages of a prompt the nodes' groups of messages are sorted.</summary>
    private List<string> Ordered(IReadOnlyList<JsonObject> messages, bool everything)
    {
        var ordered = new List<string>();
        var groups = new List<List<string>>();
        string? node = null;
        foreach (var message in messages.Where(IsOrdered))
        {
            var (type, text) = (TypeOf(message), mask.Apply(message));
            if (type.StartsWith("execution_", StringComparison.Ordinal))
            {
                Flush();
                ordered.Add(text);
                continue;
            }
            var its = (string?)message["data"]?["node"];
            if (groups.Count == 0 || type == "executing" || (type == "executed" && its != node))
                groups.Add([]);
            groups[^1].Add(text);
            node = its ?? node;
        }
        Flush();
        return ordered;

        bool IsOrdered(JsonObject message) => TypeOf(message) != "status" && (everything || ReplaySocket.IsCompared(message));

        void Flush()
        {
            ordered.AddRange(groups.Select(group => string.Join("\n    ", group)).Order(StringComparer.Ordinal));
            groups.Clear();
        }
    }

    /// <summary>The last progress_state of each prompt that succeeded on both sides.</summary>
    private List<string> LastStates(
        IReadOnlyList<JsonObject> messages, IReadOnlyList<JsonObject> recorded, IReadOnlyList<JsonObject> replayed)
    {
        var both = Succeeded(recorded).Intersect(Succeeded(replayed)).ToHashSet();
        return [.. messages
            .Where(message => TypeOf(message) == "progress_state" && both.Contains(mask.RecordedIdOf(PromptOf(message) ?? "")))
            .GroupBy(message => mask.RecordedIdOf(PromptOf(message)!))
            .Select(states => mask.Apply(states.Last()))
            .Order(StringComparer.Ordinal)];
    }

    private IEnumerable<string> Succeeded(IReadOnlyList<JsonObject> messages) =>
        messages.Where(message => TypeOf(message) == "execution_success").Select(message => mask.RecordedIdOf(PromptOf(message)!));

    private static bool Shows(JsonObject state, JsonObject progress)
    {
        var node = state["data"]!["nodes"]![(string)progress["data"]!["node"]!];
        return JsonNode.DeepEquals(node?["value"], progress["data"]!["value"]) && JsonNode.DeepEquals(node?["max"], progress["data"]!["max"]);
    }

    /// <summary>
    /// What holds in every recording: progress follows the state that it changed; a prompt leaves the queue before it is told as over.
    /// </summary>
    private static IEnumerable<string> BrokenRules(IReadOnlyList<JsonObject> messages, bool withStatus)
    {
        JsonObject? state = null;
        var left = true;
        foreach (var message in messages)
        {
            switch (TypeOf(message))
            {
                case "progress_state":
                    state = message;
                    break;
                case "progress" when state is not null && !Shows(state, message):
                    yield return $"progress without its state: {message.ToJsonString()}";
                    break;
                case "execution_success" or "execution_error" or "execution_interrupted":
                    left = false;
                    break;
                case "status":
                    left = true;
                    break;
                case "executing" when message["data"]!["node"] is null && withStatus && !left:
                    yield return $"told as over before it left the queue: {message.ToJsonString()}";
                    break;
            }
        }
    }
}
