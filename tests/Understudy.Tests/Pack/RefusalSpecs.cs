using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using WanTalk.ComfyUI;
using WanTalk.ComfyUI.Safetensors;
using WanTalk.Understudy.Tests.Harness;

namespace WanTalk.Understudy.Tests.Pack;

/// <summary>
/// Under which name each refusal reaches a client: the same as the pack's, by the table that tests/NodePack/test_refusals.py holds the pack
/// to.
/// </summary>
public sealed class RefusalSpecs : IAsyncLifetime
{
    private UnderstudyProcess _engine = null!;
    private ComfyClient _client = null!;
    private StagedTalk _talk = null!;
    private byte[] _checkpoint = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _engine = await UnderstudyProcess.StartAsync(more: "--faults");
        _client = _engine.NewClient();
        _talk = new StagedTalk(_client, 128, 128, "t");
        await _talk.UploadAsync(7, Stop);
        await _talk.EmbedAsync(175, Stop);
        await _client.UploadAsync(new MemoryStream(TalkInputs.Wav(((640 * 81) + 40) / 16000.0, loudness: 0)), "silence.wav", cancellationToken: Stop);
        _checkpoint = (await _talk.SampleAsync(0, 1, null, "whole", Stop))[0].Checkpoint;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task Each_refusal_has_the_type_that_the_pack_gives_it()
    {
        var path = Path.Combine(Repository.Root, "tests", "NodePack", "refusals.json");
        var table = JsonNode.Parse(await File.ReadAllTextAsync(path, Stop))!.AsObject();
        var told = new List<string>();
        foreach (var (name, graph) in Cases())
        {
            var failure = (await _client.RunPromptAsync(await graph(), cancellationToken: Stop)).Failure;
            told.Add($"{name}: {failure?.ExceptionType}");
        }

        Assert.Equal(table.Select(row => $"{row.Key}: {row.Value}"), told);
        Assert.DoesNotContain(
            Directory.EnumerateFiles(Path.Combine(_engine.Folder, "output"), "*", SearchOption.AllDirectories),
            path => path.Contains("/refused/", StringComparison.Ordinal));
    }

    private IEnumerable<(string Name, Func<Task<JsonObject>> Graph)> Cases() =>
    [
        ("check: no samples", () => Audio(Check("crop"))),
        ("check: values that are no numbers", () => Audio(Check("nan"))),
        ("fit: no samples", () => Audio(Fit("crop"))),
        ("fit: values that are no numbers", () => Audio(Fit("nan"))),
        ("fit: windows that share all of their frames", () => Audio(Fit("speech", shared: 81))),
        ("save: an embedding of another length", ShortEmbedding),
        ("save: an embedding that is no numbers", () => Embed("silence.wav", 81, new JsonArray("nan", 3))),
        ("load: not the file that was meant", () => Window(0, loader: loader => loader["audio_sha256"] = new string('0', 64))),
        ("load: a cut file", () => AudioFile((_, bytes) => bytes[..^1])),
        ("load: files of two talks", OfTwoTalksAsync),
        ("load: more rows than the talk has", () => AudioFile((metadata, bytes) => Changed(metadata, bytes, "first_frame", 200))),
        ("load: rows that are no numbers", () => AudioFile((_, bytes) => WithNan(bytes))),
        ("window: a scheduler with other steps", () => Window(0, sampler => sampler["steps"] = 6)),
        ("window: colours that are matched", () => Window(0, embeds: embeds => embeds["colormatch"] = "mkl")),
        ("window: a talk of no whole windows", () => AudioFile((metadata, bytes) => Changed(metadata, bytes, "total_frames", 200))),
        ("window: behind the talk's end", () => Window(0, sampler => sampler["window_count"] = 4)),
        ("window: rows that the file does not hold", () => Window(0, sampler => sampler["window_count"] = 2)),
        ("window: the first with a checkpoint", () => Window(0, checkpoint: _checkpoint)),
        ("window: a later one without a checkpoint", () => Window(1)),
        ("window: a checkpoint of another seed", () => Window(1, sampler => sampler["seed"] = 43, checkpoint: _checkpoint)),
        ("window: a checkpoint of another window", () => Window(2, checkpoint: _checkpoint)),
        ("window: a cut checkpoint", () => Window(1, checkpoint: _checkpoint[..^1])),
        ("window: black frames", () => Spoilt("black_window")),
        ("window: frames that are no numbers", () => Spoilt("nan_window")),
    ];

