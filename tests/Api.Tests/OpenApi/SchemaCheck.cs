using System.Text.Json;
using System.Text.Json.Nodes;

namespace WanTalk.Api.Tests.OpenApi;

/// <summary>Holds JSON against a schema of the document, with the words of JSON Schema that the document uses.</summary>
internal sealed class SchemaCheck(JsonNode document)
{
    /// <summary>What the schema does not say of the JSON, or says otherwise; empty when they agree. A field that has no property is told, too.</summary>
    public IEnumerable<string> Problems(JsonNode? value, JsonNode schema, string at = "$")
    {
        if (schema["$ref"] is { } reference)
        {
            return Problems(value, Follow((string)reference!), at);
        }

        if (schema["oneOf"] is JsonArray several)
        {
            var each = several.Select(one => Problems(value, one!, at).ToList()).ToList();
            return each.Count(problems => problems.Count == 0) == 1 ? [] : each.SelectMany(problems => problems);
        }

        return Own(value, schema, at);
    }

    /// <summary>What a reference leads to.</summary>
    public JsonNode Follow(string reference)
    {
        var node = document;
        foreach (var part in reference.TrimStart('#', '/').Split('/'))
        {
            node = node[part] ?? throw new InvalidOperationException($"{reference} leads nowhere.");
        }

        return node;
    }

    private static string KindOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        _ => "boolean",
    };

    private IEnumerable<string> Own(JsonNode? value, JsonNode schema, string at)
    {
        var kinds = schema["type"] is JsonArray types ? [.. types.Select(type => (string)type!)] : new[] { (string?)schema["type"] ?? "" };
        var kind = KindOf(value);
        if (!kinds.Contains(kind) && !(kind == "number" && kinds.Contains("integer")))
        {
            yield return $"{at} is {kind}, not {string.Join(" or ", kinds)}";
            yield break;
        }

        if (schema["enum"] is JsonArray choices && !choices.Any(choice => JsonNode.DeepEquals(choice, value)))
        {
            yield return $"{at} is {value}, none of the enumeration";
        }

        foreach (var name in schema["required"]?.AsArray().Select(name => (string)name!) ?? [])
        {
            if (value![name] is null)
            {
                yield return $"{at}.{name} is not there";
            }
        }

        var parts = value switch
        {
            JsonArray items => items.SelectMany((item, index) => Problems(item, schema["items"]!, $"{at}[{index}]")),
            JsonObject fields => fields.SelectMany(field => (schema["properties"]?[field.Key] ?? Other(schema)) is { } part
                ? Problems(field.Value, part, $"{at}.{field.Key}")
                : [$"{at}.{field.Key} is not described"]),
            _ => [],
        };
        foreach (var problem in parts)
        {
            yield return problem;
        }
    }

    private static JsonObject? Other(JsonNode schema) => schema["additionalProperties"] as JsonObject;
}
