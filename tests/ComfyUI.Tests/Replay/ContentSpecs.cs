using System.Text.Json.Nodes;

namespace WanTalk.ComfyUI.Tests.Replay;

/// <summary>What is in messages and answers: pictures, numbers that are none, long texts, files that are only remembered.</summary>
public sealed class ContentSpecs
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a2_preview_frames_legacy")]
    [InlineData("a2_preview_frames_metadata")]
    public async Task Previews_of_both_forms_come_with_their_prompt_and_node(string name)
    {
        await using var server = await ReplayServer.StartAsync(Recording.Load(name));
        using var client = server.NewClient(Patience.Great);
        var replayed = server.Expect(server.First);
        var previews = new List<PreviewMessage>();
        var options = new PromptOptions { Previews = true, OnMessage = message => Collect(message, previews) };

        Assert.True((await client.RunPromptAsync(server.First.GraphCopy(), options, Stop)).Succeeded);

        Assert.Equal(3, previews.Count);
        var expected = (replayed.Id, "10", "image/jpeg");
        Assert.All(previews, preview => Assert.Equal(expected, (preview.PromptId!, preview.Node!, preview.MediaType)));
        Assert.All(previews, preview => Assert.Equal([0xff, 0xd8, 0xff], preview.Picture.Span[..3].ToArray()));
    }

    [Fact]
    public async Task Previews_that_nobody_asked_for_are_dropped()
    {
        await using var server = await ReplayServer.StartAsync(Recording.Load("a2_preview_frames_legacy"));
        using var client = server.NewClient();
        server.Expect(server.First);
        var previews = new List<PreviewMessage>();

        var options = new PromptOptions { OnMessage = message => Collect(message, previews) };
        await client.RunPromptAsync(server.First.GraphCopy(), options, Stop);

        Assert.Empty(previews);
    }

    [Fact]
    public async Task Bare_not_a_number_in_messages_and_history_does_no_harm()
    {
        await using var server = await ReplayServer.StartAsync(Recording.Load("a_success"));
        using var client = server.NewClient(Patience.Great);
        server.Expect(server.First).Spoil = spoiled =>
        {
            foreach (var output in (JsonObject?[])[spoiled["output"] as JsonObject, spoiled["outputs"]?["6"] as JsonObject])
                output?["loudness"] = new JsonArray(Translation.NotANumber, 1);
        };
        var shown = new List<JsonObject?>();
        var options = new PromptOptions { OnMessage = message => shown.Add((message as ExecutedMessage)?.Output) };

        var outcome = await client.RunPromptAsync(server.First.GraphCopy(), options, Stop);

        Assert.Equal("[null,1]", outcome.Outputs["6"]["loudness"]!.ToJsonString());
        Assert.Equal(3, shown.Count(output => output?["loudness"]?.ToJsonString() == "[null,1]"));
    }

    [Fact]
    public async Task A_traceback_and_inputs_of_many_kilobytes_arrive_whole()
    {
        await using var server = await ReplayServer.StartAsync(Recording.Load("d_execution_error"));
        using var client = server.NewClient(Patience.Great);
        server.Expect(server.First).Spoil = spoiled =>
        {
            var error = spoiled["status"]?["messages"] is JsonArray messages ? messages[^1]![1]! : spoiled;
            (error["traceback"] as JsonArray)?.Add(new string('x', 80_000));
        };
        ExecutionErrorMessage? told = null;
        var options = new PromptOptions { OnMessage = message => told ??= message as ExecutionErrorMessage };

        var failure = (await client.RunPromptAsync(server.First.GraphCopy(), options, Stop)).Failure!;

        Assert.Equal(80_000, failure.Traceback[^1].Length);
        Assert.Equal(80_000, told!.Traceback[^1].Length);
        Assert.Equal(9248, ((string)told.Inputs!["image"]![0]!).Length);
        Assert.Equal(["10", "22"], told.Executed);
        Assert.Equal("boom", failure.ExceptionMessage);
    }

    [Fact]
    public async Task Only_files_that_the_cache_remembers_are_looked_for()
    {
        var recording = Recording.Load("b_cached");
        await using var server = await ReplayServer.StartAsync(recording);
        using var client = server.NewClient();

        Assert.Equal(0, await LooksAsync(recording.Prompt("first")));
        Assert.Equal(2, await LooksAsync(recording.Prompt("identical again")));

        async Task<int> LooksAsync(RecordedPrompt prompt)
        {
            server.Expect(prompt);
            Assert.True((await client.RunPromptAsync(prompt.GraphCopy(), cancellationToken: Stop)).Succeeded);
            return server.Files.HeadRequests;
        }
    }

    [Fact]
    public async Task The_socket_is_read_to_its_end_however_slow_the_callback_is()
    {
        var recording = Recording.Load("f_queue");
        await using var server = await ReplayServer.StartAsync(recording);
        using var client = server.NewClient();
        var prompt = recording.Prompt("29f433c4");
        var replayed = server.Expect(prompt);
        // More than any buffer on the way holds.
        var ballast = new string('x', 3 << 20);
        replayed.Spoil = spoiled => spoiled["ballast"] = ballast;
        var options = new PromptOptions { OnMessage = _ => SpinWait.SpinUntil(IsOver) };

        var outcome = await client.RunPromptAsync(prompt.GraphCopy(), options, Stop);

        Assert.Equal("t320", (string)outcome.Outputs["11"]["text"]![0]!);

        bool IsOver() => Stop.IsCancellationRequested || server.State.History(replayed.Id).Count > 0;
    }

    private static void Collect(SocketMessage message, List<PreviewMessage> previews)
    {
        if (message is PreviewMessage preview)
            previews.Add(preview);
    }
}
