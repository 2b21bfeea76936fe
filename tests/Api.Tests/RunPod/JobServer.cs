using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WanTalk.Api.Callers;
using WanTalk.Api.Events;
using WanTalk.Api.Health;
using WanTalk.Api.Routes;
using WanTalk.Api.RunPod;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Owners;
using WanTalk.Core.Preflight;
using WanTalk.Core.Quotes;
using WanTalk.Core.Records;
using WanTalk.Core.Talks;
using WanTalk.Core.Uploads;
using WanTalk.Core.Webhooks;
using WanTalk.Core.Work;
using WanTalk.Local.Tests.Orchestration;
using WanTalk.Storage.Local;

namespace WanTalk.Api.Tests.RunPod;

/// <summary>The API over HTTP on a host whose runner the test plays, as a client of RunPod calls it.</summary>
internal sealed class JobServer : IAsyncDisposable
{
    public const string Minimal = """{"image_url":"https://example.com/p.png","audio_url":"https://example.com/s.wav"}""";

    /// <summary>What GPUs cost there.</summary>
    public static readonly GpuPrices Prices = new(new Dictionary<string, decimal> { ["A100"] = 1.80m, ["cpu-preview"] = 0.36m }, "EUR");

    private static readonly byte[] Secret = new byte[32];

    private readonly WebApplication _server;
    private readonly HttpClient _http = new();

    private JobServer(TalkHost host, WebApplication server)
    {
        (Host, _server) = (host, server);
        var address = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Address = new Uri($"{address}/");
        _http.BaseAddress = new Uri(Address, "v2/");
    }

    public TalkHost Host { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>What it answers at.</summary>
    public IEnumerable<RouteEndpoint> Routes => ((IEndpointRouteBuilder)_server).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    /// <summary>The key that is sent; null for none.</summary>
    public string? Key
    {
        set => _http.DefaultRequestHeaders.Authorization = value is null ? null : new AuthenticationHeaderValue("Bearer", value);
    }

    /// <summary>The client, for the other routes.</summary>
    public HttpClient Http => _http;

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public static async Task<JobServer> StartAsync(
        int mostWaitSeconds = 300, ApiKeys? keys = null, EventOptions? watching = null, UploadOptions? uploads = null, params IReadOnlyList<ReadinessCheck> checks)
    {
        var host = await TalkHost.StartAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services
            .AddSingleton<TimeProvider>(host.Clock)
            .AddSingleton<IArtifactStore>(host.Store)
            .AddSingleton<IOrchestrationClient>(host.Durable.Client)
            .AddSingleton(host.Index)
            .AddSingleton<IRecordStore>(host.Records)
            .AddSingleton<IUploadStore>(new ServerUploads(host.Store, Secret, host.Clock))
            .AddSingleton(uploads ?? new UploadOptions())
            .AddSingleton(new OwnedTalks(
                new TalkIntake(host.Store, host.Durable.Client, TalkHost.Rules, new WebhookOptions { PrivateHosts = ["127.0.0.1"] }),
                host.Control,
                new TalkReader(host.Store, host.Durable.Client, Prices),
                host.Index,
                host.Clock))
            .AddSingleton(new OwnedPreflights(
                host.Store, host.Records, host.Durable.Client, TalkHost.Rules, new PreflightLimits { MostUnderWay = 3 }, host.Clock))
            .AddSingleton(host.History)
            .AddSingleton(Prices)
            .AddSingleton<ISpeechLength, HeaderSpeechLength>()
            .AddSingleton(new CallerOptions(keys ?? ApiKeys.None))
            .AddSingleton(new RequestOptions())
            .AddSingleton(new RunPodOptions { MostWaitSeconds = mostWaitSeconds })
            .AddSingleton(watching ?? new EventOptions())
            .AddReadiness(checks)
            .AddApi();
        var server = builder.Build();
        server.UseApiRefusals();
        server.MapApi();
        await server.StartAsync(TestEnd);
        return new JobServer(host, server);
    }

    /// <summary>Posts JSON and reads the answer's.</summary>
    public async Task<(int Status, JsonElement Body)> PostAsync(string path, string body = "")
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(path, content, TestEnd);
        return await ReadAsync(answer);
    }

    public async Task<(int Status, JsonElement Body)> GetAsync(string path)
    {
        using var answer = await _http.GetAsync(path, TestEnd);
        return await ReadAsync(answer);
    }

    /// <summary>Sends a job and gives its id.</summary>
    public async Task<string> RunAsync(string endpoint = "talk", string input = Minimal, string more = "")
    {
        var (status, body) = await PostAsync($"{endpoint}/run", $$"""{"input":{{input}}{{more}}}""");
        Assert.True(status == 200, body.ToString());
        Assert.Equal("IN_QUEUE", body.GetProperty("status").GetString());
        Assert.Equal(["id", "status"], NamesOf(body));
        return body.GetProperty("id").GetString()!;
    }

    public async Task<JsonElement> StatusAsync(string id)
    {
        var (status, body) = await GetAsync($"talk/status/{id}");
        Assert.Equal(200, status);
        return body;
    }

    public async Task<string> StateAsync(string id) => (await StatusAsync(id)).GetProperty("status").GetString()!;

    /// <summary>Takes the job's first work, as a runner does.</summary>
    public async Task<AttemptRequest> TakeFirstAsync()
    {
        var attempt = await Host.TakeAsync(Lane.Media);
        await Host.BeatAsync(attempt);
        await StartedAsync(attempt.Work.Talk);
        return attempt;
    }

    /// <summary>Says that a runner took the job's first work.</summary>
    public Task StartedAsync(string id) =>
        Host.Store.TryCreateJsonAsync(new TalkPaths(id).Started, new TalkStart(Host.Clock.GetUtcNow(), "played"), TestEnd);

    public static IEnumerable<string> NamesOf(JsonElement json) => json.EnumerateObject().Select(field => field.Name);

    /// <summary>The seed's request, from the samples.</summary>
    public static JsonNode Sample(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "samples", name)))!;

    /// <summary>Stops serving, as a host does that ends.</summary>
    public Task StopAsync() => _server.StopAsync(TestEnd);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        await Host.DisposeAsync();
    }

    private static async Task<(int Status, JsonElement Body)> ReadAsync(HttpResponseMessage answer)
    {
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return ((int)answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestEnd)).RootElement);
    }
}
