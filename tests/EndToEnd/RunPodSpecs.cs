using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using WanTalk.EndToEnd.Support;
using WanTalk.Ports;
using WanTalk.Webhooks;

namespace WanTalk.EndToEnd;

/// <summary>The seed's contract over HTTP: a client of RunPod changes its base address and nothing else.</summary>
public sealed class RunPodSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _elsewhere = new();
    // Longer than any wait that is asked for.
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(4) };

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
        _elsewhere.Dispose();
    }

    [Fact]
    public async Task The_samples_request_is_answered_by_runsync_as_the_samples_response_says_and_a_job_of_windows_tells_progress_and_its_webhook()
    {
        await MediaFile.MakeAsync($"-i \"{Repository.Speech}\" -t 3.5 {_folder.File("short.wav")}");
        await using var files = new FileServer(new Dictionary<string, string> { ["/p"] = Repository.Portrait, ["/s"] = _folder.File("short.wav") });
        await using var receiver = new WebhookReceiver(FreePorts.Take(1)[0]).Answer(200);
        await using var engine = await EngineProcess.StartAsync(_elsewhere, "--faults");
        await using var command = WanTalkCommand.Start(_folder, [], ["serve", "--port", "0", "--comfyui", engine.Address], new Dictionary<string, string>
        {
            ["WANTALK_PRIVATE_HOSTS"] = $"{files.Host},{new Uri(receiver.Url).Authority}",
        });
        _http.BaseAddress = new Uri(new Uri((await command.FirstOutputLine).Split(' ')[^1]), "/v2/wantalk/");

        var sample = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "samples", "input.json"), TestEnd))!;
        (sample["input"]!["image_url"], sample["input"]!["audio_url"]) = (files.Url("/p"), files.Url("/s"));
        (sample["input"]!["width"], sample["input"]!["height"]) = (128, 128);
        var answer = await PostAsync("runsync?wait=200000", sample);
        var expected = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "samples", "response.json"), TestEnd))!;
        Assert.Equal(NamesOf(expected), NamesOf(answer));
        Assert.Equal(NamesOf(expected["output"]!), NamesOf(answer["output"]!));
        Assert.Equal(expected["status"]!.GetValue<string>(), answer["status"]!.GetValue<string>());
        Assert.Equal(88, await FramesOfAsync(answer));

        var job = new JsonObject
        {
            ["input"] = new JsonObject { ["image_url"] = files.Url("/p"), ["audio_url"] = files.Url("/s"), ["width"] = 128, ["height"] = 128 },
            ["webhook"] = receiver.Url,
            ["policy"] = new JsonObject { ["executionTimeout"] = 600_000, ["ttl"] = 600_000 },
        };
        // It does not end before it was seen at work.
        await engine.ArmAsync(new { kind = "slow_window", window = 0, seconds = 600 });
        var id = (await PostAsync("run", job))["id"]!.GetValue<string>();
        var states = new List<string>();
        JsonNode status;
        do
        {
            await Task.Delay(50, TestEnd);
            status = await GetAsync($"status/{id}");
            states.Add(status["status"]!.GetValue<string>());
            if (states[^1] == "IN_PROGRESS")
            {
                await engine.ClearAsync();
            }
        }
        while (states[^1] is "IN_QUEUE" or "IN_PROGRESS");

        Assert.Equal("COMPLETED", states[^1]);
        Assert.Contains("IN_PROGRESS", states);
        Assert.Equal(states.SkipWhile(state => state == "IN_QUEUE"), states.Where(state => state != "IN_QUEUE"));
        Assert.Equal(88, await FramesOfAsync(status));
        while (receiver.Received.IsEmpty)
        {
            await Task.Delay(50, TestEnd);
        }

        Assert.Equal(status["output"]!.ToJsonString(), receiver.Received.Single().Json.GetProperty("output").GetRawText());
        Assert.Equal(2, (await GetAsync("health"))["jobs"]!["completed"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_job_that_waits_or_works_for_too_long_times_out_and_its_webhook_says_so_and_the_next_is_waited_for_and_completed()
    {
        await MediaFile.MakeAsync($"-i \"{Repository.Speech}\" -t 1.2 {_folder.File("short.wav")}");
        await using var files = new FileServer(new Dictionary<string, string> { ["/p"] = Repository.Portrait, ["/s"] = _folder.File("short.wav") });
        var ports = FreePorts.Take(2);
        await using var receiver = new WebhookReceiver(ports[0]).Answer(200, 200, 200);
        // Takes connections, and never answers: prepare waits for its portrait, and the lane is full.
        using var silent = new TcpListener(IPAddress.Loopback, ports[1]);
        silent.Start();
        await using var command = WanTalkCommand.Start(_folder, [], ["serve", "--port", "0"], new Dictionary<string, string>
        {
            ["WANTALK_PRIVATE_HOSTS"] = $"{files.Host},127.0.0.1:{ports[0]},127.0.0.1:{ports[1]}",
            ["WANTALK_MEDIA_CONCURRENCY"] = "1",
        });
        _http.BaseAddress = new Uri(new Uri((await command.FirstOutputLine).Split(' ')[^1]), "/v2/wantalk/");

        var working = await RunAsync(Job($"http://127.0.0.1:{ports[1]}/p", new JsonObject { ["executionTimeout"] = 5_000 }));
        Assert.NotNull((await UntilAsync(working, "TIMED_OUT"))["workerId"]);

        // What another one waits behind has no limit, and ends after it.
        var ahead = Job($"http://127.0.0.1:{ports[1]}/p", new JsonObject());
        ahead.Remove("webhook");
        var endless = await RunAsync(ahead);
        await UntilAsync(endless, "IN_PROGRESS");
        var waiting = await RunAsync(Job(files.Url("/p"), new JsonObject { ["ttl"] = 10_000 }));
        var waited = await UntilAsync(waiting, "TIMED_OUT");
        Assert.Equal((0, true), (waited["executionTime"]!.GetValue<long>(), waited["error"]!.GetValue<string>().StartsWith("timed_out: ", StringComparison.Ordinal)));
        Assert.Null(waited["workerId"]);
        Assert.Equal("CANCELLED", (await PostAsync($"cancel/{endless}", new JsonObject()))["status"]!.GetValue<string>());

        var done = await PostAsync("runsync?wait=200000", Job(files.Url("/p"), new JsonObject { ["executionTimeout"] = 600_000 }));
        Assert.Equal("COMPLETED", done["status"]!.GetValue<string>());
        Assert.Equal(30, await FramesOfAsync(done));
        string[] jobs = [working, waiting, done["id"]!.GetValue<string>()];
        while (receiver.Received.Count < jobs.Length)
        {
            await Task.Delay(50, TestEnd);
        }

        var told = receiver.Received.ToDictionary(call => call.Json.GetProperty("id").GetString()!, call => call.Json.GetProperty("status").GetString());
        Assert.Equal(["TIMED_OUT", "TIMED_OUT", "COMPLETED"], jobs.Select(id => told[id]));

        JsonObject Job(string portrait, JsonObject policy) => new()
        {
            ["input"] = new JsonObject { ["image_url"] = portrait, ["audio_url"] = files.Url("/s"), ["width"] = 256, ["height"] = 256 },
            ["webhook"] = receiver.Url,
            ["policy"] = policy,
        };
    }

    private async Task<string> RunAsync(JsonNode job) => (await PostAsync("run", job))["id"]!.GetValue<string>();

    private async Task<JsonNode> UntilAsync(string id, string state)
    {
        while (true)
        {
            var status = await GetAsync($"status/{id}");
            var now = status["status"]!.GetValue<string>();
            if (now == state)
            {
                return status;
            }

            Assert.True(now is "IN_QUEUE" or "IN_PROGRESS", status.ToJsonString());
            await Task.Delay(100, TestEnd);
        }
    }

    private async Task<int> FramesOfAsync(JsonNode answer)
    {
        var video = await _http.GetByteArrayAsync(answer["output"]!["video"]!.AsArray().Single()!.GetValue<string>(), TestEnd);
        await File.WriteAllBytesAsync(_folder.File("talk.mp4"), video, TestEnd);
        return (int)(await MediaFile.ProbeAsync(_folder.File("talk.mp4"))).Video!.Packets!;
    }

    private async Task<JsonNode> PostAsync(string path, JsonNode body)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(path, content, TestEnd);
        return await ReadAsync(answer);
    }

    private async Task<JsonNode> GetAsync(string path)
    {
        using var answer = await _http.GetAsync(path, TestEnd);
        return await ReadAsync(answer);
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(TestEnd);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!;
    }

    private static IEnumerable<string> NamesOf(JsonNode json) => json.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal);
}
