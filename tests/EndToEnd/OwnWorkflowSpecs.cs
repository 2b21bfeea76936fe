using System.Text.Json;
using System.Text.Json.Nodes;
using WanTalk.EndToEnd.Support;

namespace WanTalk.EndToEnd;

/// <summary>The seed's contract: a workflow of the caller's own makes the video, in one prompt.</summary>
public sealed class OwnWorkflowSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _elsewhere = new();

    public void Dispose()
    {
        _folder.Dispose();
        _elsewhere.Dispose();
    }

    [Fact]
    public async Task A_copy_of_the_seeds_workflow_with_175_frames_and_639x640_yields_a_talk_of_the_right_length_that_tells_what_was_changed()
    {
        var workflow = await WriteAsync(graph =>
        {
            graph["214"]!["inputs"]!["value"] = 175;
            graph["210"]!["inputs"]!["value"] = 639;
            graph["159"]!["inputs"]!["end_time"] = "0:07";
        });

        var result = await TalkAsync("--workflow", workflow, "--json");

        Assert.True(result.ExitCode == 0, result.Said);
        var summary = JsonDocument.Parse(result.Output[^1]).RootElement;
        Assert.Equal((175, 7.0), (summary.GetProperty("frames").GetInt32(), summary.GetProperty("duration").GetDouble()));
        var notes = string.Join('\n', summary.GetProperty("warnings").EnumerateArray().Select(note => note.GetString()));
        Assert.All(
            ["639x640 was made 640x640", "175 frames were made 225", "lengthened by 2 s of silence", "the workflow takes 7 s", "AudioCrop"],
            what => Assert.Contains(what, notes, StringComparison.Ordinal));

        var video = await MediaFile.ProbeAsync(_folder.File("talk.mp4"));
        Assert.Equal((640, 640, 175L, "h264"), (video.Video!.Width, video.Video.Height, video.Video.Packets, video.Video.Codec));
        var sound = video.Streams.Single(stream => stream.Type == "audio");
        Assert.Equal(0, sound.StartSeconds!.Value, 0.001);
        Assert.InRange(sound.DurationSeconds!.Value, 7 - (1024.0 / sound.SampleRate), 7 + (1024.0 / sound.SampleRate));
        await AssertSameSoundAsync();
    }

    [Fact]
    public async Task An_engine_without_our_pack_is_refused_by_name_for_windows_and_runs_a_workflow()
    {
        await using var engine = await EngineProcess.StartAsync(_elsewhere, "--without-pack");

        var staged = await TalkAsync("--comfyui", engine.Address, "--width", "128", "--height", "128");
        Assert.Equal(1, staged.ExitCode);
        Assert.Contains("engine_not_ready", staged.Error[^1], StringComparison.Ordinal);
        Assert.Contains("node pack", staged.Error[^1], StringComparison.Ordinal);

        var own = await TalkAsync("--comfyui", engine.Address, "--width", "128", "--height", "128", "--workflow", await WriteAsync(_ => { }), "--json");
        Assert.True(own.ExitCode == 0, own.Said);
        Assert.Equal(223, (await MediaFile.ProbeAsync(_folder.File("talk.mp4"))).Video!.Packets);
    }

    [Fact]
    public async Task What_a_workflow_may_not_do_is_told_at_once_and_nothing_is_left()
    {
        var workflow = await WriteAsync(graph =>
        {
            graph["900"] = new JsonObject { ["class_type"] = "RunShell", ["inputs"] = new JsonObject() };
            graph["133"]!["inputs"]!["image"] = "../../secret.png";
        });

        var result = await TalkAsync("--workflow", workflow);

        Assert.Equal(2, result.ExitCode);
        Assert.All(result.Error, line => Assert.StartsWith("workflow_forbidden:", line, StringComparison.Ordinal));
        Assert.All(["RunShell", "../../secret.png"], what => Assert.Contains(result.Error, line => line.Contains(what, StringComparison.Ordinal)));
        Assert.False(Directory.Exists(_folder.File("home")));
    }

    private Task<CommandResult> TalkAsync(params string[] more) =>
        WanTalkCommand.RunAsync(_folder, ["talk", Repository.Portrait, Repository.Speech, "--out", _folder.File("talk.mp4"), .. more]);

    private async Task<string> WriteAsync(Action<JsonObject> change)
    {
        var graph = JsonNode.Parse(await File.ReadAllTextAsync(Repository.SeedWorkflow, TestContext.Current.CancellationToken))!.AsObject();
        change(graph);
        var file = _folder.File("workflow.json");
        await File.WriteAllTextAsync(file, graph.ToJsonString(), TestContext.Current.CancellationToken);
        return file;
    }

    /// <summary>The video's sound is the speech's first seven seconds, neither shifted nor silent at its end.</summary>
    private async Task AssertSameSoundAsync()
    {
        var speech = await MediaFile.DecodeAsync(Repository.Speech, 16000);
        var sound = await MediaFile.DecodeAsync(_folder.File("talk.mp4"), 16000);
        foreach (var (from, to) in ((int, int)[])[(0, 16_000), (48_000, 64_000), (95_000, 111_000)])
        {
            double product = 0, left = 0, right = 0;
            for (var i = from; i < to; i++)
            {
                product += speech[i] * sound[i];
                left += speech[i] * speech[i];
                right += sound[i] * sound[i];
            }

            Assert.True(product / Math.Sqrt(left * right) > 0.95, $"The sound between samples {from} and {to} is not the speech.");
        }
    }
}
