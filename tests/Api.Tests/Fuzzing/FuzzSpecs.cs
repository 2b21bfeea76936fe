using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using CsCheck;
using WanTalk.Api.Tests.RunPod;
using WanTalk.Core.Errors;
using WanTalk.Core.Owners;

namespace WanTalk.Api.Tests.Fuzzing;

/// <summary>
/// Twenty thousand requests that nobody sane sends, over the real server: none is answered with a fault or not at all, and each refusal has a
/// code of the catalogue.
/// </summary>
public sealed class FuzzSpecs
{
    // A request that takes so long has hung; the slowest takes a fraction of a second.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public Task Talks_in_JSON() => AnswersAsync(
        FuzzedRequest.Json, 7_000, "accepted", "argument_invalid", "portrait_missing", "seed_out_of_range", "setting_out_of_range", "settings_conflict", "workflow_invalid");

    [Fact]
    public Task Talks_as_forms() => AnswersAsync(FuzzedRequest.Form, 4_000, "argument_invalid", "portrait_missing", "setting_out_of_range");

    [Fact]
    public Task Jobs_of_RunPods_contract() => AnswersAsync(FuzzedRequest.Job, 4_000, "argument_invalid", "endpoint_not_found", "setting_out_of_range");

    [Fact]
    public Task Paths_and_queries() => AnswersAsync(FuzzedRequest.Address, 3_000, "accepted", "argument_invalid", "talk_not_found", "endpoint_not_found", "upload_forbidden");

    [Fact]
    public Task Headers() => AnswersAsync(FuzzedRequest.Header, 2_000, "accepted", "key_invalid", "talk_not_found");

    /// <param name="requests">Draws requests.</param>
    /// <param name="count">How many.</param>
    /// <param name="outcomes">What must have come of some of them, or else they are not what they seem: codes, or accepted.</param>
    private static async Task AnswersAsync(Gen<FuzzedRequest> requests, int count, params string[] outcomes)
    {
        var seen = new ConcurrentDictionary<string, int>();
        var key = ApiKeys.New();
        await using var server = await JobServer.StartAsync(keys: ApiKeys.Parse($"alice={ApiKeys.HashOf(key)}"));
        using var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8, AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { BaseAddress = server.Address, Timeout = Patience };
        await requests.SampleAsync(async request =>
            seen.AddOrUpdate(await OutcomeAsync(http, request, key), 1, (_, before) => before + 1), iter: count, threads: 8, print: request => request.ToString());
        Assert.True(seen.Values.Sum() >= count && outcomes.All(seen.ContainsKey), string.Join(", ", seen));
    }

    private static async Task<string> OutcomeAsync(HttpClient http, FuzzedRequest request, string key)
    {
        using var message = request.ToMessage(key);
        using var answer = await http.SendAsync(message, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)answer.StatusCode < 500, $"{answer.StatusCode}: {text}");
        return (int)answer.StatusCode < 400
            ? "accepted"
            : CodeOf(text) ?? throw new InvalidOperationException($"{answer.StatusCode} without a code: {text}");
    }

    private static string? CodeOf(string text)
    {
        try
        {
            var problem = JsonDocument.Parse(text).RootElement;
            return problem.TryGetProperty("code", out var code) && ErrorCatalog.TryFind(code.GetString()!, out _) ? code.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
