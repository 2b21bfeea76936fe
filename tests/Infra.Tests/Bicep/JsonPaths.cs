using System.Text.Json.Nodes;

namespace WanTalk.Infra.Tests.Bicep;

/// <summary>Ways into JSON that say what is missing.</summary>
internal static class JsonPaths
{
    /// <summary>What is at a path of names with dots between, or null.</summary>
    public static JsonNode? At(this JsonNode node, string path) =>
        path.Split('.').Aggregate((JsonNode?)node, (inner, name) => inner is JsonObject found ? found[name] : null);

    /// <summary>The text at a path.</summary>
    public static string Text(this JsonNode node, string path) => node.At(path)?.ToString() ?? throw Missing(node, path);

    /// <summary>The number at a path.</summary>
    public static int Number(this JsonNode node, string path) => (int?)node.At(path) ?? throw Missing(node, path);

    /// <summary>The objects of the list at a path; none where nothing is there.</summary>
    public static IReadOnlyList<JsonObject> List(this JsonNode node, string path) => [.. (node.At(path)?.AsArray() ?? []).OfType<JsonObject>()];

    private static InvalidDataException Missing(JsonNode node, string path) =>
        new($"{(node is JsonObject found ? found["name"] ?? found["type"] : null)} has no {path}: {node}");
}
