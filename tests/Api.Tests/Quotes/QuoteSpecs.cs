using System.Net;
using System.Text;
using System.Text.Json;
using WanTalk.Api.Tests.RunPod;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Owners;
using WanTalk.Core.Quotes;
using WanTalk.Core.Talks;
using WanTalk.Core.Work;
using WanTalk.Core.Workflows;

namespace WanTalk.Api.Tests.Quotes;

/// <summary>What a talk would take, over HTTP, and what it has taken.</summary>
public sealed class QuoteSpecs
{
    private const string Quote = "/api/quote";
    private const string DryRun = "/api/talks?dry_run=true";

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_length_is_enough_for_a_quote()
    {
        await using var server = await JobServer.StartAsync();
        var quote = await OkAsync(server, Quote, """{"audio_seconds":17,"audio_start":3,"num_frames":300}""");
        Assert.Equal((5, 1, 369, 300, 12.0), (
            quote.GetProperty("windows").GetInt32(), quote.GetProperty("takes").GetInt32(), quote.GetProperty("sampled_frames").GetInt32(),
            quote.GetProperty("visible_frames").GetInt32(), quote.GetProperty("video_seconds").GetDouble()));
        var gpu = Assert.Single(quote.GetProperty("gpu_kinds").EnumerateArray());
        Assert.Equal(("A100", "EUR", "default"), (TextOf(gpu, "gpu"), TextOf(gpu, "currency"), TextOf(gpu, "based_on")));
        Assert.Equal((255, 51, 0.1275m), (gpu.GetProperty("gpu_seconds").GetDouble(), gpu.GetProperty("seconds_per_window").GetDouble(), gpu.GetProperty("cost").GetDecimal()));
        Assert.Contains("cpu-preview", quote.GetProperty("notes")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_speech_is_measured_and_takes_are_estimated_where_its_silences_are_not_known()
    {
        await using var server = await JobServer.StartAsync();
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(Wav(seconds: 60)), "speech", "speech.wav" },
            { new StringContent("takes"), "continuity" },
            { new StringContent("20"), "take_seconds" },
        };
        using var answer = await server.Http.PostAsync(Quote, form, TestEnd);
        var quote = await ReadAsync(answer);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, quote.ToString());
        Assert.Equal((3, 1500), (quote.GetProperty("takes").GetInt32(), quote.GetProperty("visible_frames").GetInt32()));
        Assert.Contains("estimate", quote.GetProperty("notes")[0].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Quote, """{"audio_url":"https://example.com/s.wav"}""", "speech_length_unknown", "audio_url")]
    [InlineData(Quote, "{}", "speech_length_unknown", "audio_url")]
    [InlineData(Quote, """{"audio_seconds":0.1}""", "setting_out_of_range", "audio_seconds")]
    [InlineData(Quote, """{"audio_seconds":9,"audio_start":9}""", "speech_too_short", "audio_url")]
    [InlineData(Quote, """{"audio_seconds":9,"width":7}""", "size_out_of_range", "width")]
    [InlineData(Quote, """{"audio_seconds":9,"image_url":"data:image/png;base64,AAAA"}""", "portrait_unreadable", "image_url")]
    [InlineData(DryRun, JobServer.Minimal, "speech_length_unknown", "audio_url")]
    [InlineData(DryRun, """{"audio_seconds":9,"audio_url":"https://example.com/s.wav"}""", "portrait_missing", "image_url")]
    [InlineData(DryRun, """{"audio_seconds":9,"image_url":"https://example.com/p.png"}""", "speech_missing", "audio_url")]
    [InlineData("/api/talks?dry_run=maybe", JobServer.Minimal, "argument_invalid", "dry_run")]
    [InlineData("/api/talks", """{"audio_seconds":9,"image_url":"https://example.com/p.png","audio_url":"https://example.com/s.wav"}""", "argument_invalid", "audio_seconds")]
    public async Task What_cannot_be_quoted_is_refused_with_a_code_and_its_field(string route, string body, string code, string field)
    {
        await using var server = await JobServer.StartAsync();
        using var answer = await PostAsync(server, route, body);
        var problem = await ReadAsync(answer);
        Assert.Equal((HttpStatusCode.BadRequest, code, field), (answer.StatusCode, TextOf(problem, "code"), TextOf(problem, "field")));
        Assert.Equal(field, TextOf(problem.GetProperty("errors")[0], "field"));
    }

    [Fact]
    public async Task A_dry_run_checks_all_of_a_request_tells_plan_and_quote_and_leaves_nothing()
    {
        await using var server = await JobServer.StartAsync();
        var body = JobServer.Minimal.Replace("}", ""","audio_seconds":7,"width":639}""", StringComparison.Ordinal);
        var answer = await OkAsync(server, DryRun, body);
        Assert.Equal((3, 225), (answer.GetProperty("plan").GetProperty("windows").GetInt32(), answer.GetProperty("plan").GetProperty("sampled_frames").GetInt32()));
        Assert.Equal(3, answer.GetProperty("quote").GetProperty("windows").GetInt32());
        Assert.Contains(answer.GetProperty("quote").GetProperty("notes").EnumerateArray(), note => note.GetString()!.Contains("640x640", StringComparison.Ordinal));

        using var webhook = await PostAsync(server, DryRun, body.Replace("}", ""","webhook_url":"https://example.com/hook"}""", StringComparison.Ordinal));
        Assert.Equal("webhook_unavailable", TextOf(await ReadAsync(webhook), "code"));

        Assert.Empty((await server.Host.Index.ListAsync(Caller.Everybody.Name, 10, null, TestEnd)).Talks);
        Assert.Null(await server.Host.TryTakeAsync(Lane.Media));
        Assert.Empty(await server.Host.Store.ListAsync(new ArtifactPath("talks"), TestEnd).ToListAsync(TestEnd));
    }

    [Fact]
    public async Task A_workflow_of_ones_own_is_planned_as_it_would_be()
    {
        await using var server = await JobServer.StartAsync();
        var workflow = JobServer.Sample("input.json")["input"]!["workflow"]!.ToJsonString();
        var quote = await OkAsync(server, Quote, $$"""{"audio_seconds":5,"workflow":{{workflow}}}""");
        Assert.True(quote.GetProperty("visible_frames").GetInt32() is > 0 and <= WorkflowPatch.MaxFrames);
    }

    [Fact]
    public async Task A_talk_tells_what_it_has_taken_and_the_next_quote_is_measured()
    {
        await using var server = await JobServer.StartAsync();
        var id = await server.RunAsync();
        await server.StartedAsync(id);
        var piece = await server.Host.ReachSamplingAsync(id, windows: 2);
        await server.Host.CommitAsync(id, 0);
        Assert.Equal((2.0, 0.001m, "EUR"), await TakenAsync(server, id));

        await server.Host.CommitAsync(id, 1);
        await server.Host.FinishAsync(piece, nextWindow: piece.Piece!.Count);
        for (var done = piece.Piece.Count; done < 2; done++)
        {
            await server.Host.FinishAsync(await server.Host.TakeAsync(Lane.Sample), nextWindow: done + 1);
        }

        await server.Host.Store.WriteJsonAsync(
            new TalkPaths(id).VideoFacts, new VideoFacts(153, 1, "s") { SamplingSeconds = 4, Used = [new GpuUse("A100", 2, 4)] }, TestEnd);
        await server.Host.DoNextAsync(Lane.Media);
        await server.Host.Store.WriteJsonAsync(new TalkPaths(id).Published, new PublishedVideo("https://videos.example/v.mp4", "k", "s"), TestEnd);
        await server.Host.DoNextAsync(Lane.Media);
        await server.Host.Durable.EndOfAsync(id);
        Assert.Equal((4.0, 0.002m, "EUR"), await TakenAsync(server, id));

        var request = await server.Host.Store.ReadJsonAsync<TalkRequest>(new TalkPaths(id).Request, TestEnd);
        await server.Host.History.LearnAsync(request, [new GpuUse("A100", 2, 400)], TestEnd);
        var quote = await OkAsync(server, Quote, """{"audio_seconds":7}""");
        var gpu = Assert.Single(quote.GetProperty("gpu_kinds").EnumerateArray());
        Assert.Equal(("measured", 6.0), (TextOf(gpu, "based_on"), gpu.GetProperty("gpu_seconds").GetDouble()));
    }

    private static async Task<(double? GpuSeconds, decimal? Cost, string? Currency)> TakenAsync(JobServer server, string id)
    {
        using var answer = await server.Http.GetAsync($"/api/talks/{id}", TestEnd);
        var view = await ReadAsync(answer);
        return (view.GetProperty("gpu_seconds").GetDouble(), view.GetProperty("cost").GetDecimal(), TextOf(view, "currency"));
    }

    private static async Task<JsonElement> OkAsync(JobServer server, string route, string body)
    {
        using var answer = await PostAsync(server, route, body);
        var json = await ReadAsync(answer);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, json.ToString());
        return json;
    }

    private static async Task<HttpResponseMessage> PostAsync(JobServer server, string route, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await server.Http.PostAsync(route, content, TestEnd);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestEnd)).RootElement;

    private static string? TextOf(JsonElement json, string name) => json.GetProperty(name).GetString();

    /// <summary>Silence at 8 kHz in 8 bits.</summary>
    private static byte[] Wav(int seconds) =>
    [
        .. "RIFF\0\0\0\0WAVEfmt "u8, 16, 0, 0, 0, 1, 0, 1, 0, .. BitConverter.GetBytes(8000), .. BitConverter.GetBytes(8000), 1, 0, 8, 0,
        .. "data"u8, .. BitConverter.GetBytes(8000 * seconds), .. Enumerable.Repeat((byte)128, 8000 * seconds),
    ];
}
