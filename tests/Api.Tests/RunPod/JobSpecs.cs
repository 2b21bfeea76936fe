using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Talks;
using WanTalk.Core.Work;
using WanTalk.Local.Tests.Durable;

namespace WanTalk.Api.Tests.RunPod;

/// <summary>A job on its way, as a client of RunPod sees it.</summary>
public sealed class JobSpecs
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_is_queued_until_a_runner_takes_it_tells_its_progress_and_ends_with_its_video_and_its_times()
    {
        await using var server = await JobServer.StartAsync();
        var id = await server.RunAsync();
        Assert.Equal(["delayTime", "executionTime", "id", "status"], JobServer.NamesOf(await server.StatusAsync(id)));
        Assert.Equal("IN_QUEUE", await server.StateAsync(id));
        Assert.Equal(0, (await server.GetAsync($"talk/stream/{id}")).Body.GetProperty("stream").GetArrayLength());

        server.Host.Clock.Advance(TimeSpan.FromSeconds(7));
        await server.StartedAsync(id);
        server.Host.Clock.Advance(TimeSpan.FromSeconds(2));
        var piece = await server.Host.ReachSamplingAsync(id, windows: 4);
        await server.Host.CommitAsync(id, 0);
        await server.Host.BeatAsync(piece, window: 1, step: 2);
        var underWay = await server.StatusAsync(id);
        Assert.Equal("IN_PROGRESS", underWay.GetProperty("status").GetString());
        Assert.Equal((7000, 2000), (underWay.GetProperty("delayTime").GetInt64(), underWay.GetProperty("executionTime").GetInt64()));
        var progress = underWay.GetProperty("output");
        Assert.Equal(("sample", 30.0), (progress.GetProperty("stage").GetString(), progress.GetProperty("progress").GetDouble()));
        Assert.Equal((1, 4, 2), (
            progress.GetProperty("windows_done").GetInt32(), progress.GetProperty("windows_planned").GetInt32(), progress.GetProperty("step").GetInt32()));
        var stream = (await server.GetAsync($"talk/stream/{id}")).Body;
        Assert.Equal(["status", "stream"], JobServer.NamesOf(stream));
        Assert.Equal(progress.ToString(), Assert.Single(stream.GetProperty("stream").EnumerateArray()).GetProperty("output").ToString());

        await CompleteAsync(server, id, piece);
        var done = await server.StatusAsync(id);
        Assert.Equal(("COMPLETED", "played"), (done.GetProperty("status").GetString(), done.GetProperty("workerId").GetString()));
        Assert.Equal((7000, 2000), (done.GetProperty("delayTime").GetInt64(), done.GetProperty("executionTime").GetInt64()));
        Assert.Equal($$$"""{"video":["https://videos.example/{{{id}}}.mp4"]}""", done.GetProperty("output").GetRawText());
    }

    [Fact]
    public async Task The_samples_request_is_taken_and_what_is_answered_has_the_shape_of_the_samples_response()
    {
        await using var server = await JobServer.StartAsync();
        var (status, accepted) = await server.PostAsync("talk/run", JobServer.Sample("input.json").ToJsonString());
        Assert.True(status == 200, accepted.ToString());
        var id = accepted.GetProperty("id").GetString()!;
        await server.StartedAsync(id);
        await server.Host.PrepareAsync(id, windows: 3);
        await CompleteAsync(server, id, await server.Host.TakeAsync(Lane.Sample), assembled: false);

        Assert.Equal(Shape.Of(JobServer.Sample("response.json")), Shape.Of((await server.StatusAsync(id)).GetRawText()));
    }

    [Fact]
    public async Task A_failed_job_says_why_and_can_be_retried()
    {
        await using var server = await JobServer.StartAsync();
        var id = await server.RunAsync();
        var first = await server.TakeFirstAsync();
        await server.Host.FinishAsync(first, ErrorCode.SpeechSilent);
        await server.Host.ErrorOfAsync(id);
        var failed = await server.StatusAsync(id);
        Assert.Equal("FAILED", failed.GetProperty("status").GetString());
        Assert.StartsWith("speech_silent: ", failed.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.False(failed.TryGetProperty("output", out _));

        var (status, again) = await server.PostAsync($"talk/retry/{id}");
        Assert.Equal((200, $$"""{"id":"{{id}}","status":"IN_QUEUE"}"""), (status, again.GetRawText()));
        Assert.Equal("IN_QUEUE", await server.StateAsync(id));
        Assert.Equal(1, (await server.GetAsync("talk/health")).Body.GetProperty("jobs").GetProperty("retried").GetInt32());
        await server.TakeFirstAsync();
        Assert.Equal("IN_PROGRESS", await server.StateAsync(id));
    }

    [Fact]
    public async Task A_cancelled_job_is_cancelled_at_once_and_for_good()
    {
        await using var server = await JobServer.StartAsync();
        var id = await server.RunAsync();
        await server.TakeFirstAsync();
        var (status, cancelled) = await server.PostAsync($"talk/cancel/{id}");
        Assert.Equal((200, $$"""{"id":"{{id}}","status":"CANCELLED"}"""), (status, cancelled.GetRawText()));
        Assert.Equal("CANCELLED", await server.StateAsync(id));
        await server.Host.ErrorOfAsync(id);
        Assert.Equal("CANCELLED", await server.StateAsync(id));
        Assert.Equal(200, (await server.PostAsync($"talk/cancel/{id}")).Status);

        var (refused, problem) = await server.PostAsync($"talk/retry/{id}");
        Assert.Equal((400, "talk_state_conflict"), (refused, problem.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_job_in_the_body_with_its_inputs_inside_needs_no_addresses()
    {
        await using var server = await JobServer.StartAsync();
        var png = Convert.ToBase64String([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var wav = Convert.ToBase64String("RIFF\0\0\0\0WAVE"u8);
        var id = await server.RunAsync(
            input: $$"""{"image_url":"data:image/png;base64,{{png}}","audio_url":"data:audio/wav;base64,{{wav}}","num_frames":100,"seed":3}""");
        Assert.NotNull(await server.Host.Store.GetPropertiesAsync(new TalkPaths(id).SourceSpeech, TestEnd));
        Assert.Equal(3, (await server.Host.ViewAsync(id)).Seed);
    }

    [Fact]
    public async Task Runsync_answers_with_the_end_when_it_comes_in_time_and_with_the_state_when_it_does_not()
    {
        await using var server = await JobServer.StartAsync(mostWaitSeconds: 20);
        var body = $$"""{"input":{{JobServer.Minimal}}}""";
        var waiting = server.PostAsync("talk/runsync", body);
        var first = await server.TakeFirstAsync();
        await server.Host.FinishAsync(first, ErrorCode.SpeechSilent);
        var (status, ended) = await waiting;
        Assert.Equal((200, "FAILED"), (status, ended.GetProperty("status").GetString()));

        // The host's own limit is shorter than the wait that is asked for.
        waiting = server.PostAsync("talk/runsync?wait=300000", body);
        first = await server.TakeFirstAsync();
        // When the request begins to wait is not seen from here; however late that is, its runner is at work.
        await DurableHost.UntilAsync(async () =>
        {
            server.Host.Clock.Advance(TimeSpan.FromSeconds(1));
            await server.Host.BeatAsync(first);
            return waiting.IsCompleted;
        });
        (status, ended) = await waiting;
        Assert.Equal((200, "IN_PROGRESS"), (status, ended.GetProperty("status").GetString()));
    }

    private static async Task CompleteAsync(JobServer server, string id, AttemptRequest piece, bool assembled = true)
    {
        await server.Host.FinishAsync(piece, nextWindow: piece.Piece?.Count);
        for (var done = piece.Piece?.Count ?? 4; done < 4; done++)
        {
            await server.Host.FinishAsync(await server.Host.TakeAsync(Lane.Sample), nextWindow: done + 1);
        }

        if (assembled)
        {
            await server.Host.DoNextAsync(Lane.Media);
        }

        await server.Host.Store.WriteJsonAsync(
            new TalkPaths(id).Published, new PublishedVideo($"https://videos.example/{id}.mp4", "k", "s"), TestEnd);
        await server.Host.DoNextAsync(Lane.Media);
        await server.Host.Durable.EndOfAsync(id);
    }
}
