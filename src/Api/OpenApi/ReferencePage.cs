using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WanTalk.Api.OpenApi;

/// <summary>The OpenAPI document as one page of HTML without scripts, so that it reads without an internet connection.</summary>
internal static class ReferencePage
{
    private const string Head = """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>WanTalk's API</title>
        <style>
        body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}pre{background:#8882;overflow:auto;padding:.7rem}
        table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #8885;padding:.3rem;text-align:left;vertical-align:top}
        h3 code{font-size:1rem}nav li{list-style:none}:root{color-scheme:light dark}
        </style></head><body>
        """;

    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true };

    /// <summary>The page.</summary>
    public static string Of(JsonObject document)
    {
        var page = new StringBuilder(Head);
        page.Append($"<h1>{Safe(document["info"]!["title"])}</h1><p>{Safe(document["info"]!["description"])}</p>");
        page.Append("<p>A server with keys wants one with every request, as <code>Authorization: Bearer KEY</code> or <code>X-Api-Key: KEY</code>. ");
        page.Append("The same as OpenAPI 3.1: <a href=\"/openapi.json\">/openapi.json</a>.</p><nav><ul>");
        var operations = document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(method => (Name: $"{method.Key.ToUpperInvariant()} {path.Key}", Node: method.Value!)))
            .ToList();
        foreach (var (name, operation) in operations)
        {
            page.Append($"<li><a href=\"#{Safe(operation["operationId"])}\"><code>{Safe(name)}</code></a> {Safe(operation["summary"])}</li>");
        }

        page.Append("</ul></nav><h2>Operations</h2>");
        foreach (var (name, operation) in operations)
        {
            page.Append($"<h3 id=\"{Safe(operation["operationId"])}\"><code>{Safe(name)}</code></h3><p>{Safe(operation["summary"])}</p>");
            AddParameters(page, operation["parameters"]!.AsArray());
            AddContent(page, "Body", operation["requestBody"]?["content"]);
            foreach (var (status, answer) in operation["responses"]!.AsObject())
            {
                page.Append($"<p><b>{status}</b> {Safe(answer!["description"])}</p>");
                if (status[0] == '2')
                {
                    AddContent(page, "Answer", answer["content"]);
                }
            }
        }

        page.Append("<h2>Schemas</h2>");
        foreach (var (name, schema) in document["components"]!["schemas"]!.AsObject())
        {
            AddSchema(page, name, schema!);
        }

        return page.Append("</body></html>\n").ToString();
    }

    private static void AddParameters(StringBuilder page, JsonArray parameters)
    {
        if (parameters.Count == 0)
        {
            return;
        }

        page.Append("<table><tr><th>parameter</th><th>in</th><th>value</th><th>meaning</th></tr>");
        foreach (var parameter in parameters)
        {
            page.Append($"<tr><td><code>{Safe(parameter!["name"])}</code></td><td>{Safe(parameter["in"])}</td>");
            page.Append($"<td>{Kind(parameter["schema"]!)}</td><td>{Safe(parameter["description"])}</td></tr>");
        }

        page.Append("</table>");
    }

    private static void AddContent(StringBuilder page, string title, JsonNode? content)
    {
        foreach (var (type, body) in content?.AsObject() ?? [])
        {
            page.Append($"<p>{title}: <code>{Safe(type)}</code> {(body!["schema"] is { } schema ? Kind(schema) : "")}</p>");
            if (body["example"] is { } example)
            {
                page.Append($"<pre>{Safe(example.ToJsonString(Written))}</pre>");
            }
        }
    }

    private static void AddSchema(StringBuilder page, string name, JsonNode schema)
    {
        page.Append($"<h3 id=\"{Safe(name)}\">{Safe(name)}</h3><p>{Safe(schema["description"])} {(schema["properties"] is null ? Kind(schema) : "")}</p>");
        if (schema["properties"] is not JsonObject { Count: > 0 } fields)
        {
            return;
        }

        var required = schema["required"]?.AsArray().Select(field => (string)field!).ToHashSet() ?? [];
        page.Append("<table><tr><th>field</th><th>value</th><th>meaning</th></tr>");
        foreach (var (field, value) in fields)
        {
            page.Append($"<tr><td><code>{Safe(field)}</code>{(required.Contains(field) ? "" : "?")}</td>");
            page.Append($"<td>{Kind(value!)}</td><td>{Safe(value!["description"])}</td></tr>");
        }

        page.Append("</table>");
    }

    /// <summary>What a value may be, in a few words.</summary>
    private static string Kind(JsonNode schema)
    {
        if (schema["$ref"] is { } reference)
        {
            var name = Safe(((string)reference!).Split('/')[^1]);
            return $"<a href=\"#{name}\">{name}</a>";
        }

        if (schema["oneOf"] is JsonArray several)
        {
            return string.Join(" or ", several.Select(one => Kind(one!)));
        }

        if (schema["enum"] is JsonArray values)
        {
            return string.Join(", ", values.Select(value => $"<code>{Safe(value)}</code>"));
        }

        var kind = schema["type"] is JsonArray types ? string.Join(" or ", types.Select(Safe)) : Safe(schema["type"]);
        var items = schema["items"] is { } item ? $" of {Kind(item)}" : "";
        var range = schema["minimum"] is not null || schema["maximum"] is not null ? $" {Safe(schema["minimum"])} to {Safe(schema["maximum"])}" : "";
        return $"{kind}{items}{range}";
    }

    private static string Safe(JsonNode? text) => Safe(text?.ToString());

    private static string Safe(string? text) => WebUtility.HtmlEncode(text ?? "");
}
