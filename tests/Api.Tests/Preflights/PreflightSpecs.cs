using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using WanTalk.Api.Tests.RunPod;
using WanTalk.Api.Tests.Uploads;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Owners;
using WanTalk.Core.Preflight;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.Core.Work;
using WanTalk.Local.Tests.Durable;

namespace WanTalk.Api.Tests.Preflights;

/// <summary>Inputs that are looked at before there is a talk, over HTTP: whose they are, how they end, and what becomes of them.</summary>
public sealed class PreflightSpecs : IAsyncLifetime
{
    private const string Portrait = "https://example.com/portrait.png";

    private JobServer _server = null!;
    private string _key = "";
    private HttpClient _alice = null!;
    private HttpClient _bob = null!;

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var (alice, bob) = (ApiKeys.New(), ApiKeys.New());
        _key = alice;
        _server = await JobServer.StartAsync(keys: ApiKeys.Parse($"alice={ApiKeys.HashOf(alice)},bob={ApiKeys.HashOf(bob)};rate=2"));
        (_alice, _bob) = (ClientOf(alice), ClientOf(bob));
    }

    public async ValueTask DisposeAsync()
    {
        _alice.Dispose();
        _bob.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_portrait_alone_is_looked_at_by_a_media_runner_and_what_it_finds_is_the_owners_only()
    {
        using var accepted = await _alice.PostAsJsonAsync("api/preflight", new { image_url = Portrait, width = 832, height = 480 }, TestEnd);
        Assert.Equal(202, (int)accepted.StatusCode);
        var place = accepted.Headers.Location!;
        Assert.NotNull(accepted.Headers.RetryAfter);
        var attempt = await _server.Host.TakeAsync(Lane.Media);
        Assert.Equal((Stage.Preflight, $"/api/preflight/{attempt.Work.Talk}"), (attempt.Work.Stage, place.AbsolutePath));
        var paths = TalkPaths.Of(attempt.Work);
        var request = await _server.Host.Store.ReadJsonAsync<TalkRequest>(paths.Request, TestEnd);
        Assert.Equal((new Uri(Portrait), null, new FrameSize(832, 480)), (request.PortraitUrl, request.SpeechUrl, request.EffectiveSize));
        Assert.Equal((202, "running"), await StatusAsync(_alice, place));

        var finding = new PreflightFinding(PreflightCodes.FaceSmall, PreflightSubject.Portrait, PreflightSeverity.Warning, "It is small.", new Dictionary<string, double>());
        var facts = new PortraitFacts(new(100, 100), new(100, 58), new(832, 480), [new(1, 2, 40, 50)], FaceOutside: false);
        await _server.Host.Store.WriteJsonAsync(paths.Preflight, new PreflightReport([finding]) { Portrait = facts }, TestEnd);
        await _server.Host.FinishAsync(attempt);
        await EndedAsync(place);

        var found = await _alice.GetFromJsonAsync<JsonElement>(place, TestEnd);
        var told = Assert.Single(found.GetProperty("findings").EnumerateArray());
        Assert.Equal(
            ("completed", "portrait_face_small", "portrait", "warning"),
            (Text(found, "status"), Text(told, "code"), Text(told, "about"), Text(told, "severity")));
        Assert.Equal(40, found.GetProperty("portrait").GetProperty("faces")[0].GetProperty("width").GetDouble());
        Assert.False(found.TryGetProperty("speech", out _));
        Assert.Equal((404, "preflight_not_found"), await CodeAsync(_bob, place));
        foreach (var id in (string[])["x", "..%2Ftalks", "006956a2b04t5mbjk8hhq2n0w9rzcv1xse7d"])
        {
            Assert.Equal((404, "preflight_not_found"), await CodeAsync(_alice, new Uri(_server.Address, $"api/preflight/{id}")));
        }

        // It is no talk, for nobody.
        Assert.Equal((404, "talk_not_found"), await CodeAsync(_alice, new Uri(_server.Address, $"api/talks/{attempt.Work.Talk}")));
        Assert.Equal(0, (await _alice.GetFromJsonAsync<JsonElement>("api/talks", TestEnd)).GetProperty("talks").GetArrayLength());
    }

    [Fact]
    public async Task Without_a_media_runner_it_ends_by_itself_and_a_runner_that_comes_later_has_nothing_to_do()
    {
        var place = await AskAsync(new { audio_url = "https://example.com/speech.wav", audio_start = 1 });
        var attempt = await _server.Host.TakeAsync(Lane.Media);
        for (var waited = TimeSpan.Zero; waited < TimeSpan.FromSeconds(new PreflightLimits().StartSeconds);)
        {
            Assert.Equal((202, "running"), await StatusAsync(_alice, place));
            waited += await _server.Host.PassLookAsync();
        }

        await EndedAsync(place);
        var ended = await _alice.GetFromJsonAsync<JsonElement>(place, TestEnd);
        Assert.Equal(("failed", "timed_out"), (Text(ended, "status"), Text(ended.GetProperty("error"), "code")));
        Assert.NotNull((await _server.Host.ResultAsync(attempt))?.Error);
    }

    [Fact]
    public async Task A_runner_that_works_for_too_long_is_let_go()
    {
        var place = await AskAsync(new { image_url = Portrait });
        var attempt = await _server.Host.TakeAsync(Lane.Media);
        var limits = new PreflightLimits();
        await _server.Host.Store.TryCreateJsonAsync(TalkPaths.Of(attempt.Work).Started, new TalkStart(_server.Host.Clock.GetUtcNow(), "played"), TestEnd);
        for (var worked = TimeSpan.Zero; worked < TimeSpan.FromSeconds(limits.WorkSeconds);)
        {
            await _server.Host.BeatAsync(attempt);
            worked += await _server.Host.PassLookAsync();
        }

        await EndedAsync(place);
        Assert.Equal((200, "failed"), await StatusAsync(_alice, place));
        Assert.True(await _server.Host.Store.ExistsAsync(TalkPaths.Of(attempt.Work).Cancel, TestEnd));
    }

    [Fact]
    public async Task What_is_wrong_is_told_with_the_codes_of_a_talks_request_and_starts_nothing()
    {
        Assert.Equal("portrait_missing, speech_missing", await RefusalAsync(new { width = 640 }));
        Assert.Equal("argument_invalid", await RefusalAsync(new { image_url = "ftp://example.com/p.png" }));
        Assert.Equal("upload_not_found", await RefusalAsync(new { audio_url = "upload:006956a2b04t5mbjk8hhq2n0w9rzcv1xse7d" }));
        Assert.Equal("speech_no_audio, size_out_of_range", await RefusalAsync(new { audio_url = "data:image/png;base64,iVBORw0KGgoAAAAA", width = 1 }));
        Assert.Null(await _server.Host.TryTakeAsync(Lane.Media));
        Assert.Empty(await LeftAsync());
    }

    [Fact]
    public async Task A_caller_has_a_few_at_a_time_and_each_counts_as_a_request()
    {
        // The server of the tests lets three be under way.
        for (var count = 0; count < 3; count++)
        {
            await AskAsync(new { image_url = Portrait });
        }

        using (var fourth = await _alice.PostAsJsonAsync("api/preflight", new { image_url = Portrait }, TestEnd))
        {
            Assert.Equal(429, (int)fourth.StatusCode);
            Assert.NotNull(fourth.Headers.RetryAfter);
        }

        var first = await _server.Host.TakeAsync(Lane.Media);
        await _server.Host.Store.WriteJsonAsync(TalkPaths.Of(first.Work).Preflight, new PreflightReport([]), TestEnd);
        await _server.Host.FinishAsync(first);
        await EndedAsync(new Uri(_server.Address, $"api/preflight/{first.Work.Talk}"));
        await AskAsync(new { image_url = Portrait });

        var statuses = new List<int>();
        for (var count = 0; count < 3; count++)
        {
            using var answer = await _bob.PostAsJsonAsync("api/preflight", new { image_url = Portrait }, TestEnd);
            statuses.Add((int)answer.StatusCode);
        }

        Assert.Equal([202, 202, 429], statuses);
    }

    [Fact]
    public async Task All_of_it_is_gone_after_an_hour()
    {
        using var uploads = new UploadClient(_server, _key);
        var portrait = await uploads.UploadAsync(await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "samples", "portrait.png"), TestEnd));
        var place = await AskAsync(new { image_url = portrait, audio_url = "data:audio/wav;base64,UklGRgAAAABXQVZF" });
        var attempt = await _server.Host.TakeAsync(Lane.Media);
        await _server.Host.Store.WriteJsonAsync(TalkPaths.Of(attempt.Work).Preflight, new PreflightReport([]), TestEnd);
        await _server.Host.FinishAsync(attempt);
        await EndedAsync(place);
        var retention = new PreflightRetention(_server.Host.Store, _server.Host.Records, _server.Host.Durable.Client, _server.Host.Clock);
        Assert.Equal(0, await retention.SweepAsync(TestEnd));
        Assert.NotEmpty(await LeftAsync());

        _server.Host.Clock.Advance(PreflightLimits.Keep);
        Assert.Equal((404, "preflight_not_found"), await CodeAsync(_alice, place));
        Assert.Equal(1, await retention.SweepAsync(TestEnd));
        Assert.Empty(await LeftAsync());
        Assert.Empty(await _server.Host.Durable.Client.GetAllInstancesAsync(new OrchestrationQuery(), TestEnd).ToListAsync(TestEnd));
        Assert.Equal(0, _server.Host.Durable.Count("history"));
    }

    private HttpClient ClientOf(string key) => new()
    {
        BaseAddress = _server.Address,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
    };

    /// <summary>Alice asks; where her answer will be.</summary>
    private async Task<Uri> AskAsync(object request)
    {
        using var answer = await _alice.PostAsJsonAsync("api/preflight", request, TestEnd);
        Assert.True((int)answer.StatusCode == 202, await answer.Content.ReadAsStringAsync(TestEnd));
        return answer.Headers.Location!;
    }

    private Task EndedAsync(Uri place) => DurableHost.UntilAsync(async () => (await StatusAsync(_alice, place)).Status == 200);

    private async Task<string> RefusalAsync(object request)
    {
        using var answer = await _alice.PostAsJsonAsync("api/preflight", request, TestEnd);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(TestEnd);
        Assert.Equal(400, (int)answer.StatusCode);
        return string.Join(", ", problem.GetProperty("errors").EnumerateArray().Select(error => Text(error, "code")));
    }

    private static async Task<(int Status, string Word)> StatusAsync(HttpClient http, Uri place) => await ReadAsync(http, place, "status");

    private static async Task<(int Status, string Word)> CodeAsync(HttpClient http, Uri place) => await ReadAsync(http, place, "code");

    private static async Task<(int Status, string Word)> ReadAsync(HttpClient http, Uri place, string field)
    {
        using var answer = await http.GetAsync(place, TestEnd);
        return ((int)answer.StatusCode, Text(await answer.Content.ReadFromJsonAsync<JsonElement>(TestEnd), field));
    }

    private static string Text(JsonElement json, string field) => json.GetProperty(field).GetString()!;

    /// <summary>The artifacts and records of preflights.</summary>
    private async Task<List<string>> LeftAsync()
    {
        var left = new List<string>();
        await foreach (var artifact in _server.Host.Store.ListAsync(PreflightPaths.Folder, TestEnd))
        {
            left.Add(artifact.Path.Value);
        }

        await foreach (var record in _server.Host.Records.ListAsync(PreflightPaths.Folder, null, TestEnd))
        {
            left.Add(record.Value);
        }

        await foreach (var record in _server.Host.Records.ListAsync(new ArtifactPath("owners/alice/preflights"), null, TestEnd))
        {
            left.Add(record.Value);
        }

        return left;
    }
}
