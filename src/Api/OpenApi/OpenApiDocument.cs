using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace WanTalk.Api.OpenApi;

/// <summary>The API as OpenAPI 3.1, made of the operations, the lists of fields and the types that are written.</summary>
public static partial class OpenApiDocument
{
    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true };

    /// <summary>The document.</summary>
    public static JsonObject Build()
    {
        var paths = new JsonObject();
        foreach (var group in ApiOperations.All.GroupBy(operation => operation.Route))
        {
            var path = new JsonObject();
            foreach (var operation in group)
            {
                path[operation.Method.ToLowerInvariant()] = Of(operation);
            }

            paths[$"/{group.Key}"] = path;
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "WanTalk",
                ["version"] = typeof(OpenApiDocument).Assembly.GetName().Version!.ToString(3),
                ["description"] = "A portrait and a speech go in; a lip-synced talking video comes out.",
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = ApiSchemas.All(),
                ["securitySchemes"] = new JsonObject
                {
                    ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                    ["key"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "X-Api-Key" },
                },
            },
        };
    }

    /// <summary>A document as it is sent and written: indented JSON in UTF-8.</summary>
    public static byte[] ToBytes(JsonObject document) => JsonSerializer.SerializeToUtf8Bytes(document, Written);

    private static JsonObject Of(ApiOperation operation)
    {
        var described = new JsonObject
        {
            ["operationId"] = operation.Id,
            ["tags"] = new JsonArray(operation.Group.Name),
            ["summary"] = operation.Summary,
            ["parameters"] = ParametersOf(operation),
            ["responses"] = AnswersOf(operation),
            ["security"] = operation.Group.WantsKey
                ? new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }, new JsonObject { ["key"] = new JsonArray() })
                : [],
        };
        if (operation.Bodies.Count > 0)
        {
            described["requestBody"] = new JsonObject { ["required"] = true, ["content"] = ContentOf(operation.Bodies) };
        }

        return described;
    }

    private static JsonArray ParametersOf(ApiOperation operation)
    {
        var parameters = new JsonArray();
        foreach (Match value in PathValue().Matches(operation.Route))
        {
            parameters.Add((JsonNode)new JsonObject
            {
                ["name"] = value.Groups[1].Value,
                ["in"] = "path",
                ["required"] = true,
                ["schema"] = new JsonObject { ["type"] = "string" },
            });
        }

        foreach (var parameter in operation.Parameters)
        {
            parameters.Add((JsonNode)new JsonObject
            {
                ["name"] = parameter.Name,
                ["in"] = parameter.In,
                ["description"] = parameter.Description,
                ["schema"] = JsonNode.Parse(parameter.Schema),
            });
        }

        return parameters;
    }

    private static JsonObject AnswersOf(ApiOperation operation)
    {
        var answers = new JsonObject();
        foreach (var answer in operation.Answers)
        {
            var described = new JsonObject { ["description"] = answer.Description };
            if (answer.Headers.Length > 0)
            {
                var headers = new JsonObject();
                foreach (var (name, description) in answer.Headers)
                {
                    headers[name] = new JsonObject { ["description"] = description, ["schema"] = new JsonObject { ["type"] = "string" } };
                }

                described["headers"] = headers;
            }

            if (answer.Body is { } body)
            {
                described["content"] = ContentOf([body]);
            }

            answers[answer.Status.ToString(CultureInfo.InvariantCulture)] = described;
        }

        foreach (var status in operation.Group.Errors.Concat(operation.Errors).Distinct().Order())
        {
            answers[status.ToString(CultureInfo.InvariantCulture)] =
                new JsonObject { ["description"] = "Refused or failed: code says why.", ["content"] = ContentOf([operation.Group.Error!]) };
        }

        return answers;
    }

    private static JsonObject ContentOf(IEnumerable<ApiBody> bodies)
    {
        var content = new JsonObject();
        foreach (var body in bodies)
        {
            var described = new JsonObject();
            if (body.Schema is { } schema)
            {
                described["schema"] = ApiSchemas.ReferenceTo(schema);
            }

            if (body.Example is { } example)
            {
                described["example"] = JsonNode.Parse(example);
            }

            content[body.MediaType] = described;
        }

        return content;
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathValue();
}
