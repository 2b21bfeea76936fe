using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using WanTalk.Api.OpenApi;
using WanTalk.Api.RunPod;
using WanTalk.Api.Tests.RunPod;
using WanTalk.Core.Errors;
using WanTalk.Core.Intake;
using WanTalk.Core.Json;
using WanTalk.Core.Owners;
using WanTalk.Core.Talks;

namespace WanTalk.Api.Tests.OpenApi;

/// <summary>What a client is generated from is what the server does.</summary>
public sealed class DocumentSpecs
{
    private static readonly JsonSerializerOptions Strict = new(CoreJson.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_read_without_complaint_and_has_every_route_and_no_other()
    {
        await using var server = await JobServer.StartAsync(keys: ApiKeys.Parse($"alice={ApiKeys.HashOf(ApiKeys.New())}"));
        using var http = new HttpClient { BaseAddress = server.Address };
        var text = await http.GetStringAsync("openapi.json", TestEnd);

        var read = Microsoft.OpenApi.OpenApiDocument.Parse(text, OpenApiConstants.Json);
        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic.SpecificationVersion);
        var described = from path in read.Document!.Paths
                        from operation in path.Value.Operations!
                        select $"{operation.Key} {path.Key}";
        var mapped = from route in server.Routes
                     where route.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null
                     from method in route.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
                     select $"{method} /{route.RoutePattern.RawText!.TrimStart('/')}";
        Assert.Equal(mapped.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
        Assert.Equal(ApiOperations.All.Count, ApiOperations.All.Select(operation => operation.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(
            Enum.GetValues<ErrorCode>().Select(ErrorCatalog.Name),
            JsonNode.Parse(text)!["components"]!["schemas"]!["ErrorCode"]!["enum"]!.AsArray().Select(code => (string)code!));
    }

    [Fact]
    public async Task The_file_that_the_build_wrote_is_what_a_server_sends()
    {
        await using var server = await JobServer.StartAsync();
        using var http = new HttpClient { BaseAddress = server.Address };
        var file = Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "openapi.json");

        Assert.Equal(await http.GetStringAsync("openapi.json", TestEnd), await File.ReadAllTextAsync(file, TestEnd));
    }

    [Fact]
    public void Every_reference_leads_somewhere_and_every_field_says_what_it_is()
    {
        var document = WanTalk.Api.OpenApi.OpenApiDocument.Build();
        var check = new SchemaCheck(document);
        foreach (var node in Nodes(document).OfType<JsonObject>())
        {
            if (node["$ref"] is { } reference)
            {
                check.Follow((string)reference!);
            }
        }

        var silent = from schema in document["components"]!["schemas"]!.AsObject()
                     from property in schema.Value!["properties"]?.AsObject() ?? []
                     where property.Value!["description"] is null && property.Value["$ref"] is null
                     select $"{schema.Key}.{property.Key}";
        Assert.Empty(silent);
    }

    [Fact]
    public void Every_field_of_a_request_is_described_as_it_is_read()
    {
        var fields = WanTalk.Api.OpenApi.OpenApiDocument.Build()["components"]!["schemas"]!["TalkRequest"]!["properties"]!.AsObject();
        Assert.Equal(TalkField.Names, fields.Select(field => field.Key));
        foreach (var (name, schema) in fields)
        {
            var example = schema!["enum"]?[0]?.ToJsonString() ?? TypeOf(schema) switch
            {
                "integer" or "number" => schema["minimum"]?.ToJsonString() ?? "1",
                "boolean" => "true",
                "array" => new JsonArray(schema["items"]!["enum"]![0]!.DeepClone()).ToJsonString(),
                "object" => "{\"a\":\"b\"}",
                _ => name == "blocks_to_swap" ? "\"auto\"" : "\"text\"",
            };
            var problems = new List<TalkError>();
            TalkField.Read(new TalkDraft(), name, JsonDocument.Parse(example).RootElement, problems);
            Assert.Empty(problems);
            TalkField.Read(new TalkDraft(), name, JsonDocument.Parse("[[7]]").RootElement, problems);
            Assert.True(problems.Count == 1 || SamplingText(name), name);
        }
    }

    [Fact]
    public void Every_example_is_what_the_code_reads_or_writes()
    {
        var document = WanTalk.Api.OpenApi.OpenApiDocument.Build();
        var check = new SchemaCheck(document);
        foreach (var body in ApiOperations.All.SelectMany(Bodies).Where(body => body.Example is not null))
        {
            Assert.Empty(check.Problems(JsonNode.Parse(body.Example!), document["components"]!["schemas"]![body.Schema!]!));
            if (body.Schema == ApiSchemas.TalkRequest)
            {
                var problems = new List<TalkError>();
                Assert.Empty(TalkRequestValidator.Validate(TalkJson.Read(System.Text.Encoding.UTF8.GetBytes(body.Example!), problems)));
                Assert.Empty(problems);
            }
            else if (body.Schema == ApiSchemas.RunPodJob)
            {
                var job = RunPodBody.Read(System.Text.Encoding.UTF8.GetBytes(body.Example!), RunPodScope.Of("talk", Caller.Everybody));
                Assert.Empty(job.Problems);
                Assert.Empty(job.Warnings);
            }
            else
            {
                var example = JsonNode.Parse(body.Example!)!;
                if (body.Schema == ApiSchemas.Talk)
                {
                    example.AsObject().Remove("links");
                }

                var schema = body.Schema switch
                {
                    ApiSchemas.CreatedTalk => "AcceptedTalk",
                    ApiSchemas.CheckedTalk => ApiSchemas.DryRun,
                    _ => body.Schema!,
                };
                Assert.NotNull(example.Deserialize(ApiSchemas.Types[schema], Strict));
            }
        }
    }

    [Fact]
    public async Task What_the_server_answers_is_described()
    {
        await using var server = await JobServer.StartAsync();
        using var http = new HttpClient { BaseAddress = server.Address };
        var check = new AnswerCheck(JsonNode.Parse(await http.GetStringAsync("openapi.json", TestEnd))!, http);

        var talk = (string)(await check.PostAsync("api/talks", "/api/talks", JobServer.Minimal, 202))["id"]!;
        await check.PostAsync("api/talks", "/api/talks", "{}", 400);
        var dryRun = JobServer.Minimal.Replace("}", ",\"audio_seconds\":7}", StringComparison.Ordinal);
        Assert.NotNull((await check.PostAsync("api/talks?dry_run=true", "/api/talks", dryRun, 200))["plan"]);
        await check.GetAsync($"api/talks/{talk}", "/api/talks/{id}", 202);
        await check.GetAsync("api/talks?limit=5", "/api/talks", 200);
        await check.GetAsync("api/talks?limit=x", "/api/talks", 400);
        await check.GetAsync($"api/talks/{talk}/video", "/api/talks/{id}/video", 409);
        await check.PostAsync($"api/talks/{talk}/retry", "/api/talks/{id}/retry", "", 202);
        await check.PostAsync("api/uploads", "/api/uploads", "", 201);
        await check.GetAsync("api/talks/none", "/api/talks/{id}", 404);
        await server.Host.FinishAsync(await server.TakeFirstAsync(), ErrorCode.SpeechSilent);
        await server.Host.ErrorOfAsync(talk);
        await check.GetAsync($"api/talks/{talk}", "/api/talks/{id}", 200);
        var job = (string)(await check.PostAsync("v2/e/run", "/v2/{endpoint}/run", $$"""{"input":{{JobServer.Minimal}}}""", 200))["id"]!;
        await check.PostAsync("v2/e/run", "/v2/{endpoint}/run", "[]", 400);
        await server.TakeFirstAsync();
        await check.GetAsync($"v2/e/status/{job}", "/v2/{endpoint}/status/{id}", 200);
        await check.GetAsync($"v2/e/stream/{job}", "/v2/{endpoint}/stream/{id}", 200);
        await check.GetAsync("v2/e/stream/none", "/v2/{endpoint}/stream/{id}", 404);
        await check.GetAsync("v2/e/health", "/v2/{endpoint}/health", 200);
        await check.PostAsync($"v2/e/cancel/{job}", "/v2/{endpoint}/cancel/{id}", "", 200);
        await check.PostAsync("v2/e/purge-queue", "/v2/{endpoint}/purge-queue", "", 200);
        await check.PostAsync("v2/e/runsync?wait=1000", "/v2/{endpoint}/runsync", "{}", 400);
        var preflight = (string)(await check.PostAsync("api/preflight", "/api/preflight", """{"image_url":"https://example.com/p.png"}""", 202))["id"]!;
        await check.PostAsync("api/preflight", "/api/preflight", "{}", 400);
        await check.GetAsync($"api/preflight/{preflight}", "/api/preflight/{id}", 202);
        await check.GetAsync("api/preflight/none", "/api/preflight/{id}", 404);
    }

    [Fact]
    public async Task The_page_names_every_route_and_field_and_loads_nothing()
    {
        await using var server = await JobServer.StartAsync(keys: ApiKeys.Parse($"alice={ApiKeys.HashOf(ApiKeys.New())}"));
        using var http = new HttpClient { BaseAddress = server.Address };
        using var answer = await http.GetAsync("docs", TestEnd);
        Assert.Equal((HttpStatusCode.OK, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.StartsWith("default-src 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        var page = await answer.Content.ReadAsStringAsync(TestEnd);
        Assert.All(ApiOperations.All, operation => Assert.Contains($"<code>{operation.Method} /{operation.Route}</code>", page, StringComparison.Ordinal));
        Assert.All(TalkField.Names, name => Assert.Contains($"<code>{name}</code>", page, StringComparison.Ordinal));
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("src=", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<link", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("href=\"http", page, StringComparison.OrdinalIgnoreCase);
    }

    private static IEnumerable<ApiBody> Bodies(ApiOperation operation) =>

        [
            .. operation.Bodies,
            .. operation.Answers.Select(answer => answer.Body).OfType<ApiBody>(),
            .. operation.Group.Error is { } error ? [error] : Array.Empty<ApiBody>(),
        ];

    /// <summary>Settings whose text only the engine, or the check of the whole request, can refuse.</summary>
    private static bool SamplingText(string name) => name is "model" or "talk_model" or "lora" or "scheduler" or "precision" or "attention";

    private static string TypeOf(JsonNode schema) => schema["type"] is JsonArray types ? (string)types[0]! : (string)schema["type"]!;

    private static IEnumerable<JsonNode> Nodes(JsonNode? node) => node switch
    {
        JsonObject fields => [fields, .. fields.SelectMany(field => Nodes(field.Value))],
        JsonArray items => items.SelectMany(Nodes),
        _ => [],
    };
}
