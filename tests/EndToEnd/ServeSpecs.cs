using System.Net;
using System.Net.Http.Headers;
using WanTalk.EndToEnd.Support;

namespace WanTalk.EndToEnd;

/// <summary>The API on one machine, over HTTP, as a program uses it.</summary>
public sealed class ServeSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _elsewhere = new();
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
        _elsewhere.Dispose();
    }

    [Fact]
    public async Task A_talk_is_accepted_survives_a_kill_of_the_server_and_is_downloaded()
    {
        Uri talk;
        await using (var server = await TalkServer.StartAsync(_folder))
        {
            var quote = await server.QuoteAsync(256);
            Assert.Equal((3, 223), (quote.GetProperty("windows").GetInt32(), quote.GetProperty("visible_frames").GetInt32()));
            using var accepted = await server.PostAsync(256);
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
            Assert.NotNull(accepted.Headers.RetryAfter);
            talk = accepted.Headers.Location!;
            await server.PollAsync(talk, view => view.GetProperty("windows_done").GetInt32() >= 1);
        }

        await using (var server = await TalkServer.StartAsync(_folder))
        {
            talk = new Uri(server.Address, talk.AbsolutePath);
            var done = await server.EndOfAsync(talk);
            Assert.Equal("completed", done.GetProperty("status").GetString());
            Assert.Equal(3, done.GetProperty("windows_done").GetInt32());
            await AssertQuotedAsMeasuredAsync(server, done.GetProperty("gpu_seconds").GetDouble());
            await server.DownloadAsync(done, _folder.File("talk.mp4"));
            Assert.Equal(223, (await MediaFile.ProbeAsync(_folder.File("talk.mp4"))).Video!.Packets);

            using var range = new HttpRequestMessage(HttpMethod.Get, done.GetProperty("video")[0].GetString()) { Headers = { Range = new RangeHeaderValue(4, 7) } };
            using var part = await _http.SendAsync(range, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            Assert.Equal("ftyp", await part.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task A_talk_is_cancelled_and_says_so()
    {
        // It does not end before it is cancelled.
        await using var engine = await EngineProcess.StartAsync(_elsewhere, "--faults");
        await engine.ArmAsync(new { kind = "slow_window", window = 0, seconds = 600, count = 10 });
        await using var server = await TalkServer.StartAsync(_folder, engine: engine);
        using var accepted = await server.PostAsync(640);
        var talk = accepted.Headers.Location!;
        using var early = await _http.GetAsync($"{talk}/video", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        using var underWay = await _http.GetAsync(talk, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.Accepted, talk), (underWay.StatusCode, underWay.Headers.Location));
        Assert.NotNull(underWay.Headers.RetryAfter);
        using var cancel = await _http.PostAsync($"{talk}/cancel", null, TestContext.Current.CancellationToken);
        // The end may come before the answer.
        var isOver = (await TalkServer.ReadAsync(cancel)).GetProperty("status").GetString() == "cancelled";
        Assert.Equal(isOver ? HttpStatusCode.OK : HttpStatusCode.Accepted, cancel.StatusCode);
        var ended = await server.EndOfAsync(talk);
        Assert.Equal("cancelled", ended.GetProperty("status").GetString());
        Assert.Equal("cancelled", ended.GetProperty("error").GetProperty("code").GetString());
        using var over = await _http.GetAsync(talk, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, null), (over.StatusCode, over.Headers.Location));
        using var again = await _http.PostAsync($"{talk}/cancel", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task What_is_wrong_with_a_request_is_told_all_at_once_as_problem_details()
    {
        await using var server = await TalkServer.StartAsync(_folder);
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent("not a picture"u8.ToArray()), "portrait", "portrait.png" },
            { new StringContent("0"), "width" },
            { new StringContent("many"), "seed" },
            { new StringContent("x"), "colour" },
        };
        using var refused = await _http.PostAsync(new Uri(server.Address, "/api/talks"), form, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType!.MediaType);
        var problem = await TalkServer.ReadAsync(refused);
        var codes = problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("code").GetString());
        string[] expected = ["argument_invalid", "argument_invalid", "portrait_unreadable", "size_out_of_range", "speech_missing"];
        Assert.Equal(expected, codes.Order());
        Assert.Equal(
            ["audio_url", "colour", "image_url", "seed", "width"],
            problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("field").GetString()).Order());
        Assert.Equal(problem.GetProperty("errors")[0].GetProperty("field").GetString(), problem.GetProperty("field").GetString());

        using var text = await _http.PostAsync(new Uri(server.Address, "/api/talks"), new StringContent("{}"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, text.StatusCode);
        using var unknown = await _http.GetAsync(new Uri(server.Address, "/api/talks/0123456789abcdefghjkmnpqrs"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal("talk_not_found", (await TalkServer.ReadAsync(unknown)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task What_only_decoding_shows_ends_the_talk_with_the_same_code()
    {
        await MediaFile.MakeAsync($"-f lavfi -i anullsrc -t 1 {_folder.File("silence.wav")}");
        await using var server = await TalkServer.StartAsync(_folder);
        using var accepted = await server.PostAsync(256, _folder.File("silence.wav"));
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        var ended = await server.EndOfAsync(accepted.Headers.Location!);
        Assert.Equal("failed", ended.GetProperty("status").GetString());
        Assert.Equal("speech_silent", ended.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_workflow_of_the_callers_own_is_taken_with_the_form_and_a_forbidden_node_in_it_is_refused_by_name()
    {
        await using var server = await TalkServer.StartAsync(_folder);
        var workflow = await File.ReadAllTextAsync(Repository.SeedWorkflow, TestContext.Current.CancellationToken);
        using var refused = await server.PostAsync(128, workflow: workflow.Replace("AudioCrop", "RunShell", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var problem = await TalkServer.ReadAsync(refused);
        Assert.Equal("workflow_forbidden", problem.GetProperty("code").GetString());
        Assert.Contains("RunShell", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);

        using var accepted = await server.PostAsync(128, workflow: workflow);
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        var done = await server.EndOfAsync(accepted.Headers.Location!);
        Assert.Equal("completed", done.GetProperty("status").GetString());
        Assert.Contains(done.GetProperty("warnings").EnumerateArray(), note => note.GetString()!.Contains("225 frames were made 225", StringComparison.Ordinal));
    }

    private static async Task AssertQuotedAsMeasuredAsync(TalkServer server, double seconds)
    {
        var measured = Assert.Single((await server.QuoteAsync(256)).GetProperty("gpu_kinds").EnumerateArray());
        Assert.Equal(("cpu-preview", "measured"), (measured.GetProperty("gpu").GetString(), measured.GetProperty("based_on").GetString()));
        Assert.Equal(seconds, measured.GetProperty("gpu_seconds").GetDouble(), 0.002);
    }
}
