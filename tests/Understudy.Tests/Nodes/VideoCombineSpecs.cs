using System.Globalization;
using System.Text.Json.Nodes;
using WanTalk.ComfyUI;
using WanTalk.Understudy.Tests.Harness;
using WanTalk.Understudy.Tests.Replay;

namespace WanTalk.Understudy.Tests.Nodes;

/// <summary>VHS_VideoCombine against what the real one was seen to do: a still of 100 frames with three seconds of sound.</summary>
public sealed class VideoCombineSpecs : IAsyncLifetime
{
    /// <summary>What cannot be equal, and why.</summary>
    private static readonly Dictionary<string, string> Different = new()
    {
        ["what ffmpeg says"] = "Its words depend on its version: only those around them are compared.",
        ["trim_to_audio as the string 'false' counts as true"] =
            "Where -shortest cuts depends on ffmpeg's version: the real one's 73 frames may be up to 78.",
        ["the audio's last frame"] = "How many AAC packets are written behind the cut depends on ffmpeg's version.",
    };

    private UnderstudyProcess _engine = null!;
    private ComfyClient _client = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Tab => Path.Combine(_engine.Folder, "output", "tab");

    public async ValueTask InitializeAsync()
    {
        _engine = await UnderstudyProcess.StartAsync();
        _client = _engine.NewClient();
        await _client.UploadAsync(new MemoryStream(TalkInputs.Png(64, 64)), "p.png", cancellationToken: Stop);
        await _client.UploadAsync(new MemoryStream(TalkInputs.Wav(3)), "a.wav", cancellationToken: Stop);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task Every_recorded_case_comes_out_as_recorded()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "recordings", "vhs_cases.json");
        var cases = JsonNode.Parse(await File.ReadAllTextAsync(path, Stop))!.AsArray();
        Assert.Equal(14, cases.Count);
        foreach (var one in cases)
        {
            var name = (string)one!["case"]!;
            var graph = Graph(name);
            var result = one["result"]!;
            if (result["http"] is not null)
                await RefusedAsync(graph, result["body"]!);
            else if (result["error"] is not null)
                await FailsAsync(graph, result);
            else
                await MakesAsync(graph, name, result, one["ffprobe"]!);
        }
    }

    [Theory]
    [InlineData("video/webm", "vp9", "vorbis")]
    [InlineData("video/h265-mp4", "hevc", "aac")]
    [InlineData("video/ffv1-mkv", "ffv1", "flac")]
    public async Task Other_formats_are_really_written_too(string format, string video, string audio)
    {
        var shown = await ShownAsync(Graph(format, node => node["format"] = format));
        var report = await FfprobeReport.OfAsync((string)shown["fullpath"]!, Stop);
        Assert.Equal((video, audio), ((string?)report.Stream("video")!["codec_name"], (string?)report.Stream("audio")!["codec_name"]));
    }

    [Fact]
    public async Task A_format_that_is_not_written_is_refused_and_those_that_are_are_named()
    {
        var failure = (await _client.RunPromptAsync(Graph("", node => node["format"] = "video/ProRes"), cancellationToken: Stop)).Failure!;
        Assert.Contains("does not write video/ProRes; choose one of", failure.ExceptionMessage, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Tab));
    }

    [Theory]
    [InlineData(true, 50, 1, 25)]
    [InlineData(false, 50, 2, 50)]
    [InlineData(false, 10, 0.4, 10)]
    public async Task The_video_is_as_long_as_the_shorter_of_both_unless_the_sound_is_to_be_filled_up(
        bool trim, int frames, double seconds, int kept)
    {
        await _client.UploadAsync(new MemoryStream(TalkInputs.Wav(1)), "a.wav", cancellationToken: Stop);
        var graph = Graph("", node => node["trim_to_audio"] = trim);
        graph["3"]!["inputs"]!["amount"] = frames;

        var report = await FfprobeReport.OfAsync((string)(await ShownAsync(graph))["fullpath"]!, Stop);

        // Where a cut falls is not exact: up to three frames, and what of them is shown.
        Assert.InRange(int.Parse((string)report.Stream("video")!["nb_frames"]!, null), kept - 3, trim ? kept + 3 : kept);
        Assert.InRange(double.Parse((string)report["format"]!["duration"]!, CultureInfo.InvariantCulture), seconds - 0.17, seconds + 0.17);
    }

    [Fact]
    public async Task Odd_sizes_grow_by_a_column_and_a_row_and_frames_may_go_back()
    {
        await _client.UploadAsync(new MemoryStream(TalkInputs.Png(33, 35)), "p.png", cancellationToken: Stop);
        var graph = Graph("", node => (node["pingpong"], node["save_output"]) = (true, false));
        graph["3"]!["inputs"]!["amount"] = 10;
        graph["6"]!["inputs"]!.AsObject().Remove("audio");

        var shown = await ShownAsync(graph);

        Assert.Equal(("V_00001.mp4", "temp"), ((string?)shown["filename"], (string?)shown["type"]));
        var video = (await FfprobeReport.OfAsync((string)shown["fullpath"]!, Stop)).Stream("video")!;
        Assert.Equal((34, 36, "18"), ((int)video["width"]!, (int)video["height"]!, (string?)video["nb_frames"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_graph_is_in_the_video_only_if_it_is_asked_for(bool asked)
    {
        var graph = Graph("", node => node["save_metadata"] = asked);
        var shown = await ShownAsync(graph);
        var comment = (string?)(await FfprobeReport.OfAsync((string)shown["fullpath"]!, Stop))["format"]!["tags"]?["comment"];
        Assert.Equal(asked, comment is not null);
        if (comment is not null)
            Assert.Equal("RepeatImageBatch", (string?)JsonNode.Parse((string)JsonNode.Parse(comment)!["prompt"]!)!["3"]!["class_type"]);
    }

    [Fact]
    public async Task An_interrupted_video_leaves_none_behind()
    {
        // A minute of work: whoever is held up between hearing of it and interrupting it must not find it done.
        await _client.UploadAsync(new MemoryStream(TalkInputs.Png(1280, 1280)), "p.png", cancellationToken: Stop);
        var graph = Graph("", node => node["pingpong"] = true);
        graph["3"]!["inputs"]!["amount"] = 4096;
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        void Cancel(SocketMessage message)
        {
            if (message is ProgressMessage { Node: "6" })
                _ = Task.Run(cancel.CancelAsync);
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _client.RunPromptAsync(graph, new PromptOptions { OnMessage = Cancel }, cancel.Token));

        Assert.Equal(["V_00001.png"], Directory.EnumerateFiles(Tab).Select(path => Path.GetFileName(path)));
    }

    private static JsonObject Graph(string name, Action<JsonNode>? change = null)
    {
        var combine = new JsonObject
        {
            ["images"] = new JsonArray("3", 0),
            ["audio"] = new JsonArray("4", 0),
            ["frame_rate"] = 25,
            ["loop_count"] = 0,
            ["filename_prefix"] = "tab/V",
            ["format"] = "video/h264-mp4",
            ["pingpong"] = false,
            ["save_output"] = true,
        };
        (string Name, JsonNode Value)? setting = name switch
        {
            "crf -5 (below its widget minimum)" => ("crf", -5),
            "crf 500" => ("crf", 500),
            "pix_fmt nonsense" => ("pix_fmt", "nope"),
            "pix_fmt yuv420p10le" => ("pix_fmt", "yuv420p10le"),
            "unknown format" => ("format", "video/nope"),
            "unknown extra key" => ("no_such_key", 1),
            "frame_rate 0" => ("frame_rate", 0.0),
            "frame_rate 23.976" => ("frame_rate", 23.976),
            "prefix with .." => ("filename_prefix", "../V"),
            "prefix absolute" => ("filename_prefix", "/srv/V"),
            "prefix with %year%" => ("filename_prefix", "v_%year%"),
            "trim_to_audio as the string 'False'" => ("trim_to_audio", "False"),
            "trim_to_audio as the string 'false' counts as true" => ("trim_to_audio", "false"),
            _ => null,
        };
        if (setting is { } one)
            combine[one.Name] = one.Value;
        change?.Invoke(combine);
        return new JsonObject
        {
            ["1"] = Probe.Node("LoadImage", new JsonObject { ["image"] = "p.png" }),
            ["3"] = Probe.Node("RepeatImageBatch", new JsonObject { ["image"] = new JsonArray("1", 0), ["amount"] = 100 }),
            ["4"] = Probe.Node("LoadAudio", new JsonObject { ["audio"] = "a.wav" }),
            ["6"] = Probe.Node("VHS_VideoCombine", combine),
        };
    }

    private async Task<JsonNode> ShownAsync(JsonObject graph)
    {
        var outcome = await _client.RunPromptAsync(graph, cancellationToken: Stop);
        Assert.Null(outcome.Failure);
        return outcome.Outputs["6"]["gifs"]![0]!;
    }

    private async Task RefusedAsync(JsonObject graph, JsonNode recorded)
    {
        using var http = new HttpClient { BaseAddress = _engine.Address };
        using var body = new StringContent(new JsonObject { ["prompt"] = graph.DeepClone() }.ToJsonString());
        using var answer = await http.PostAsync(new Uri("/prompt", UriKind.Relative), body, Stop);
        Assert.Equal(400, (int)answer.StatusCode);
        var mask = new Mask();
        Assert.Equal(mask.Apply(recorded), mask.Apply(JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop))));
    }

    private async Task FailsAsync(JsonObject graph, JsonNode recorded)
    {
        var failure = (await _client.RunPromptAsync(graph, cancellationToken: Stop)).Failure!;
        Assert.Equal((string?)recorded["error"], failure.ExceptionType);
        var message = failure.ExceptionMessage!.Replace(_engine.Folder, "<comfyui>", StringComparison.Ordinal).Trim();
        // The test's folder may lie in /tmp itself.
        var wanted = ((string)recorded["message"]!).Trim().Replace("/tmp", "/srv", StringComparison.Ordinal);
        if (!wanted.StartsWith("An error occurred in the ffmpeg subprocess:", StringComparison.Ordinal))
        {
            Assert.Equal(wanted, message);
            return;
        }
        Assert.StartsWith("An error occurred in the ffmpeg subprocess:\n", message, StringComparison.Ordinal);
        Assert.Contains(wanted.Contains("crf", StringComparison.Ordinal) ? "crf" : "nope", message, StringComparison.Ordinal);
    }

    private async Task MakesAsync(JsonObject graph, string name, JsonNode recorded, JsonNode report)
    {
        var shown = await ShownAsync(graph);
        var year = DateTime.Now.Year.ToString(CultureInfo.InvariantCulture);
        var mask = new Mask { Root = _engine.Folder };
        Assert.Equal(mask.Apply(recorded["gifs"]![0]).Replace("v_2026", $"v_{year}", StringComparison.Ordinal), mask.Apply(shown));
        var found = await FfprobeReport.OfAsync((string)shown["fullpath"]!, Stop);
        var (video, wanted) = (found.Stream("video")!, report["streams"]![0]!);
        string[] properties = ["codec_name", "profile", "width", "height", "pix_fmt", "color_range", "color_space", "r_frame_rate"];
        foreach (var property in properties)
            Assert.Equal((name, property, wanted[property]!.ToJsonString()), (name, property, video[property]?.ToJsonString()));
        Assert.Equal(("aac", "LC"), ((string?)found.Stream("audio")!["codec_name"], (string?)found.Stream("audio")!["profile"]));
        if (Different.ContainsKey(name))
            Assert.InRange(int.Parse((string)video["nb_frames"]!, null), 70, 78);
        else
            Assert.Equal((name, (string?)wanted["nb_frames"]), (name, (string?)video["nb_frames"]));
    }
}
