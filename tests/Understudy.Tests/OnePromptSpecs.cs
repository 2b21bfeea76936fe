using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using WanTalk.ComfyUI;
using WanTalk.Understudy.Tests.Harness;

namespace WanTalk.Understudy.Tests;

/// <summary>The seed's graph: a whole talk in one prompt.</summary>
public sealed class OnePromptSpecs : IAsyncLifetime
{
    private UnderstudyProcess _engine = null!;
    private ComfyClient _client = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _engine = await UnderstudyProcess.StartAsync();
        _client = _engine.NewClient();
        await _client.UploadFileAsync(Path.Combine(AppContext.BaseDirectory, "portrait.png"), "portrait.png", cancellationToken: Stop);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _engine.DisposeAsync();
    }

    [Theory]
    [InlineData(2, 81)]
    [InlineData(7, 225)]
    public async Task The_seeds_graph_gives_a_video_of_whole_windows_and_one_with_the_sound(int seconds, int frames)
    {
        var outcome = await RunAsync(await GraphAsync(seconds));

        Assert.Null(outcome.Failure);
        var shown = outcome.Outputs["131"]["gifs"]![0]!;
        Assert.Equal("wantalk_00001-audio.mp4", (string?)shown["filename"]);
        var silent = await FfprobeReport.OfAsync(Path.Combine(_engine.Folder, "output", "wantalk_00001.mp4"), Stop);
        var video = silent.Stream("video")!;
        Assert.Equal($"{frames}", (string?)video["nb_frames"]);
        Assert.Equal((128, 160), ((int)video["width"]!, (int)video["height"]!));
        Assert.Equal(("h264", "yuv420p", "25/1"), ((string?)video["codec_name"], (string?)video["pix_fmt"], (string?)video["r_frame_rate"]));
        Assert.Null(silent.Stream("audio"));
        Assert.Null(silent["format"]!["tags"]?["comment"]);
        var whole = await FfprobeReport.OfAsync((string)shown["fullpath"]!, Stop);
        Assert.Equal(("aac", "16000"), ((string?)whole.Stream("audio")!["codec_name"], (string?)whole.Stream("audio")!["sample_rate"]));
        // trim_to_audio cuts to the sound, but not exactly: some frames more or less.
        Assert.InRange(double.Parse((string)whole["format"]!["duration"]!, CultureInfo.InvariantCulture), seconds - 0.3, seconds + 0.3);
    }

    [Fact]
    public async Task Speech_moves_the_mouth_and_the_seed_decides_how_the_head_moves()
    {
        var graph = await GraphAsync(2);
        graph["131"]!["inputs"]!["format"] = "video/ffv1-mkv";
        await RunAsync(graph);
        await RunAsync(graph);
        graph["213"]!["inputs"]!["seed"] = 7;
        graph["131"]!["inputs"]!["filename_prefix"] = "other";
        await RunAsync(graph);

        var (first, other) = (await DigestsAsync("wantalk_00001.mkv"), await DigestsAsync("other_00001.mkv"));
        Assert.Equal(81, first.Count);
        Assert.True(first.Distinct().Count() > 40, "Most frames are alike.");
        Assert.NotEqual(first, other);
        var again = Path.Combine(_engine.Folder, "output", "wantalk_00002.mkv");
        Assert.False(File.Exists(again), "The same prompt again wrote another video.");
    }

    [Fact]
    public async Task The_frames_are_those_of_the_talk_made_in_stages_where_the_inputs_are_the_same()
    {
        var talk = new StagedTalk(_client, 128, 128, "staged");
        await talk.UploadAsync(7, Stop);
        await talk.EmbedAsync(175, Stop);
        await talk.SampleAsync(0, 3, null, "all", Stop);
        var staged = new List<string>();
        for (var window = 0; window < 3; window++)
            staged.AddRange((await DigestsAsync($"wantalk/staged/all/w-000{window}.mkv")).Skip(window == 0 ? 0 : 9));
        var graph = StagedTalk.Graph("workflow_api_wanvideo.json");
        (graph["210"]!["inputs"]!["value"], graph["211"]!["inputs"]!["value"]) = (128, 128);
        graph["125"]!["inputs"]!["audio"] = "wantalk/staged/vocals.flac";
        graph["320"] = StagedTalk.Graph("embed.json")["320"]!.DeepClone();
        graph["320"]!["inputs"]!["visible_frames"] = 175;
        (graph["194"]!["inputs"]!["audio_1"], graph["194"]!["inputs"]!["num_frames"]) = (new JsonArray("320", 0), new JsonArray("320", 1));
        graph["213"]!["inputs"]!["seed"] = 42;
        (graph["131"]!["inputs"]!["format"], graph["131"]!["inputs"]!["pix_fmt"]) = ("video/ffv1-mkv", "bgra");

        Assert.Null((await RunAsync(graph)).Failure);

        Assert.Equal(225, staged.Count);
        Assert.Equal(staged, await DigestsAsync("wantalk_00001.mkv"));
    }

    [Theory]
    [InlineData("size", "not 126x160")]
    [InlineData("steps", "requires 4 steps")]
    [InlineData("noface", "No face was found")]
    public async Task What_the_sampler_cannot_do_fails_there_and_says_why(string what, string because)
    {
        var graph = await GraphAsync(2);
        if (what == "size")
            (graph["210"]!["inputs"]!["value"], graph["171"]!["inputs"]!["divisible_by"]) = (126, 2);
        else if (what == "steps")
            graph["213"]!["inputs"]!["steps"] = 6;
        else
            await _client.UploadAsync(new MemoryStream(TalkInputs.Png(64, 64)), "portrait.png", overwrite: true, cancellationToken: Stop);

        var failure = (await RunAsync(graph)).Failure!;

        Assert.Equal((PromptFailureKind.Execution, "213"), (failure.Kind, failure.NodeId));
        Assert.Contains(because, failure.ExceptionMessage, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_engine.Folder, "output")));
    }

    private async Task<JsonObject> GraphAsync(int seconds)
    {
        await _client.UploadAsync(new MemoryStream(TalkInputs.Wav(seconds)), "speech.mp3", cancellationToken: Stop);
        var graph = StagedTalk.Graph("workflow_api_wanvideo.json");
        (graph["210"]!["inputs"]!["value"], graph["211"]!["inputs"]!["value"]) = (128, 160);
        return graph;
    }

    private Task<PromptOutcome> RunAsync(JsonObject graph) => _client.RunPromptAsync(graph, cancellationToken: Stop);

    /// <summary>The digest of each frame, as ffmpeg computes it.</summary>
    private async Task<List<string>> DigestsAsync(string name)
    {
        var path = Path.Combine(_engine.Folder, "output", name);
        string[] arguments = ["-v", "error", "-i", path, "-pix_fmt", "rgb24", "-f", "framemd5", "-"];
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", arguments) { RedirectStandardOutput = true })!;
        var report = await process.StandardOutput.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        return [.. report.Split('\n').Where(line => line.StartsWith('0')).Select(line => line.Split(',')[^1].Trim())];
    }
}
