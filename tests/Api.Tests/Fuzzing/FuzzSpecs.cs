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
    public Task Talks_in_JSON() => AnswersAsync(FuzzedRequest.Json, 7_000);

    [Fact]
    public Task Talks_as_forms() => AnswersAsync(FuzzedRequest.Form, 4_000);

    [Fact]
    public Task Jobs_of_RunPods_contract() => AnswersAsync(FuzzedRequest.Job, 4_000);

    [Fact]
    public Task Paths_and_queries() => AnswersAsync(FuzzedRequest.Address, 3_000);

    [Fact]
    public Task Headers() => AnswersAsync(FuzzedRequest.Header, 2_000);

    private static async Task AnswersAsync(Gen<FuzzedRequest> requests, int count)
    {
        var key = ApiKeys.New();
        await using var server = await JobServer.StartAsync(keys: ApiKeys.Parse($"alice={ApiKeys.HashOf(key)}"));
        using var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8, AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { BaseAddress = server.Address, Timeout = Patience };
        await requests.SampleAsync(request => CheckAsync(http, request, key), iter: count, threads: 8, print: request => request.ToString());
    }

    private static async Task CheckAsync(HttpClient http, FuzzedRequest request, string key)
    {
        using var message = request.ToMessage(key);
        using var answer = await http.SendAsync(message, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)answer.StatusCode < 500, $"{answer.StatusCode}: {text}");
        if ((int)answer.StatusCode >= 400)
        {
            Assert.True(IsProblem(text), $"{answer.StatusCode} without a code: {text}");
        }
    }

    private static bool IsProblem(string text)
    {
        try
        {
            return JsonDocument.Parse(text).RootElement.TryGetProperty("code", out var code) && ErrorCatalog.TryFind(code.GetString()!, out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
