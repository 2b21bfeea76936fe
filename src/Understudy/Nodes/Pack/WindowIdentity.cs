using System.Text.Json.Nodes;
using WanTalk.Understudy.Values;

namespace WanTalk.Understudy.Nodes.Pack;

/// <summary>Everything that decides what a window looks like, beside the window before it. Windows of different identity never mix.</summary>
internal static class WindowIdentity
{
    public static JsonObject Of(NodeInputs inputs, LoadedEmbeds audio, ImageEmbedsValue image)
    {
        var model = inputs.Get<ModelValue>("model").Settings;
        var identity = new JsonObject
        {
            ["seed"] = inputs.Unsigned("seed"),
            ["steps"] = inputs.Int("steps"),
            ["cfg"] = inputs.Float("cfg"),
            ["shift"] = inputs.Float("shift"),
            ["scheduler"] = inputs.Text("scheduler"),
            ["width"] = image.Width,
            ["height"] = image.Height,
            ["total_frames"] = audio.TotalFrames,
            ["conditioning"] = audio.Conditioning,
            ["portrait"] = image.StartImage!.Digest,
            ["model"] = NameIn(model, "model"),
            ["lora"] = NameIn(Nested(model, "lora"), "lora"),
            ["lora_strength"] = NameIn(Nested(model, "lora"), "strength"),
            ["multitalk_model"] = NameIn(Nested(model, "multitalk_model"), "model"),
            ["base_precision"] = NameIn(model, "base_precision"),
        };
        // As it will be when it is read back: numbers compare as text.
        return (JsonObject)JsonNode.Parse(identity.ToJsonString())!;
    }

    /// <summary>Refuses an identity that is not this one, and says where they differ.</summary>
    public static void Demand(JsonObject wanted, JsonObject? found, string file)
    {
        if (found is null)
            throw PackRefusal.File($"{file} is no checkpoint of the understudy's.");
        foreach (var (name, value) in wanted)
        {
            if (!JsonNode.DeepEquals(value, found[name]))
                throw PackRefusal.File($"{file} belongs to other work: its {name} is {Shown(found[name])} and not {Shown(value)}.");
        }
    }

    private static string Shown(JsonNode? node) => node?.ToJsonString() ?? "absent";

    private static string? NameIn(JsonObject? settings, string name) => (string?)settings?[name];

    private static JsonObject? Nested(JsonObject settings, string name) => settings[name]?["settings"] as JsonObject;
}
