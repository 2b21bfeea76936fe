using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using WanTalk.Ports;
using WanTalk.Waiting;

namespace WanTalk.ComfyUI.Tests.Replay;

/// <summary>What the real server was seen to do at the wrong moment, staged: late, lost, silent, confused and killed.</summary>
public sealed class RaceSpecs
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task History_that_lags_behind_the_end_is_waited_for()
    {
        await using var server = await ReplayServer.StartAsync(Recording.Load("a_success"));
        using var client = server.NewClient();
        server.Expect(server.First).HistoryLag = 3;

        var outcome = await client.RunPromptAsync(server.First.GraphCopy(), cancellationToken: Stop);

        Assert.Equal("a_00001_.png", Assert.Single(outcome.Files("4")).Filename);
        Assert.Equal(3, server.State.EmptyAnswers);
    }

    [Fact]
    public async Task An_interrupt_that_is_lost_is_repeated_until_the_prompt_is_seen_to_be_over()
    {
        var recording = Recording.Load("e_interrupt");
        await using var server = await ReplayServer.StartAsync(recording);
        using var client = server.NewClient();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var prompt = recording.Prompt("interrupt with the running prompt_id");
        var replayed = server.Expect(prompt);
        replayed.LostInterrupts = 2;
        var run = client.RunPromptAsync(prompt.GraphCopy(), cancellationToken: cancel.Token);
        await replayed.ReachedAsync(Stop);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.True(replayed.Interrupts >= 3);
        Assert.Empty(server.State.Running);
        Assert.Equal(PromptFailureKind.Interrupted, (await client.GetHistoryAsync(replayed.Id, Stop))!.Failure!.Kind);
    }

    [Fact]
    public async Task Prompts_that_a_killed_server_had_are_lost_as_soon_as_it_is_back()
    {
        var recording = Recording.Load("j_kill_restart");
        await using var server = await ReplayServer.StartAsync(recording, FreePorts.Take(1)[0]);
        using var client = server.NewClient();
        var (running, pending) = (recording.Prompt("17f28394"), recording.Prompt("bf5c58e5"));
        var played = server.Expect(running);
        var first = client.RunPromptAsync(running.GraphCopy(), cancellationToken: Stop);
        await played.ReachedAsync(Stop);
        var waiting = server.Expect(pending, ReplayHold.Pending);
        var second = client.RunPromptAsync(pending.GraphCopy(), cancellationToken: Stop);
        await waiting.ReachedAsync(Stop);

        await server.KillAsync();
        await server.StartAgainAsync();

        Assert.Equal(PromptFailureKind.Lost, (await first).Failure!.Kind);
        Assert.Equal(PromptFailureKind.Lost, (await second).Failure!.Kind);
        var again = recording.Prompt("same prompt as before the kill");
        server.Expect(again);
        Assert.True((await client.RunPromptAsync(again.GraphCopy(), cancellationToken: Stop)).Succeeded);
    }

    [Fact]
    public async Task A_server_that_is_killed_and_stays_away_is_gone()
    {
        var recording = Recording.Load("j_kill_restart");
        await using var server = await ReplayServer.StartAsync(recording);
        using var client = server.NewClient(Patience.Little with { UnreachableTimeout = TimeSpan.FromSeconds(1) });
        var running = recording.Prompt("3079dc8c");
        var played = server.Expect(running);
        var run = client.RunPromptAsync(running.GraphCopy(), cancellationToken: Stop);
        await played.ReachedAsync(Stop);

        await server.KillAsync();

        Assert.Equal(PromptFailureKind.ServerGone, (await run).Failure!.Kind);
    }

    [Fact]
    public async Task Messages_that_another_client_holds_up_are_not_waited_for()
    {
        var recording = Recording.Load("n_stalled_reader");
        await using var server = await ReplayServer.StartAsync(recording);
        using var client = server.NewClient();
        var prompt = recording.Prompt("client-y's own prompt");
        server.Expect(prompt, ReplayHold.Told);

        var outcome = await client.RunPromptAsync(prompt.GraphCopy(), cancellationToken: Stop);

        Assert.Equal("t700", (string)outcome.Outputs["11"]["text"]![0]!);
    }

    [Fact]
    public async Task A_socket_that_is_lost_is_replaced_under_another_id_and_the_prompt_goes_on()
    {
        await using var server = await ReplayServer.StartAsync(Recording.Load("i1_reconnect_midrun"));
        using var client = server.NewClient();
        server.TellsNodeOnly = true;
        var replayed = server.Expect(server.First, ReplayHold.Running);
        var run = client.RunPromptAsync(server.First.GraphCopy(), cancellationToken: Stop);
        await replayed.ReachedAsync(Stop);

        server.State.AbortSockets();
        await UntilAsync(() => server.ClientIds.Count > 1);
        replayed.Release();

        Assert.Equal("t401", (string)(await run).Outputs["11"]["text"]![0]!);
        Assert.Equal(server.ClientIds.Count, server.ClientIds.Distinct().Count());
    }

    [Fact]
    public async Task A_socket_whose_id_another_took_is_not_waited_for()
    {
        await using var server = await ReplayServer.StartAsync(Recording.Load("i2_second_socket_same_id"));
        using var client = server.NewClient();
        var replayed = server.Expect(server.First, ReplayHold.Running);
        var run = client.RunPromptAsync(server.First.GraphCopy(), cancellationToken: Stop);
        await replayed.ReachedAsync(Stop);
        using var thief = new ClientWebSocket();
        await thief.ConnectAsync(new Uri($"ws://127.0.0.1:{server.Address.Port}/ws?clientId={replayed.ClientId}"), Stop);

        replayed.Release();

        Assert.Equal("t411", (string)(await run).Outputs["11"]["text"]![0]!);
    }

    [Fact]
    public async Task What_is_told_of_others_prompts_is_not_taken_for_ones_own()
    {
        var recording = Recording.Load("i3_no_client_id");
        await using var server = await ReplayServer.StartAsync(recording);
        using var client = server.NewClient();
        var prompt = recording.Prompt("client_id inside extra_data");
        var replayed = server.Expect(prompt, ReplayHold.Running);
        var heard = new List<SocketMessage>();
        var run = client.RunPromptAsync(prompt.GraphCopy(), new PromptOptions { OnMessage = heard.Add }, Stop);
        await replayed.ReachedAsync(Stop);

        await server.State.BroadcastAsync(recording.Prompts[0].Frames, Stop);
        await server.State.BroadcastAsync(Recording.Load("e_interrupt").Prompt("efcabf9d").Frames, Stop);
        replayed.Release();

        Assert.True((await run).Succeeded);
        Assert.All(heard, message => Assert.Equal(replayed.Id, message.PromptId));
        Assert.DoesNotContain(heard, message => message is ExecutionInterruptedMessage);
    }

    [Fact]
    public async Task A_prompt_that_begins_without_any_socket_is_followed_by_asking()
    {
        await using var server = await ReplayServer.StartAsync(Recording.Load("i4_late_connect"));
        using var client = server.NewClient();
        (server.RefusesSockets, server.TellsNodeOnly) = (true, true);
        var replayed = server.Expect(server.First, ReplayHold.Running);
        var run = client.RunPromptAsync(server.First.GraphCopy(), cancellationToken: Stop);
        await replayed.ReachedAsync(Stop);

        server.RefusesSockets = false;
        await UntilAsync(() => server.ClientIds.Count > 0);
        replayed.Release();

        Assert.Equal("t431", (string)(await run).Outputs["11"]["text"]![0]!);
    }

    [Fact]
    public async Task A_pending_prompt_that_is_cancelled_is_deleted_and_the_running_one_left_alone()
    {
        var recording = Recording.Load("f_queue");
        await using var server = await ReplayServer.StartAsync(recording);
        using var client = server.NewClient();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var (running, pending) = (recording.Prompt("d9c60668"), recording.Prompt("5ac27618"));
        var played = server.Expect(running, ReplayHold.Running);
        var first = client.RunPromptAsync(running.GraphCopy(), cancellationToken: Stop);
        await played.ReachedAsync(Stop);
        var waiting = server.Expect(pending, ReplayHold.Pending);
        var second = client.RunPromptAsync(pending.GraphCopy(), cancellationToken: cancel.Token);
        await waiting.ReachedAsync(Stop);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Empty(server.State.Pending);
        Assert.DoesNotContain("POST /interrupt", server.Requests);
        played.Release();
        Assert.True((await first).Succeeded);
    }

    [Fact]
    public async Task A_pending_prompt_that_somebody_deletes_is_lost_though_nobody_says_so()
    {
        var recording = Recording.Load("f_queue");
        await using var server = await ReplayServer.StartAsync(recording);
        using var client = server.NewClient();
        var prompt = recording.Prompt("21417022");
        var waiting = server.Expect(prompt, ReplayHold.Pending);
        var run = client.RunPromptAsync(prompt.GraphCopy(), cancellationToken: Stop);
        await waiting.ReachedAsync(Stop);

        server.State.DeletePending();

        Assert.Equal(PromptFailureKind.Lost, (await run).Failure!.Kind);
    }

    [Theory]
    [InlineData("c_validation", "one good output and one bad", ReplayHold.Pending)]
    [InlineData("c_validation", "one good output and one bad", ReplayHold.Running)]
    [InlineData("c2_infinitetalk_graph", "inputs present, no models", ReplayHold.Pending)]
    public async Task A_prompt_that_is_accepted_in_part_is_refused_and_taken_back(string name, string title, ReplayHold hold)
    {
        var recording = Recording.Load(name);
        await using var server = await ReplayServer.StartAsync(recording);
        using var client = server.NewClient();
        var prompt = recording.Prompt(title);
        server.Expect(prompt, hold);

        var outcome = await client.RunPromptAsync(prompt.GraphCopy(), cancellationToken: Stop);

        Assert.Equal(PromptFailureKind.Validation, outcome.Failure!.Kind);
        var faulty = prompt.Exchange.Answer["json"]!["node_errors"]!.AsObject().Select(node => node.Key);
        Assert.Equal(faulty.Order(), outcome.Failure.NodeErrors.Select(error => error.NodeId).Order());
        Assert.Empty(server.State.Pending.Concat(server.State.Running));
    }

    private static Task UntilAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Wait.UntilAsync(() => Task.FromResult(condition()), Longest, what);
}
