using System.Net.Http.Json;
using System.Text.Json.Nodes;
using WanTalk.ComfyUI;
using WanTalk.Understudy.Tests.Harness;
using WanTalk.Understudy.Tests.Replay;

namespace WanTalk.Understudy.Tests.Faults;

/// <summary>Faults between two windows, and the pictures that are shown while one is made.</summary>
public sealed class WindowFaultSpecs : IAsyncLifetime
{
    private UnderstudyProcess _engine = null!;
    private ComfyClient _client = null!;
    private StagedTalk _talk = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _engine = await UnderstudyProcess.StartAsync(more: "--faults");
        _client = _engine.NewClient(UnderstudyProcess.Patient with { UnreachableTimeout = TimeSpan.FromSeconds(1) });
        _talk = new StagedTalk(_client, 128, 128, "t");
        await _talk.UploadAsync(5, Stop);
        await _talk.EmbedAsync(125, Stop);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task Memory_runs_out_before_the_window_that_was_named_and_the_one_before_stays()
    {
        await ArmAsync(new() { ["kind"] = "out_of_memory", ["window"] = 1 });
        var graph = await _talk.WindowGraphAsync(0, 2, null, "a", Stop);

        var failure = (await _client.RunPromptAsync(graph, cancellationToken: Stop)).Failure!;

        Assert.Equal((PromptFailureKind.OutOfMemory, "213"), (failure.Kind, failure.NodeId));
        Assert.True(IsMade("a", 0));
        Assert.False(IsMade("a", 1));
        Assert.True((await _client.RunPromptAsync(graph, cancellationToken: Stop)).Succeeded);
        Assert.True(IsMade("a", 1));
    }

    [Fact]
    public async Task A_crash_before_a_window_leaves_the_one_before_whole()
    {
        await ArmAsync(new() { ["kind"] = "crash", ["window"] = 1 });
        var graph = await _talk.WindowGraphAsync(0, 2, null, "c", Stop);

        var failure = (await _client.RunPromptAsync(graph, cancellationToken: Stop)).Failure!;

        Assert.Equal(PromptFailureKind.ServerGone, failure.Kind);
        Assert.True(IsMade("c", 0));
        Assert.False(IsMade("c", 1));
    }

    [Theory]
    [InlineData("black_window", "Frame 0 of window 1 is black")]
    [InlineData("nan_window", "Frame 0 of window 1 has values that are no numbers")]
    public async Task A_spoilt_window_is_refused_where_it_arises_and_the_one_before_stays(string kind, string because)
    {
        await ArmAsync(new() { ["kind"] = kind, ["window"] = 1 });
        var graph = await _talk.WindowGraphAsync(0, 2, null, "s", Stop);

        var failure = (await _client.RunPromptAsync(graph, cancellationToken: Stop)).Failure!;

        Assert.Equal("wantalk.frames_invalid", failure.ExceptionType);
        Assert.StartsWith(because, failure.ExceptionMessage, StringComparison.Ordinal);
        Assert.Equal(
            ["w-0000.checkpoint.safetensors", "w-0000.mkv"],
            Directory.EnumerateFiles(Path.Combine(_engine.Folder, "output", "wantalk", "t", "s")).Select(path => Path.GetFileName(path)).Order());
        Assert.True((await _client.RunPromptAsync(graph, cancellationToken: Stop)).Succeeded);
    }

    [Fact]
    public async Task Vocals_that_are_no_numbers_are_refused_before_they_are_stored()
    {
        await ArmAsync(new() { ["kind"] = "nan_vocals" });
        var separate = StagedTalk.Graph("separate.json");
        separate["125"]!["inputs"]!["audio"] = "wantalk/t/speech.wav";
        separate["310"]!["inputs"]!["filename_prefix"] = "wantalk/spoilt/vocals";

        var failure = (await _client.RunPromptAsync(separate, cancellationToken: Stop)).Failure!;

        Assert.Equal(("311", "wantalk.audio_invalid"), (failure.NodeId, failure.ExceptionType));
        Assert.False(Directory.Exists(Path.Combine(_engine.Folder, "output", "wantalk", "spoilt")));
    }

    [Fact]
    public async Task A_slow_window_is_not_made_before_its_time_and_can_be_interrupted()
    {
        await ArmAsync(new() { ["kind"] = "slow_window", ["window"] = 1, ["seconds"] = 600 });
        var graph = await _talk.WindowGraphAsync(0, 2, null, "s", Stop);
        var made = new TaskCompletionSource();
        void Hear(SocketMessage message)
        {
            if (message is WindowMessage { Window: 0 })
                made.TrySetResult();
        }

        var slow = _client.RunPromptAsync(graph, new PromptOptions { PromptId = "slow", OnMessage = Hear }, Stop);
        await made.Task.WaitAsync(Stop);
        await _client.InterruptAsync("slow", Stop);

        Assert.Equal(PromptFailureKind.Interrupted, (await slow).Failure!.Kind);
        Assert.True(IsMade("s", 0));
        Assert.False(IsMade("s", 1));
    }

    [Fact]
    public async Task Each_step_of_a_window_shows_the_newest_frame_as_a_small_picture()
    {
        var heard = new List<PreviewMessage>();
        var options = new PromptOptions
        {
            Previews = true,
            OnMessage = message =>
            {
                if (message is PreviewMessage preview)
                    heard.Add(preview);
            },
        };

        Assert.True((await _client.RunPromptAsync(await _talk.WindowGraphAsync(0, 1, null, "p", Stop), options, Stop)).Succeeded);

        Assert.Equal(4, heard.Count);
        Assert.All(heard, preview => Assert.Equal(("213", "Jpeg 128x128"), (preview.Node, BinaryMessage.Picture(preview.Picture.Span))));
        Assert.Equal(4, heard.DistinctBy(preview => Convert.ToBase64String(preview.Picture.Span)).Count());
    }

    private bool IsMade(string attempt, int window) =>
        File.Exists(Path.Combine(_engine.Folder, "output", "wantalk", "t", attempt, $"w-{window:0000}.checkpoint.safetensors"));

    private async Task ArmAsync(JsonObject fault)
    {
        using var http = new HttpClient { BaseAddress = _engine.Address };
        (await http.PostAsJsonAsync("/understudy/faults", fault, Stop)).EnsureSuccessStatusCode();
    }
}
