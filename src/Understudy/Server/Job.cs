using System.Text.Json.Nodes;
using WanTalk.Understudy.Execution;

namespace WanTalk.Understudy.Server;

/// <summary>A prompt as /api/jobs shows it: the five items of queue and history, and history's outputs and status if it is over.</summary>
internal sealed class Job(JsonArray prompt, string status, JsonObject outputs, JsonObject? outcome)
{
    private static readonly string[] PreviewedKinds = ["images", "video", "audio"];
    private readonly JsonObject _extra = prompt[3]!.AsObject();

    public string Id { get; } = prompt[1]!.ToString();

    public string Status { get; } = status;

    public long Created => (long?)_extra["create_time"] ?? 0;

    /// <summary>A prompt that waits or runs.</summary>
    public static Job Of(PromptItem item, string status) => new(item.ToJson(), status, [], null);

    /// <summary>A prompt that is over, of its entry in history.</summary>
    public static Job Of(JsonObject entry)
    {
        var outcome = entry["status"]!.AsObject();
        var status = (bool)outcome["completed"]! ? "completed" : Find(outcome, "execution_interrupted") is null ? "failed" : "cancelled";
        return new Job(entry["prompt"]!.AsArray(), status, entry["outputs"]!.AsObject(), outcome);
    }

    /// <summary>As in the list. What is not known is left out.</summary>
    public JsonObject Short()
    {
        var shown = Shown().ToList();
        var job = new JsonObject
        {
            ["id"] = Id,
            ["status"] = Status,
            ["priority"] = prompt[0]!.DeepClone(),
            ["create_time"] = _extra["create_time"]?.DeepClone(),
        };
        Add(job, "execution_start_time", Time("execution_start"));
        Add(job, "execution_end_time", Time("execution_success") ?? Time("execution_error") ?? Time("execution_interrupted"));
        Add(job, "execution_error", Find(outcome, "execution_error"));
        job["outputs_count"] = shown.Count;
        Add(job, "preview_output", Preview(shown));
        Add(job, "workflow_id", ((_extra["extra_pnginfo"] as JsonObject)?["workflow"] as JsonObject)?["id"]);
        return job;
    }

    /// <summary>As it is shown alone: with outputs, status and graph.</summary>
    public JsonObject Long()
    {
        var job = Short();
        job["outputs"] = outputs.DeepClone();
        Add(job, "execution_status", outcome);
        job["workflow"] = new JsonObject { ["prompt"] = prompt[2]!.DeepClone(), ["extra_data"] = _extra.DeepClone() };
        return job;
    }

    private static void Add(JsonObject job, string name, JsonNode? value)
    {
        if (value is not null)
            job[name] = value.DeepClone();
    }

    private static JsonObject? Find(JsonObject? outcome, string type) =>
        outcome?["messages"]!.AsArray().FirstOrDefault(message => message![0]!.ToString() == type)?[1]!.AsObject();

    private JsonNode? Time(string type) => Find(outcome, type)?["timestamp"];

    /// <summary>The files among the outputs, each with its node and the name that it is listed under.</summary>
    private IEnumerable<(string Node, string Kind, JsonObject File)> Shown() =>
        from node in outputs
        from list in node.Value!.AsObject()
        from file in (list.Value as JsonArray ?? []).OfType<JsonObject>()
        select (node.Key, list.Key, file);

    /// <summary>The first picture, video or sound in the output folder; else the first in another.</summary>
    private static JsonObject? Preview(List<(string Node, string Kind, JsonObject File)> shown)
    {
        var candidates = shown.FindAll(one => PreviewedKinds.Contains(one.Kind)
            || ((string?)one.File["format"] ?? "").Split('/')[0] is "video" or "audio");
        if (candidates.Count == 0)
            return null;
        var index = Math.Max(0, candidates.FindIndex(one => (string?)one.File["type"] == "output"));
        var preview = (JsonObject)candidates[index].File.DeepClone();
        (preview["nodeId"], preview["mediaType"]) = (candidates[index].Node, candidates[index].Kind);
        return preview;
    }
}