    /// <summary>A graph that would save what a node gives.</summary>
    private static Task<JsonObject> Audio(JsonObject node) => Task.FromResult(new JsonObject
    {
        ["speech"] = Node("LoadAudio", new() { ["audio"] = "wantalk/t/speech.wav" }),
        ["silence"] = Node("LoadAudio", new() { ["audio"] = "silence.wav" }),
        ["crop"] = Node("AudioCrop", new() { ["audio"] = new JsonArray("speech", 0), ["start_time"] = "0:01", ["end_time"] = "0:01" }),
        ["nan"] = Node("AudioSeparation", new() { ["audio"] = new JsonArray("silence", 0) }),
        ["looks"] = node,
        ["saves"] = Node("SaveAudio", new() { ["audio"] = new JsonArray("looks", 0), ["filename_prefix"] = "refused/audio" }),
    });

    private static JsonObject Check(string source) => Node("WanTalkCheckAudio", new() { ["audio"] = new JsonArray(source, 0) });

    private static JsonObject Fit(string source, int shared = 9) => Node("WanTalkFitAudio", new()
    {
        ["audio"] = new JsonArray(source, 0),
        ["visible_frames"] = 81,
        ["frame_window_size"] = 81,
        ["motion_frame"] = shared,
    });

    private static JsonObject Node(string name, JsonObject inputs) => new() { ["class_type"] = name, ["inputs"] = inputs };

    /// <summary>The embed graph, with what its embedding node hears.</summary>
    private static Task<JsonObject> Embed(string audio, int visibleFrames, JsonArray heard)
    {
        var graph = StagedTalk.Graph("embed.json");
        graph["nan"] = Node("AudioSeparation", new() { ["audio"] = new JsonArray("125", 0) });
        graph["125"]!["inputs"]!["audio"] = audio;
        graph["133"]!["inputs"]!["image"] = "wantalk/t/portrait.png";
        graph["194"]!["inputs"]!["audio_1"] = heard;
        graph["320"]!["inputs"]!["visible_frames"] = visibleFrames;
        graph["321"]!["inputs"]!["filename_prefix"] = "wantalk/t/refused/cond";
        return Task.FromResult(graph);
    }

    private async Task<JsonObject> Window(
        int window, Action<JsonNode>? sampler = null, Action<JsonNode>? loader = null, Action<JsonNode>? embeds = null, byte[]? checkpoint = null)
    {
        var graph = await _talk.WindowGraphAsync(window, 1, checkpoint, "refused", Stop);
        sampler?.Invoke(graph["213"]!["inputs"]!);
        loader?.Invoke(graph["330"]!["inputs"]!);
        embeds?.Invoke(graph["192"]!["inputs"]!);
        return graph;
    }

    /// <summary>The graph of window 0 with its audio file changed.</summary>
    private async Task<JsonObject> AudioFile(Func<JsonObject, byte[], byte[]> change)
    {
        var graph = await Window(0);
        var path = Path.Combine(_engine.Folder, "input", graph["330"]!["inputs"]!["audio_file"]!.ToString());
        var bytes = await File.ReadAllBytesAsync(path, Stop);
        var header = await SafetensorsHeader.ReadAsync(new MemoryStream(bytes), Stop);
        await _client.UploadAsync(new MemoryStream(change(header.Metadata!, bytes)), "changed.safetensors", overwrite: true, cancellationToken: Stop);
        graph["330"]!["inputs"]!["audio_file"] = "changed.safetensors";
        return graph;
    }

    private async Task<JsonObject> OfTwoTalksAsync()
    {
        var other = new StagedTalk(_client, 128, 128, "other");
        await other.UploadAsync(5, Stop);
        await other.EmbedAsync(125, Stop);
        var foreign = await other.WindowGraphAsync(0, 1, null, "refused", Stop);
        return await Window(0, loader: loader => loader["audio_file"] = foreign["330"]!["inputs"]!["audio_file"]!.ToString());
    }

    private async Task<JsonObject> Spoilt(string kind)
    {
        await ArmAsync(new { kind, window = 0 });
        return await Window(0);
    }

    private async Task<JsonObject> ShortEmbedding()
    {
        await ArmAsync(new { kind = "short_embedding" });
        return await Embed("wantalk/t/speech.wav", 175, new JsonArray("320", 0));
    }

    private async Task ArmAsync(object fault)
    {
        using var http = new HttpClient { BaseAddress = _engine.Address };
        (await http.PostAsJsonAsync("/understudy/faults", fault, Stop)).EnsureSuccessStatusCode();
    }

    /// <summary>The file with another number in what its header says.</summary>
    private static byte[] Changed(JsonObject metadata, byte[] bytes, string name, int number)
    {
        metadata[name] = number;
        var rows = bytes.Length - (4 * 4 * 83);
        return [.. SafetensorsHeader.Create(metadata, [(ConditioningSlice.TensorName, "F32", [83, 4])]).ToBytes(), .. bytes.AsSpan(rows)];
    }

    /// <summary>The file with its last value no number.</summary>
    private static byte[] WithNan(byte[] bytes)
    {
        MemoryMarshal.Cast<byte, float>(bytes.AsSpan(bytes.Length - sizeof(float)))[0] = float.NaN;
        return bytes;
    }
}
