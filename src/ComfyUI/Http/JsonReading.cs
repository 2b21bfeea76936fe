using System.Text.Json;
using System.Text.Json.Nodes;

namespace WanTalk.ComfyUI.Http;

/// <summary>Reading JSON of others: a member that is missing or of another kind is null.</summary>
internal static class JsonReading
{
    public static JsonObject? Object(this JsonObject from, string name) => from[name] as JsonObject;

    public static string? Text(this JsonObject from, string name) => Text(from[name]);

    public static double? Number(this JsonObject from, string name) =>
        from[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue(out double number) ? number : null;

    public static IReadOnlyList<string> Texts(this JsonObject from, string name) =>
        (from[name] as JsonArray ?? []).Select(Text).OfType<string>().ToList();

    public static string? Text(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
