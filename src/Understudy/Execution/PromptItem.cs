using System.Text.Json.Nodes;

namespace WanTalk.Understudy.Execution;

/// <summary>A prompt in the queue.</summary>
/// <param name="Number">Its place: the smallest goes first.</param>
/// <param name="Id">Its id; need not be unique.</param>
/// <param name="Graph">The graph as it came.</param>
/// <param name="ExtraData">client_id, create_time and what else came.</param>
/// <param name="Outputs">The output nodes that are valid.</param>
internal sealed record PromptItem(double Number, string Id, JsonObject Graph, JsonObject ExtraData, IReadOnlyList<string> Outputs)
{
    /// <summary>Who hears of it; null if nobody in particular.</summary>
    public string? ClientId => (string?)ExtraData["client_id"];

    /// <summary>The form of queue and history: [number, id, graph, extra_data, outputs].</summary>
    public JsonArray ToJson() => new(
        NumberJson, Id, Graph.DeepClone(), ExtraData.DeepClone(), new JsonArray([.. Outputs.Select(output => (JsonNode)output)]));

    /// <summary>The number as Python would write it: without a fraction if it has none.</summary>
    public JsonNode NumberJson => Number == Math.Floor(Number) && Math.Abs(Number) < 1e15 ? JsonValue.Create((long)Number) : JsonValue.Create(Number);
}
