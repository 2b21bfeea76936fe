using System.Text.Json.Nodes;
using WanTalk.ComfyUI;
using WanTalk.ComfyUI.Safetensors;

namespace WanTalk.Understudy.Tests.Harness;

/// <summary>A talk done as a runner does it: everything through uploads, prompts and downloads.</summary>
public sealed class StagedTalk(ComfyClient client, int width, int height, string name)
{
    private UploadedFile? _portrait;
    private UploadedFile? _speech;
    private byte[] _audio = [];
    private UploadedFile? _shared;

    public static JsonObject Graph(string name) =>
        (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "graphs", name)))!;

    /// <summary>Uploads the inputs.</summary>
    public async Task UploadAsync(double seconds, CancellationToken cancellationToken)
    {
        var portrait = Path.Combine(AppContext.BaseDirectory, "portrait.png");
        _portrait = await client.UploadFileAsync(portrait, "portrait.png", $"wantalk/{name}", cancellationToken: cancellationToken);
        _speech = await client.UploadAsync(new MemoryStream(TalkInputs.Wav(seconds)), "speech.wav", $"wantalk/{name}", cancellationToken: cancellationToken);
    }

    /// <summary>Separates and embeds; afterwards the conditioning is on this side.</summary>
    public async Task EmbedAsync(int visibleFrames, CancellationToken cancellationToken)
    {
        var separate = Graph("separate.json");
        separate["125"]!["inputs"]!["audio"] = _speech!.InputName;
        separate["310"]!["inputs"]!["filename_prefix"] = $"wantalk/{name}/vocals";
        var separated = await RunAsync(separate, cancellationToken);
        var vocals = await UploadAsync(await DownloadAsync(Assert.Single(separated.Files("310", "audio")), cancellationToken), "vocals.flac", cancellationToken);

        var embed = Graph("embed.json");
        embed["125"]!["inputs"]!["audio"] = vocals.InputName;
        embed["133"]!["inputs"]!["image"] = _portrait!.InputName;
        embed["210"]!["inputs"]!["value"] = width;
        embed["211"]!["inputs"]!["value"] = height;
        embed["320"]!["inputs"]!["visible_frames"] = visibleFrames;
        embed["321"]!["inputs"]!["filename_prefix"] = $"wantalk/{name}/cond";
        var files = (await RunAsync(embed, cancellationToken)).WanTalkFiles("321");
        _shared = await UploadAsync(await DownloadAsync(files.Single(file => file.Name == "shared"), cancellationToken), "cond-shared.safetensors", cancellationToken);
        _audio = await DownloadAsync(files.Single(file => file.Name == "audio"), cancellationToken);
    }

    /// <summary>The graph of some windows; the audio is cut to what they need.</summary>
    public async Task<JsonObject> WindowGraphAsync(int first, int count, byte[]? checkpoint, string attempt, CancellationToken cancellationToken)
    {
        var header = await SafetensorsHeader.ReadAsync(new MemoryStream(_audio), cancellationToken);
        var total = (long)header.Metadata!["total_frames"]!;
        var from = Math.Max(0, (72L * first) - 2);
        var end = Math.Min(total, (72L * (first + count - 1)) + 81 + 2);
        var slice = ConditioningSlice.Cut(header, (0, total), from, end - from);
        byte[] part = [.. slice.Header, .. _audio.AsSpan((int)slice.Offset, (int)slice.Length)];
        var audio = await UploadAsync(part, $"audio-{first}-{count}.safetensors", cancellationToken);
        var graph = Graph("window.json");
        graph["133"]!["inputs"]!["image"] = _portrait!.InputName;
        graph["210"]!["inputs"]!["value"] = width;
        graph["211"]!["inputs"]!["value"] = height;
        graph["330"]!["inputs"]!["shared_file"] = _shared!.InputName;
        graph["330"]!["inputs"]!["audio_file"] = audio.InputName;
        var sampler = graph["213"]!["inputs"]!;
        sampler["seed"] = 42;
        sampler["window_index"] = first;
        sampler["window_count"] = count;
        sampler["filename_prefix"] = $"wantalk/{name}/{attempt}/w";
        sampler["checkpoint_in"] = checkpoint is null
            ? ""
            : (await UploadAsync(checkpoint, $"{attempt}-in.safetensors", cancellationToken)).InputName;
        return graph;
    }

    /// <summary>Samples some windows and gives the bytes of each one's frames and checkpoint.</summary>
    public async Task<List<(byte[] Frames, byte[] Checkpoint)>> SampleAsync(
        int first, int count, byte[]? checkpoint, string attempt, CancellationToken cancellationToken, Action<SocketMessage>? onMessage = null)
    {
        var outcome = await client.RunPromptAsync(
            await WindowGraphAsync(first, count, checkpoint, attempt, cancellationToken), new PromptOptions { OnMessage = onMessage }, cancellationToken);
        Assert.Null(outcome.Failure);
        var files = outcome.WanTalkFiles("213");
        Assert.Equal(2 * count, files.Count);
        var windows = new List<(byte[], byte[])>();
        for (var window = first; window < first + count; window++)
        {
            var frames = files.Single(file => file.Name == "frames" && file.Window == window);
            var made = files.Single(file => file.Name == "checkpoint" && file.Window == window);
            windows.Add((await DownloadAsync(frames, cancellationToken), await DownloadAsync(made, cancellationToken)));
        }
        return windows;
    }

    public async Task<byte[]> DownloadAsync(OutputFile file, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        await client.ViewAsync(file, bytes, cancellationToken);
        return bytes.ToArray();
    }

    private async Task<PromptOutcome> RunAsync(JsonObject graph, CancellationToken cancellationToken)
    {
        var outcome = await client.RunPromptAsync(graph, cancellationToken: cancellationToken);
        Assert.Null(outcome.Failure);
        return outcome;
    }

    private Task<UploadedFile> UploadAsync(byte[] bytes, string filename, CancellationToken cancellationToken) =>
        client.UploadAsync(new MemoryStream(bytes), filename, $"wantalk/{name}", cancellationToken: cancellationToken);
}
