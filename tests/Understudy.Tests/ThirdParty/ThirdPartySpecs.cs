using System.Text.Json.Nodes;
using WanTalk.Understudy.Tests.Harness;
using WanTalk.Understudy.Tests.Replay;

namespace WanTalk.Understudy.Tests.ThirdParty;

/// <summary>A client that knows nothing of WanTalk takes the understudy for ComfyUI.</summary>
/// <param name="client">It is installed once for all of them.</param>
public sealed class ThirdPartySpecs(NpmClient client) : IClassFixture<NpmClient>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_from_npm_runs_a_graph_hears_of_its_progress_and_finds_its_outputs()
    {
        await using var engine = await UnderstudyProcess.StartAsync(more: "--probes");
        using var own = engine.NewClient();
        var portrait = await own.UploadAsync(new MemoryStream(TalkInputs.Png(64, 48)), "p.png", cancellationToken: Stop);
        var graph = new JsonObject
        {
            ["1"] = Probe.Node("LoadImage", new() { ["image"] = portrait.InputName }),
            ["2"] = Probe.Sleep(5, 0.01, 3, mode: "preview")["10"]!.DeepClone(),
            ["3"] = Probe.Node("SaveImage", new() { ["images"] = new JsonArray("2", 0), ["filename_prefix"] = "theirs" }),
        };
        graph["2"]!["inputs"]!["image"] = new JsonArray("1", 0);

        var result = await client.RunAsync(engine.Address, graph, Stop);

        Assert.Null(result["error"]);
        Assert.Equal("theirs_00001_.png", result["outputs"]!["3"]!["images"]![0]!["filename"]!.ToString());
        Assert.Equal([1, 2, 3, 4, 5], result["progress"]!.AsArray().Select(step => (int)step!["value"]!));
        Assert.Equal(["1", "2", "3", null], result["executing"]!.AsArray().Select(node => node?.ToString()));
        Assert.Equal(5, (int)result["previews"]!);
        var saved = await File.ReadAllBytesAsync(Path.Combine(engine.Folder, "output", "theirs_00001_.png"), Stop);
        Assert.StartsWith("Png 64x48", BinaryMessage.Picture(saved), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_from_npm_completes_the_seeds_graph()
    {
        await using var engine = await UnderstudyProcess.StartAsync();
        using var own = engine.NewClient();
        await own.UploadFileAsync(Path.Combine(AppContext.BaseDirectory, "portrait.png"), "portrait.png", cancellationToken: Stop);
        await own.UploadAsync(new MemoryStream(TalkInputs.Wav(3)), "speech.wav", cancellationToken: Stop);
        var graph = StagedTalk.Graph("workflow_api_wanvideo.json");
        graph["125"]!["inputs"]!["audio"] = "speech.wav";
        // Two sides alike would be one node's result twice, which this client takes for the end.
        (graph["210"]!["inputs"]!["value"], graph["211"]!["inputs"]!["value"]) = (128, 160);

        var result = await client.RunAsync(engine.Address, graph, Stop);

        Assert.Null(result["error"]);
        var video = result["outputs"]!["131"]!["gifs"]![0]!;
        Assert.Equal("wantalk_00001-audio.mp4", video["filename"]!.ToString());
        Assert.Contains(result["progress"]!.AsArray(), step => step!["node"]!.ToString() == "213");
        Assert.True(new FileInfo(Path.Combine(engine.Folder, "output", video["filename"]!.ToString())).Length > 1000);
    }

    [Fact]
    public async Task A_graph_that_is_refused_is_an_error_to_that_client()
    {
        await using var engine = await UnderstudyProcess.StartAsync();

        var result = await client.RunAsync(engine.Address, Probe.Sleep(1, 0, 1), Stop);

        Assert.Contains("400", result["error"]!.ToString(), StringComparison.Ordinal);
    }
}
