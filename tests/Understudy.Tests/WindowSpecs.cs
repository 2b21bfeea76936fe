using System.Text.Json.Nodes;
using WanTalk.ComfyUI;
using WanTalk.Understudy.Tests.Harness;

namespace WanTalk.Understudy.Tests;

/// <summary>One talk of three windows, and everything that may go wrong with a piece of it.</summary>
public sealed class WindowSpecs : IAsyncLifetime
{
    private UnderstudyProcess _engine = null!;
    private ComfyClient _client = null!;
    private StagedTalk _talk = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _engine = await UnderstudyProcess.StartAsync();
        _client = _engine.NewClient();
        _talk = new StagedTalk(_client, 128, 128, "t");
        await _talk.UploadAsync(7, Stop);
        await _talk.EmbedAsync(175, Stop);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task A_checkpoint_of_another_seed_window_or_size_is_refused_and_the_message_says_which()
    {
        var checkpoint = (await _talk.SampleAsync(0, 1, null, "a", Stop))[0].Checkpoint;

        await RefusedAsync(1, checkpoint, sampler => sampler["seed"] = 43, "seed is 42 and not 43");
        await RefusedAsync(1, checkpoint, sampler => sampler["cfg"] = 2.0, "cfg is 1 and not 2");
        await RefusedAsync(2, checkpoint, _ => { }, "checkpoint of window 0 and not of window 1");
    }

    [Fact]
    public async Task A_cut_or_foreign_checkpoint_is_refused()
    {
        var checkpoint = (await _talk.SampleAsync(0, 1, null, "a", Stop))[0].Checkpoint;

        await RefusedAsync(1, checkpoint[..^100], _ => { }, "it is cut");
        await RefusedAsync(1, checkpoint[..20], _ => { }, "it is cut");
        await RefusedAsync(1, TalkInputs.Wav(0.1), _ => { }, "no safetensors file");
        await RefusedAsync(1, null, _ => { }, "needs the checkpoint of window 0");
    }

    [Fact]
    public async Task A_window_behind_the_end_or_without_its_audio_is_refused()
    {
        await RefusedAsync(0, null, sampler => sampler["window_count"] = 4, "but the talk has 225");
        await RefusedAsync(0, null, sampler => sampler["window_count"] = 2, "are needed, but the file holds 0..82");
    }

