using System.Text.Json.Nodes;
using WanTalk.Api.Talks;
using WanTalk.Core.Intake;
using WanTalk.Core.RunPod;
using WanTalk.Core.Sampling;

namespace WanTalk.Api.OpenApi;

/// <summary>The schemas of requests, from the lists of fields that read them.</summary>
internal static class RequestSchemas
{
    /// <summary>Every one by its name.</summary>
    public static IReadOnlyDictionary<string, JsonObject> All { get; } = new Dictionary<string, JsonObject>(StringComparer.Ordinal)
    {
        [ApiSchemas.TalkRequest] = Object(Fields(), TalkField.ImageUrl, TalkField.AudioUrl),
        [ApiSchemas.TalkForm] = Object(FormFields()),
        [ApiSchemas.RunPodJob] = Job(),
    };

    private static JsonObject Fields()
    {
        var fields = new JsonObject();
        foreach (var field in TalkField.Own)
        {
            fields[field.Name] = Of(field);
        }

        foreach (var setting in SamplingField.All)
        {
            fields[setting.Name] = Of(setting);
        }

        return fields;
    }

    private static JsonObject FormFields()
    {
        var fields = new JsonObject
        {
            [TalkForm.Portrait] = File("The portrait: JPEG, PNG or WebP; or image_url."),
            [TalkForm.Speech] = File("The speech: WAV, MP3, FLAC and the like; or audio_url."),
        };
        foreach (var (name, schema) in Fields())
        {
            fields[name] = schema!.DeepClone();
        }

        return fields;
    }

    private static JsonObject File(string description) =>
        new() { ["type"] = "string", ["contentMediaType"] = "application/octet-stream", ["description"] = description };

    private static JsonObject Of(TalkField field)
    {
        var schema = new JsonObject { ["description"] = field.Description };
        schema["type"] = field.Type == TalkField.Graph ? new JsonArray("object", "string") : JsonValue.Create(field.Type);
        if (field.Choices.Count > 0)
        {
            var choices = Enumeration(field.Choices);
            schema[field.Type == "array" ? "items" : "enum"] =
                field.Type == "array" ? new JsonObject { ["type"] = "string", ["enum"] = choices } : choices;
        }

        if (field.Type == "object")
        {
            schema["additionalProperties"] = new JsonObject { ["type"] = "string" };
        }

        Bound(schema, "minimum", field.Least);
        Bound(schema, field.Type == "string" ? "maxLength" : "maximum", field.Most);
        return schema;
    }

    private static JsonObject Of(SamplingField setting)
    {
        var schema = new JsonObject { ["description"] = $"{setting.Description} Give {setting.Expected}.", ["type"] = setting.Type };
        if (setting.Choices.Count > 0)
        {
            schema["enum"] = Enumeration(setting.Choices);
        }

        Bound(schema, "minimum", setting.Range?.Least);
        Bound(schema, "maximum", setting.Range?.Most);
        return schema;
    }

    private static JsonObject Job()
    {
        var policy = new JsonObject
        {
            ["executionTimeout"] = Milliseconds("How long it may be worked at.", RunPodLimits.MinExecutionTimeoutMs),
            ["ttl"] = Milliseconds("How long it may take, waiting included.", RunPodLimits.MinTtlMs),
        };
        var limits = Object(policy);
        limits["description"] = "How long the job may take.";
        var webhook = new JsonObject { ["type"] = "string", ["description"] = "Who is called with the body of status when the job has ended." };
        var job = Object(
            new JsonObject { ["input"] = ApiSchemas.ReferenceTo(ApiSchemas.TalkRequest), ["webhook"] = webhook, ["policy"] = limits }, "input");
        job["additionalProperties"] = true;
        return job;
    }

    private static JsonObject Milliseconds(string description, long least) => new()
    {
        ["type"] = "integer",
        ["description"] = $"{description} In milliseconds.",
        ["minimum"] = least,
        ["maximum"] = RunPodLimits.MaxPolicyMs,
    };

    private static JsonObject Object(JsonObject properties, params string[] required) => new()
    {
        ["type"] = "object",
        ["properties"] = properties,
        ["required"] = Enumeration(required),
        ["additionalProperties"] = false,
    };

    private static JsonArray Enumeration(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode)JsonValue.Create(value))]);

    private static void Bound(JsonObject schema, string name, double? bound)
    {
        if (bound is { } number)
        {
            schema[name] = number == Math.Truncate(number) ? JsonValue.Create((long)number) : JsonValue.Create(number);
        }
    }
}
