using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using WanTalk.Core.Owners;
using WanTalk.EndToEnd.Support;

namespace WanTalk.EndToEnd;

/// <summary>A server that wants keys: whose talks are whose, and how much each may have.</summary>
public sealed class CallerSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _elsewhere = new();
    private readonly HttpClient _http = new();
    private readonly string _alice = ApiKeys.New();
    private readonly string _bob = ApiKeys.New();
    private readonly string _carol = ApiKeys.New();

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
        _elsewhere.Dispose();
    }

    [Fact]
    public async Task A_caller_has_his_own_talks_once_each_and_no_more_than_allowed()
    {
        var keys = $"alice={ApiKeys.HashOf(_alice)};talks=1,bob={ApiKeys.HashOf(_bob)},carol={ApiKeys.HashOf(_carol)};rate=1";
        // No talk is made before all was asked of it that is asked while it is under way.
        await using var engine = await EngineProcess.StartAsync(_elsewhere, "--faults");
        await engine.ArmAsync(new { kind = "slow_window", window = 0, seconds = 600, count = 10 });
        await using var server = await TalkServer.StartAsync(_folder, new Dictionary<string, string> { [ApiKeys.Variable] = keys }, engine);
        var talks = new Uri(server.Address, "/api/talks");

        // Nobody without a key, and nothing of the body is read.
        using var nobody = await SendAsync(HttpMethod.Get, talks, null);
        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (nobody.StatusCode, nobody.Headers.WwwAuthenticate.Single().Scheme));
        using var wrong = await SendAsync(HttpMethod.Post, talks, $"{_alice}x");
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);

        // The same key and request is the same talk; another request with the key is refused; a second talk is one too many.
        var request = await RequestAsync();
        using var accepted = await SendAsync(HttpMethod.Post, talks, _alice, request, "order-7");
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        var talk = accepted.Headers.Location!;
        using var again = await SendAsync(HttpMethod.Post, talks, _alice, request, "order-7");
        Assert.Equal((HttpStatusCode.Accepted, talk), (again.StatusCode, again.Headers.Location));
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
        using var other = await SendAsync(HttpMethod.Post, talks, _alice, new Dictionary<string, object>(request) { ["seed"] = 6 }, "order-7");
        Assert.Equal((HttpStatusCode.Conflict, "idempotency_conflict"), (other.StatusCode, await CodeOfAsync(other)));
        using var second = await SendAsync(HttpMethod.Post, talks, _alice, request);
        Assert.Equal((HttpStatusCode.TooManyRequests, "too_many_talks"), (second.StatusCode, await CodeOfAsync(second)));
        Assert.NotNull(second.Headers.RetryAfter);

        // It is not there for another.
        foreach (var (method, path) in new[] { (HttpMethod.Get, talk.AbsolutePath), (HttpMethod.Post, $"{talk.AbsolutePath}/cancel"), (HttpMethod.Delete, talk.AbsolutePath) })
        {
            using var hidden = await SendAsync(method, new Uri(server.Address, path), _bob);
            Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        }

        Assert.Empty((await ReadAsync(talks, _bob)).GetProperty("talks").EnumerateArray());

        // Who may send a request a minute is refused the next one, and may look as often as she likes.
        using var allowed = await SendAsync(HttpMethod.Delete, talk, _carol);
        Assert.Equal(HttpStatusCode.NotFound, allowed.StatusCode);
        using var tooSoon = await SendAsync(HttpMethod.Delete, talk, _carol);
        Assert.Equal((HttpStatusCode.TooManyRequests, "rate_limited"), (tooSoon.StatusCode, await CodeOfAsync(tooSoon)));
        Assert.Empty((await ReadAsync(talks, _carol)).GetProperty("talks").EnumerateArray());

        // Its owner lists it, cancels it, has another meanwhile, and deletes it.
        var listed = Assert.Single((await ReadAsync(new Uri($"{talks}?status=running&limit=5"), _alice, until: list => list.GetProperty("talks").GetArrayLength() == 1))
            .GetProperty("talks").EnumerateArray());
        Assert.Equal("7", listed.GetProperty("metadata").GetProperty("order").GetString());
        using var cancel = await SendAsync(HttpMethod.Post, new Uri($"{talk}/cancel"), _alice);
        await ReadAsync(talk, _alice, until: view => view.GetProperty("status").GetString() == "cancelled");
        using var next = await SendAsync(HttpMethod.Post, talks, _alice, request);
        Assert.Equal(HttpStatusCode.Accepted, next.StatusCode);
        using var deleted = await SendAsync(HttpMethod.Delete, talk, _alice);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var gone = await SendAsync(HttpMethod.Get, talk, _alice);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);

        // Its Idempotency-Key is free with it: nothing but the limit stands against another request with it.
        using var free = await SendAsync(HttpMethod.Post, talks, _alice, new Dictionary<string, object>(request) { ["seed"] = 6 }, "order-7");
        Assert.Equal((HttpStatusCode.TooManyRequests, "too_many_talks"), (free.StatusCode, await CodeOfAsync(free)));
    }

    [Fact]
    public async Task A_server_without_keys_answers_this_machine_only_and_no_page_of_another_site()
    {
        await using var server = await TalkServer.StartAsync(_folder);
        var talks = new Uri(server.Address, "/api/talks");
        foreach (var (name, value) in new[] { ("Host", $"example.com:{server.Address.Port}"), ("Origin", "https://example.com") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, talks);
            request.Headers.Add(name, value);
            using var refused = await _http.SendAsync(request, TestEnd);
            Assert.Equal((HttpStatusCode.Unauthorized, "key_invalid"), (refused.StatusCode, await CodeOfAsync(refused)));
        }

        using var answered = await _http.GetAsync(talks, TestEnd);
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
    }

    private static async Task<Dictionary<string, object>> RequestAsync() => new()
    {
        ["image_url"] = $"data:image/png;base64,{Convert.ToBase64String(await File.ReadAllBytesAsync(Repository.Portrait, TestEnd))}",
        ["audio_url"] = $"data:audio/wav;base64,{Convert.ToBase64String(await File.ReadAllBytesAsync(Repository.Speech, TestEnd))}",
        ["width"] = 640,
        ["seed"] = 5,
        ["metadata"] = new Dictionary<string, string> { ["order"] = "7" },
    };

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, string? key, object? json = null, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, address) { Content = json is null ? null : JsonContent.Create(json) };
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return await _http.SendAsync(request, TestEnd);
    }

    private async Task<JsonElement> ReadAsync(Uri address, string key, Func<JsonElement, bool>? until = null)
    {
        while (true)
        {
            using var answer = await SendAsync(HttpMethod.Get, address, key);
            var body = await TalkServer.ReadAsync(answer);
            if (until?.Invoke(body) ?? true)
            {
                return body;
            }

            await Task.Delay(100, TestEnd);
        }
    }

    private static async Task<string?> CodeOfAsync(HttpResponseMessage answer) => (await TalkServer.ReadAsync(answer)).GetProperty("code").GetString();
}
