using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using WanTalk.Api.Health;
using WanTalk.Api.RunPod;
using WanTalk.Api.Talks;
using WanTalk.Core.Errors;
using WanTalk.Core.Json;
using WanTalk.Core.Plans;
using WanTalk.Core.Preflight;
using WanTalk.Core.Quotes;
using WanTalk.Core.RunPod;
using WanTalk.Core.Sampling;
using WanTalk.Core.Talks;
using WanTalk.Core.Uploads;

namespace WanTalk.Api.OpenApi;

/// <summary>
/// The schemas of the bodies. Those of answers are exported from the types that are written, with the options that they are written with; what
/// is null is left out of an answer, so that a property that may be null is one that need not be there.
/// </summary>
internal static class ApiSchemas
{
    public const string Talk = "Talk";
    public const string TalkList = "TalkList";
    public const string TalkRequest = "TalkRequest";
    public const string TalkForm = "TalkForm";
    public const string CreatedTalk = "CreatedTalk";
    public const string CheckedTalk = "CheckedTalk";
    public const string DryRun = "DryRun";
    public const string TalkStatus = "TalkStatus";
    public const string TalkQuote = "TalkQuote";
    public const string Preflight = "Preflight";
    public const string AuthorisedUpload = "AuthorisedUpload";
    public const string Liveness = "Liveness";
    public const string Readiness = "Readiness";
    public const string Problem = "Problem";
    public const string RunPodJob = "RunPodJob";
    public const string RunPodProblem = "RunPodProblem";
    public const string RunPodAcknowledgement = "RunPodAcknowledgement";
    public const string RunPodStatus = "RunPodStatus";
    public const string RunPodStream = "RunPodStream";
    public const string RunPodHealth = "RunPodHealth";
    public const string RunPodPurge = "RunPodPurge";

    /// <summary>The types that have a schema of their own, by its name.</summary>
    public static IReadOnlyDictionary<string, Type> Types { get; } = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        [Talk] = typeof(TalkView),
        ["TalkSettings"] = typeof(TalkSettings),
        ["AcceptedTalk"] = typeof(AcceptedTalk),
        [TalkList] = typeof(TalkList),
        [TalkStatus] = typeof(TalkStatus),
        ["TalkLinks"] = typeof(TalkLinks),
        [TalkQuote] = typeof(TalkQuote),
        ["GpuQuote"] = typeof(GpuQuote),
        [DryRun] = typeof(DryRun),
        ["TalkPlan"] = typeof(TalkPlan),
        ["TakePlan"] = typeof(TakePlan),
        [Preflight] = typeof(PreflightView),
        ["PortraitFacts"] = typeof(PortraitFacts),
        ["FaceFacts"] = typeof(FaceFacts),
        ["SpeechFacts"] = typeof(SpeechFacts),
        [AuthorisedUpload] = typeof(AuthorisedUpload),
        [Liveness] = typeof(Liveness),
        [Readiness] = typeof(ReadinessReport),
        ["FrameSize"] = typeof(FrameSize),
        ["PreflightFinding"] = typeof(PreflightFinding),
        ["WindowSettingsRun"] = typeof(WindowSettingsRun),
        ["TakeProgress"] = typeof(TakeProgress),
        [Problem] = typeof(Problems.Problem),
        ["TalkError"] = typeof(TalkError),
        ["ErrorCode"] = typeof(ErrorCode),
        [RunPodProblem] = typeof(RunPodProblem),
        [RunPodAcknowledgement] = typeof(RunPodAcknowledgement),
        [RunPodStatus] = typeof(RunPodStatus),
        ["RunPodOutput"] = typeof(RunPodOutput),
        [RunPodStream] = typeof(RunPodStream),
        [RunPodHealth] = typeof(RunPodHealth),
        [RunPodPurge] = typeof(RunPodPurge),
    };

    private static readonly Dictionary<Type, string> Names = Types.ToDictionary(entry => entry.Value, entry => entry.Key);

    /// <summary>Every schema by its name.</summary>
    public static JsonObject All()
    {
        var schemas = new JsonObject();
        foreach (var (name, type) in Types)
        {
            schemas[name] = Export(type);
        }

        foreach (var (name, schema) in RequestSchemas.All)
        {
            schemas[name] = schema.DeepClone();
        }

        // What TalkAnswer adds to a view, what a list has of it, and the bodies that POST answers with: two with 202, two with 200.
        schemas[Talk]!["properties"]!["links"] = ReferenceTo("TalkLinks");
        schemas[Talk]!["required"]!.AsArray().Add("links");
        schemas[TalkList]!["properties"]!["talks"]!["items"] = ReferenceTo(Talk);
        schemas[CreatedTalk] = new JsonObject { ["oneOf"] = new JsonArray(ReferenceTo("AcceptedTalk"), ReferenceTo(Talk)) };
        schemas[CheckedTalk] = new JsonObject { ["oneOf"] = new JsonArray(ReferenceTo(DryRun), ReferenceTo(Talk)) };
        schemas[Problem]!["properties"]!["code"] = ReferenceTo("ErrorCode");
        schemas[RunPodProblem]!["properties"]!["code"] = ReferenceTo("ErrorCode");
        return schemas;
    }

    /// <summary>Names a schema.</summary>
    public static JsonObject ReferenceTo(string name) => new() { ["$ref"] = $"#/components/schemas/{name}" };

    private static JsonNode Export(Type type) =>
        CoreJson.Options.GetJsonSchemaAsNode(type, new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform });

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        var described = DocComments.Of(context.PropertyInfo, type);
        if (!context.Path.IsEmpty && Names.TryGetValue(type, out var name))
        {
            var reference = ReferenceTo(name);
            return Describe(reference, context.PropertyInfo is null ? null : described);
        }

        if (schema is not JsonObject fields)
        {
            return schema;
        }

        if (fields["type"] is JsonArray kinds)
        {
            fields["type"] = kinds.First(kind => kind!.GetValue<string>() != "null")!.DeepClone();
        }

        if (fields["enum"] is JsonArray values)
        {
            fields["type"] = "string";
            fields["enum"] = new JsonArray([.. values.Where(value => value is not null).Select(value => value!.DeepClone())]);
        }

        if (context.TypeInfo.Kind == JsonTypeInfoKind.Object)
        {
            fields["required"] = new JsonArray(
                [.. context.TypeInfo.Properties.Where(IsAlwaysThere).Select(property => (JsonNode)JsonValue.Create(property.Name))]);
        }

        return Describe(fields, described);
    }

    private static bool IsAlwaysThere(JsonPropertyInfo property) =>
        property.Get is not null && !property.IsGetNullable && Nullable.GetUnderlyingType(property.PropertyType) is null;

    private static JsonObject Describe(JsonObject schema, string? description)
    {
        if (description is not null)
        {
            schema["description"] = description;
        }

        return schema;
    }
}