    [Fact]
    public async Task A_refused_window_leaves_no_files()
    {
        await RefusedAsync(1, TalkInputs.Wav(0.1), _ => { }, "no safetensors file");

        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_engine.Folder, "output", "wantalk", "t", "bad")));
    }

    [Fact]
    public async Task Conditioning_of_two_talks_is_never_taken_together()
    {
        var graph = await _talk.WindowGraphAsync(0, 1, null, "x", Stop);
        var other = new StagedTalk(_client, 128, 128, "other");
        await other.UploadAsync(5, Stop);
        await other.EmbedAsync(125, Stop);
        var otherGraph = await other.WindowGraphAsync(0, 1, null, "x", Stop);
        graph["330"]!["inputs"]!["audio_file"] = otherGraph["330"]!["inputs"]!["audio_file"]!.ToString();

        await RefusedAsync(graph, "not of the same conditioning");
    }

    [Fact]
    public async Task A_conditioning_file_with_another_hash_is_refused()
    {
        var graph = await _talk.WindowGraphAsync(0, 1, null, "x", Stop);
        graph["330"]!["inputs"]!["shared_sha256"] = new string('0', 64);

        await RefusedAsync(graph, "it is not the file that was meant");
    }

    [Fact]
    public async Task Audio_that_was_not_fitted_is_refused_when_it_is_embedded()
    {
        var embed = StagedTalk.Graph("embed.json");
        embed["125"]!["inputs"]!["audio"] = "wantalk/t/speech.wav";
        embed["133"]!["inputs"]!["image"] = "wantalk/t/portrait.png";
        embed["194"]!["inputs"]!["audio_1"] = new JsonArray("125", 0);

        await RefusedAsync(embed, "has 175 frames where 225 were expected");
    }

    [Fact]
    public async Task The_same_piece_sent_again_finds_its_files_and_gives_the_same_bytes()
    {
        var first = await _talk.SampleAsync(0, 2, null, "again", Stop);
        var frames = Path.Combine(_engine.Folder, "output", "wantalk", "t", "again", "w-0000.mkv");
        var written = File.GetLastWriteTimeUtc(frames);

        var second = await _talk.SampleAsync(0, 2, null, "again", Stop);

        Assert.Equal(first, second, (left, right) => left.Frames.SequenceEqual(right.Frames) && left.Checkpoint.SequenceEqual(right.Checkpoint));
        Assert.Equal(written, File.GetLastWriteTimeUtc(frames));
    }

    [Fact]
    public async Task A_damaged_window_is_made_again()
    {
        var first = await _talk.SampleAsync(0, 1, null, "again", Stop);
        var frames = Path.Combine(_engine.Folder, "output", "wantalk", "t", "again", "w-0000.mkv");
        await File.WriteAllBytesAsync(frames, first[0].Frames[..^7], Stop);

        var second = await _talk.SampleAsync(0, 1, null, "again", Stop);

        Assert.Equal(first[0].Frames, second[0].Frames);
    }

    [Fact]
    public async Task A_piece_killed_in_the_middle_is_finished_by_another_process_with_the_same_bytes()
    {
        var whole = await _talk.SampleAsync(0, 3, null, "whole", Stop);
        var graph = await _talk.WindowGraphAsync(0, 3, null, "killed", Stop);
        var firstWindow = new TaskCompletionSource();
        using var impatient = _engine.NewClient(UnderstudyProcess.Patient with { UnreachableTimeout = TimeSpan.FromMilliseconds(200) });
        var run = impatient.RunPromptAsync(graph, new PromptOptions { OnMessage = message => Signal(message, firstWindow) }, Stop);
        await firstWindow.Task.WaitAsync(Stop);
        await _engine.KillAsync();
        await run;

        await using var again = await UnderstudyProcess.StartAsync(_engine.Folder);
        using var client = again.NewClient();
        var outcome = await client.RunPromptAsync(graph, cancellationToken: Stop);

        Assert.Null(outcome.Failure);
        foreach (var file in outcome.WanTalkFiles("213").Where(file => file.Name == "frames"))
        {
            using var bytes = new MemoryStream();
            await client.ViewAsync(file, bytes, Stop);
            Assert.Equal(whole[file.Window!.Value].Frames, bytes.ToArray());
        }
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(_engine.Folder, "output", "wantalk", "t", "killed")), path => path.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Steps_are_told_as_the_wrapper_tells_them()
    {
        var heard = new List<SocketMessage>();
        var first = await _talk.SampleAsync(0, 1, null, "a", Stop, heard.Add);
        var bar = heard.OfType<ProgressMessage>().Where(message => message.Node == "213").ToList();
        Assert.Contains(bar, message => message is { Value: 1, Max: 1633 });
        // Fast steps are not all told; those that are count on from what a resumed window has behind it.
        Assert.All(bar.SkipWhile(message => message.Max == 1633), message => Assert.Equal((true, 16.0), (message.Value is >= 1 and <= 4, message.Max)));

        heard.Clear();
        await _talk.SampleAsync(1, 1, first[0].Checkpoint, "b", Stop, heard.Add);
        bar = [.. heard.OfType<ProgressMessage>().Where(message => message.Node == "213" && message.Max == 16)];
        Assert.NotEmpty(bar);
        Assert.All(bar, message => Assert.InRange(message.Value, 5, 8));
    }

    private static void Signal(SocketMessage message, TaskCompletionSource heard)
    {
        if (message is WindowMessage)
            heard.TrySetResult();
    }

    private async Task RefusedAsync(int window, byte[]? checkpoint, Action<JsonNode> change, string because)
    {
        var graph = await _talk.WindowGraphAsync(window, 1, checkpoint, "bad", Stop);
        change(graph["213"]!["inputs"]!);
        await RefusedAsync(graph, because);
    }

    private async Task RefusedAsync(JsonObject graph, string because)
    {
        var failure = (await _client.RunPromptAsync(graph, cancellationToken: Stop)).Failure;
        Assert.Equal(PromptFailureKind.Execution, failure?.Kind);
        Assert.Contains(because, failure!.ExceptionMessage, StringComparison.Ordinal);
    }
}
