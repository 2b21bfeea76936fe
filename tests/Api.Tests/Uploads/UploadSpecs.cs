using System.Net.Sockets;
using System.Text;
using WanTalk.Api.Tests.RunPod;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Owners;
using WanTalk.Core.Talks;
using WanTalk.Core.Uploads;
using WanTalk.Local.Tests.Durable;

namespace WanTalk.Api.Tests.Uploads;

/// <summary>Uploads over HTTP: whose they are, how they are sent, and what becomes of them.</summary>
public sealed class UploadSpecs : IAsyncLifetime
{
    private const string Unknown = "upload:006956a2b04t5mbjk8hhq2n0w9rzcv1xse7d";

    private static readonly byte[] Portrait = Sample("portrait.png");
    private static readonly byte[] Speech = Sample("speech.wav");

    private JobServer _server = null!;
    private UploadClient _alice = null!;
    private UploadClient _bob = null!;

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var (alice, bob) = (ApiKeys.New(), ApiKeys.New());
        _server = await JobServer.StartAsync(
            keys: ApiKeys.Parse($"alice={ApiKeys.HashOf(alice)},bob={ApiKeys.HashOf(bob)};rate=5"),
            uploads: new UploadOptions { MaxBytes = 3 << 20, MostPerCaller = 4 });
        (_alice, _bob) = (new UploadClient(_server, alice), new UploadClient(_server, bob));
    }

    public async ValueTask DisposeAsync()
    {
        _alice.Dispose();
        _bob.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_talk_names_uploads_as_its_inputs_and_is_the_same_talk_again()
    {
        var request = new { image_url = await _alice.UploadAsync(Portrait), audio_url = await _alice.UploadAsync(Speech), seed = 7 };

        var (status, talk) = await _alice.PostAsync("api/talks", request);

        Assert.True(status == 202, talk.ToString());
        var stored = await _server.Host.Store.ReadJsonAsync<TalkRequest>(new TalkPaths(talk.GetProperty("id").GetString()!).Request, TestEnd);
        Assert.Equal((request.image_url, request.audio_url), (UploadReference.Of(stored.PortraitUpload!), UploadReference.Of(stored.SpeechUpload!)));
        Assert.Equal((null, null), (stored.PortraitUrl, stored.SpeechUrl));
        Assert.Equal(202, (await _alice.PostAsync("api/talks", request)).Status);
    }

    [Fact]
    public async Task Quotes_dry_runs_and_RunPods_jobs_take_them_too()
    {
        var talk = new { image_url = await _alice.UploadAsync(Portrait), audio_url = await _alice.UploadAsync(Speech) };

        Assert.Equal(223, (await _alice.PostAsync("api/quote", new { talk.audio_url })).Body.GetProperty("visible_frames").GetInt32());
        var (status, dry) = await _alice.PostAsync("api/talks?dry_run=true", talk);
        Assert.True(status == 200, dry.ToString());
        Assert.Equal(223, dry.GetProperty("quote").GetProperty("visible_frames").GetInt32());
        Assert.Equal(200, (await _alice.PostAsync("v2/talk/run", new { input = talk })).Status);
        Assert.Equal((400, "upload_not_found"), Told(await _bob.PostAsync("v2/talk/run", new { input = talk })));
        Assert.Equal("400 upload_not_found", await _bob.RefusalOfAsync(new { talk.audio_url }, "api/quote"));
        Assert.Equal("400 upload_not_found, upload_not_found", await _bob.RefusalOfAsync(talk, "api/talks?dry_run=true"));
    }

    [Fact]
    public async Task What_a_caller_cannot_have_is_refused_with_all_else_that_is_wrong()
    {
        var early = await _alice.AuthoriseAsync();
        var sent = await _alice.UploadAsync(Portrait);
        string[] hostile = ["", "..", "../talks/x", "%2e%2e/x", "UPLOADS", "00", new('a', 40), "006956a2b04t5mbjk8hhq2n0w9rzcv1xse7d\n", Unknown];

        Assert.Equal("409 upload_not_sent, upload_not_found", await _alice.RefusalOfAsync(
            new { image_url = early.GetProperty("upload").GetString(), audio_url = Unknown }));
        Assert.Equal("400 argument_invalid, upload_not_found, speech_missing, size_out_of_range", await _bob.RefusalOfAsync(
            new { image_url = sent, width = 1, no_such_field = 1 }));
        foreach (var id in hostile)
        {
            Assert.Equal("400 upload_not_found", await _alice.RefusalOfAsync(new { image_url = sent, audio_url = $"upload:{id}" }));
        }

        // What the bytes are counts, as with files.
        Assert.Equal("400 speech_no_audio", await _alice.RefusalOfAsync(new { image_url = sent, audio_url = sent }));
        var text = await _alice.UploadAsync("no picture, and long enough"u8.ToArray());
        Assert.Equal("400 portrait_unreadable, speech_missing", await _alice.RefusalOfAsync(new { image_url = text }));
    }

    [Fact]
    public async Task It_is_usable_for_a_day_then_refused_and_deleted_with_all_that_is_known_of_it()
    {
        var (portrait, speech) = (await _alice.UploadAsync(Portrait), await _alice.UploadAsync(Speech));
        var talk = new { image_url = portrait, audio_url = speech };
        var retention = new UploadRetention(_server.Host.Store, _server.Host.Records, _server.Host.Clock);
        _server.Host.Clock.Advance(UploadOptions.UseWithin - TimeSpan.FromMinutes(1));
        Assert.Equal(202, (await _alice.PostAsync("api/talks", talk)).Status);
        Assert.Equal(0, await retention.SweepAsync(TestEnd));

        _server.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("400 upload_expired, upload_expired", await _alice.RefusalOfAsync(talk));
        Assert.Equal(0, await retention.SweepAsync(TestEnd));
        var later = await _alice.UploadAsync(Portrait);

        _server.Host.Clock.Advance(UploadOptions.KeptBehind);
        Assert.Equal(2, await retention.SweepAsync(TestEnd));
        Assert.Equal("400 upload_not_found, upload_not_found", await _alice.RefusalOfAsync(talk));
        Assert.Equal([later["upload:".Length..]], await LeftAsync());
    }

    [Fact]
    public async Task An_address_takes_one_file_within_an_hour_and_none_that_is_too_large()
    {
        var upload = await _alice.AuthoriseAsync();
        var most = upload.GetProperty("max_bytes").GetInt32();
        Assert.Equal((413, "request_too_large"), await _alice.SendAsync(upload, new byte[most + 1]));
        Assert.Equal((201, null), await _alice.SendAsync(upload, new byte[most]));
        Assert.Equal((409, "upload_sent"), await _alice.SendAsync(upload, [1]));

        var late = await _alice.AuthoriseAsync();
        _server.Host.Clock.Advance(UploadOptions.SendWithin);
        Assert.Equal((403, "upload_forbidden"), await _alice.SendAsync(late, [1]));
        var url = late.GetProperty("url").GetString()!;
        foreach (var (id, token) in new[]
        {
            ("x", ""), ("..%2f..%2ftalks%2fx", "?token=1.1.AAAA"), ("%252e%252e", "?token=.."), (new string('0', 5_000), "?token=99999999999999999999.1.x"),
        })
        {
            Assert.Equal((403, "upload_forbidden"), await _alice.SendToAsync($"{_server.Address}api/uploads/{id}{token}", new ByteArrayContent([1])));
        }

        Assert.Equal((403, "upload_forbidden"), await _alice.SendToAsync(url[..url.IndexOf('?', StringComparison.Ordinal)], new ByteArrayContent([1])));
        Assert.Equal(await LeftAsync(), [upload.GetProperty("id").GetString()!]);
    }

    [Fact]
    public async Task Half_of_a_file_and_a_chunked_one_without_end_are_nothing_and_it_can_be_sent_again()
    {
        var upload = await _alice.AuthoriseAsync();
        await BreakOffAsync(upload.GetProperty("url").GetString()!, "Content-Length: 2000000", new string('x', 1_000_000));
        await BreakOffAsync(upload.GetProperty("url").GetString()!, "Transfer-Encoding: chunked", $"f4240\r\n{new string('x', 1_000_000)}\r\n");
        await BreakOffAsync(upload.GetProperty("url").GetString()!, "Transfer-Encoding: chunked", $"400000\r\n{new string('x', 4 << 20)}\r\n0\r\n\r\n");

        Assert.Empty(await LeftAsync());
        (int Status, string? Code) again = default;
        await DurableHost.UntilAsync(async () =>
        {
            // Until the server has noticed that the others are gone.
            Assert.Empty(await LeftAsync());
            again = await _alice.SendAsync(upload, Speech);
            return again.Code != "upload_sent";
        });

        Assert.Equal((201, null), again);
    }

    [Fact]
    public async Task A_caller_has_so_many_at_a_time_and_so_many_requests_a_minute()
    {
        for (var count = 0; count < 4; count++)
        {
            await _alice.AuthoriseAsync();
        }

        Assert.Equal((429, "too_many_uploads"), Told(await _alice.PostAsync("api/uploads", null)));
        await _bob.AuthoriseAsync();
        _server.Host.Clock.Advance(UploadOptions.UseWithin);
        await _alice.AuthoriseAsync();

        for (var count = 0; count < 5; count++)
        {
            await _bob.PostAsync("api/quote", new { audio_url = Unknown });
        }

        Assert.Equal((429, "rate_limited"), Told(await _bob.PostAsync("api/uploads", null)));
        using var nobody = new UploadClient(_server, null);
        Assert.Equal((401, "key_invalid"), Told(await nobody.PostAsync("api/uploads", null)));
    }

    [Fact]
    public async Task A_page_of_any_site_may_send_one_and_ask_for_none()
    {
        var upload = await _alice.AuthoriseAsync();
        using var http = new HttpClient();
        using var question = new HttpRequestMessage(HttpMethod.Options, upload.GetProperty("url").GetString());
        question.Headers.Add("Origin", "https://example.com");
        question.Headers.Add("Access-Control-Request-Method", "PUT");
        using var permission = await http.SendAsync(question, TestEnd);
        Assert.Equal("*", permission.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("PUT", permission.Headers.GetValues("Access-Control-Allow-Methods").Single());

        using var request = new HttpRequestMessage(HttpMethod.Put, upload.GetProperty("url").GetString()) { Content = new ByteArrayContent(Speech) };
        request.Headers.Add("Origin", "https://example.com");
        using var answer = await http.SendAsync(request, TestEnd);
        Assert.Equal((201, "*"), ((int)answer.StatusCode, answer.Headers.GetValues("Access-Control-Allow-Origin").Single()));

        using var other = new HttpRequestMessage(HttpMethod.Options, new Uri(_server.Address, "api/uploads"));
        using var refused = await http.SendAsync(other, TestEnd);
        Assert.False(refused.Headers.Contains("Access-Control-Allow-Origin"));
    }

    private static byte[] Sample(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "samples", name));

    private static (int, string?) Told((int Status, System.Text.Json.JsonElement Body) answer) =>
        (answer.Status, answer.Body.GetProperty("code").GetString());

    /// <summary>Sends so much of a request, and goes.</summary>
    private static async Task BreakOffAsync(string url, string header, string body)
    {
        var address = new Uri(url);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, TestEnd);
        var bytes = Encoding.ASCII.GetBytes($"PUT {address.PathAndQuery} HTTP/1.1\r\nHost: {address.Authority}\r\n{header}\r\n\r\n{body}");
        try
        {
            await client.GetStream().WriteAsync(bytes, TestEnd);
        }
        catch (IOException)
        {
            // The server would not have more of it.
        }
    }

    private async Task<List<string>> LeftAsync()
    {
        var left = new List<string>();
        await foreach (var artifact in _server.Host.Store.ListAsync(UploadPaths.Folder, TestEnd))
        {
            left.Add(artifact.Path.Value["uploads/".Length..]);
        }

        return left;
    }
}
