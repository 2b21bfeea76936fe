using WanTalk.ComfyUI;
using WanTalk.Understudy.Tests.Harness;

namespace WanTalk.Understudy.Tests;

public sealed class CacheSpecs : IAsyncLifetime
{
    private readonly List<SocketMessage> _heard = [];
    private UnderstudyProcess _engine = null!;
    private ComfyClient _client = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _engine = await UnderstudyProcess.StartAsync(more: "--probes");
        _client = _engine.NewClient();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task The_same_prompt_again_runs_nothing_and_shows_the_same()
    {
        await CachedAsync(seed: 1);

        Assert.Equal(["10", "11"], await CachedAsync(seed: 1));
        Assert.DoesNotContain(_heard, message => message is ExecutingMessage { Node: "10" });
        Assert.Contains(_heard, message => message is ExecutedMessage { Node: "11", Output: not null });
    }

    [Fact]
    public async Task Only_the_last_prompts_results_are_kept()
    {
        await CachedAsync(seed: 1);
        await CachedAsync(seed: 2);

        Assert.Empty(await CachedAsync(seed: 1));
    }

    [Fact]
    public async Task Freed_memory_holds_no_results()
    {
        await CachedAsync(seed: 1);
        await _client.FreeAsync(Stop);

        Assert.Empty(await CachedAsync(seed: 1));
    }

    [Fact]
    public async Task Two_nodes_alike_in_one_prompt_run_once_and_the_other_is_told_as_executed_without_output()
    {
        var graph = Probe.Sleep(1, 0, 1);
        graph["12"] = graph["10"]!.DeepClone();
        graph["13"] = Probe.Node("ProbeOut", new() { ["image"] = new System.Text.Json.Nodes.JsonArray("12", 0), ["text"] = "b" });

        await _client.RunPromptAsync(graph, new PromptOptions { OnMessage = _heard.Add }, Stop);

        Assert.Single(_heard, message => message is ExecutingMessage { Node: "10" or "12" });
        Assert.Single(_heard, message => message is ExecutedMessage { Node: "10" or "12", Output: null });
    }

    [Fact]
    public async Task A_file_that_changed_under_its_name_is_read_again()
    {
        await UploadAsync(16);
        var graph = Picture();
        var first = await _client.RunPromptAsync(graph, cancellationToken: Stop);
        await UploadAsync(32);

        var second = await _client.RunPromptAsync(graph, cancellationToken: Stop);

        Assert.Equal("[[1,16,16,3]]", first.Outputs["2"]["shape"]!.ToJsonString());
        Assert.Equal("[[1,32,32,3]]", second.Outputs["2"]["shape"]!.ToJsonString());
    }

    private static System.Text.Json.Nodes.JsonObject Picture() => new()
    {
        ["1"] = Probe.Node("LoadImage", new() { ["image"] = "p.png" }),
        ["2"] = Probe.Node("ProbeOut", new() { ["image"] = new System.Text.Json.Nodes.JsonArray("1", 0), ["text"] = "a" }),
    };

    private Task<UploadedFile> UploadAsync(int side) => _client.UploadAsync(new MemoryStream(TalkInputs.Png(side, side)), "p.png", cancellationToken: Stop);

    private async Task<IReadOnlyList<string>> CachedAsync(int seed)
    {
        _heard.Clear();
        var outcome = await _client.RunPromptAsync(Probe.Sleep(1, 0, seed), new PromptOptions { OnMessage = _heard.Add }, Stop);
        Assert.Equal($"t{seed}", outcome.Outputs["11"]["text"]![0]!.ToString());
        return Assert.Single(_heard.OfType<ExecutionCachedMessage>()).Nodes;
    }
}
