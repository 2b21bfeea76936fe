using System.Text.Json.Nodes;

namespace WanTalk.Api.Tests.RunPod;

/// <summary>What JSON is made of: its names and the kinds of its values, without the values.</summary>
internal static class Shape
{
    public static string Of(string json) => Of(JsonNode.Parse(json)!);

    public static string Of(JsonNode? json) => json switch
    {
        JsonObject fields => $"{{{string.Join(',', fields.Select(field => $"{field.Key}:{Of(field.Value)}").Order(StringComparer.Ordinal))}}}",
        JsonArray items => $"[{string.Join(',', items.Select(Of).Distinct())}]",
        null => "null",
        _ => json.GetValueKind().ToString(),
    };
}
