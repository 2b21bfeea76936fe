using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using WanTalk.Ports;
using WanTalk.Understudy.Tests.Harness;
using WanTalk.Waiting;

namespace WanTalk.ComfyUI.Tests;

/// <summary>What becomes of a prompt, asked of a real server process over real sockets.</summary>
public sealed class PromptSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly ComfyClientOptions Impatient = UnderstudyProcess.Patient with
    {
        SilenceBeforePolling = TimeSpan.FromMilliseconds(200),
        UnreachableTimeout = TimeSpan.FromSeconds(1),
        RequestTimeout = TimeSpan.FromSeconds(10),
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_prompt_that_succeeds_gives_its_outputs_and_told_of_its_progress()
    {
        await using var engine = await UnderstudyProcess.StartAsync(more: "--probes");
        using var client = engine.NewClient();
        var heard = new List<SocketMessage>();

        var outcome = await client.RunPromptAsync(Probe.Sleep(3, 0.02, 7), new PromptOptions { PromptId = "mine", OnMessage = heard.Add }, Stop);

        Assert.True(outcome.Succeeded);
        Assert.Equal("mine", outcome.PromptId);
        Assert.Equal("t7", outcome.Outputs["11"]["text"]![0]!.ToString());
        Assert.All(heard, message => Assert.Equal("mine", message.PromptId));
        Assert.Contains(heard, message => message is ProgressMessage { Node: "10", Value: 3, Max: 3 });
        Assert.Contains(heard, message => message is ExecutedMessage { Node: "11" });
    }

    [Fact]
    public async Task A_graph_that_the_server_refuses_names_every_fault()
    {
        await using var engine = await UnderstudyProcess.StartAsync(more: "--probes");
        using var client = engine.NewClient();
        var graph = Probe.Sleep(3, 0.02, 7);
        graph["10"]!["inputs"]!["steps"] = 5000;
        graph["10"]!["inputs"]!["mode"] = "turbo";

        var failure = (await client.RunPromptAsync(graph, cancellationToken: Stop)).Failure!;

        Assert.Equal(PromptFailureKind.Validation, failure.Kind);
        Assert.Equal("10", failure.NodeId);
        Assert.Equal(["value_bigger_than_max", "value_not_in_list"], failure.NodeErrors.Select(error => error.Type));
        Assert.Equal(["steps", "mode"], failure.NodeErrors.Select(error => error.InputName));
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public async Task An_unknown_node_class_is_a_refusal_that_names_it()
    {
        await using var engine = await UnderstudyProcess.StartAsync();
        using var client = engine.NewClient();

        var failure = (await client.RunPromptAsync(Probe.Sleep(1, 0, 1), cancellationToken: Stop)).Failure!;

        Assert.Equal(PromptFailureKind.Validation, failure.Kind);
        Assert.Contains("ProbeSleep", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_graph_of_which_a_part_is_dropped_is_refused_and_leaves_nothing_running()
    {
        await using var engine = await UnderstudyProcess.StartAsync(more: "--probes");
        using var client = engine.NewClient();
        var graph = Probe.Sleep(200, 0.05, 7);
        graph["12"] = Probe.Node("ProbeOut", new() { ["image"] = new System.Text.Json.Nodes.JsonArray("99", 0), ["text"] = "bad" });

        var outcome = await client.RunPromptAsync(graph, cancellationToken: Stop);

        Assert.Equal(PromptFailureKind.Validation, outcome.Failure!.Kind);
        Assert.Equal("12", outcome.Failure.NodeId);
        var queue = await client.GetQueueAsync(Stop);
        Assert.Empty(queue.Running.Concat(queue.Pending));
    }

    [Theory]
    [InlineData("ValueError", PromptFailureKind.Execution, "ValueError")]
    [InlineData("OOM", PromptFailureKind.OutOfMemory, "torch.OutOfMemoryError")]
    public async Task A_node_that_raises_is_a_failure_with_its_exception(string kind, PromptFailureKind expected, string type)
    {
        await using var engine = await UnderstudyProcess.StartAsync(more: "--probes");
        using var client = engine.NewClient();

        var failure = (await client.RunPromptAsync(Probe.Raise("boom", kind), cancellationToken: Stop)).Failure!;

        Assert.Equal(expected, failure.Kind);
        Assert.Equal(("20", "ProbeRaise", type), (failure.NodeId, failure.NodeClass, failure.ExceptionType));
        Assert.StartsWith("boom", failure.ExceptionMessage, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public async Task Cancelling_a_running_prompt_interrupts_it_and_leaves_the_next_one_alone()
    {
        await using var engine = await UnderstudyProcess.StartAsync(more: "--probes");
        using var client = engine.NewClient();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = new PromptOptions { PromptId = "first", OnMessage = message => Signal(message, started) };
        var first = client.RunPromptAsync(Probe.Sleep(1000, 0.05, 1), options, cancel.Token);
        await started.Task.WaitAsync(Patience, Stop);
        var second = client.RunPromptAsync(Probe.Sleep(2, 0.01, 2), cancellationToken: Stop);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        var left = await client.GetHistoryAsync("first", Stop);
        Assert.Equal(PromptFailureKind.Interrupted, left!.Failure!.Kind);
        Assert.True((await second).Succeeded);
    }

    [Fact]
    public async Task Cancelling_a_pending_prompt_deletes_it_and_leaves_the_running_one_alone()
    {
        await using var engine = await UnderstudyProcess.StartAsync(more: "--probes");
        using var client = engine.NewClient();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = new PromptOptions { PromptId = "first", OnMessage = message => Signal(message, started) };
        var running = client.RunPromptAsync(Probe.Sleep(1000, 0.1, 1), options, Stop);
        await started.Task.WaitAsync(Patience, Stop);
        var pending = client.RunPromptAsync(Probe.Sleep(1, 0, 2), new PromptOptions { PromptId = "second" }, cancel.Token);
        await UntilAsync(async () => (await client.GetQueueAsync(Stop)).Pending.Contains("second"));

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        Assert.Null(await client.GetHistoryAsync("second", Stop));
        var queue = await client.GetQueueAsync(Stop);
        Assert.Equal(["first"], queue.Running);
        Assert.Empty(queue.Pending);
        Assert.False(running.IsCompleted);

        await client.InterruptAsync("first", Stop);
        Assert.Equal(PromptFailureKind.Interrupted, (await running).Failure!.Kind);
    }

    [Fact]
    public async Task A_prompt_that_someone_else_interrupts_is_a_failure_of_its_own_kind()
    {
        await using var engine = await UnderstudyProcess.StartAsync(more: "--probes");
        using var client = engine.NewClient();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = new PromptOptions { PromptId = "mine", OnMessage = message => Signal(message, started) };
        var run = client.RunPromptAsync(Probe.Sleep(1000, 0.02, 1), options, Stop);
        await started.Task.WaitAsync(Patience, Stop);

        await client.InterruptAsync("mine", Stop);

        Assert.Equal(PromptFailureKind.Interrupted, (await run).Failure!.Kind);
    }

    [Fact]
    public async Task A_server_that_dies_in_the_middle_is_gone()
    {
        await using var engine = await UnderstudyProcess.StartAsync(more: "--probes");
        using var client = engine.NewClient(Impatient);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var run = client.RunPromptAsync(Probe.Sleep(1000, 0.05, 1), new PromptOptions { OnMessage = message => Signal(message, started) }, Stop);
        await started.Task.WaitAsync(Patience, Stop);

        await engine.KillAsync();

        Assert.Equal(PromptFailureKind.ServerGone, (await run).Failure!.Kind);
    }

    [Fact]
    public async Task A_prompt_is_lost_when_the_server_is_started_again()
    {
        await using var engine = await UnderstudyProcess.StartAsync(port: FreePorts.Take(1)[0], more: "--probes");
        using var client = engine.NewClient(Impatient with { UnreachableTimeout = TimeSpan.FromMinutes(1) });
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var run = client.RunPromptAsync(Probe.Sleep(1000, 0.05, 1), new PromptOptions { OnMessage = message => Signal(message, started) }, Stop);
        await started.Task.WaitAsync(Patience, Stop);

        await engine.KillAsync();
        await using var again = await UnderstudyProcess.StartAsync(engine.Folder, engine.Address.Port, "--probes");

        Assert.Equal(PromptFailureKind.Lost, (await run).Failure!.Kind);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_gone_at_once()
    {
        await using var engine = await UnderstudyProcess.StartAsync();
        using var client = engine.NewClient(Impatient);
        await engine.KillAsync();

        Assert.Equal(PromptFailureKind.ServerGone, (await client.RunPromptAsync(Probe.Sleep(1, 0, 1), cancellationToken: Stop)).Failure!.Kind);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_socket_that_is_cut_or_falls_silent_costs_messages_and_not_the_outcome(bool cut)
    {
        await using var engine = await UnderstudyProcess.StartAsync(more: ["--probes", "--faults"]);
        await using var proxy = new CuttingProxy(engine.Address);
        using var client = new ComfyClient(proxy.Address, Impatient);
        using var http = new HttpClient { BaseAddress = engine.Address };
        // Held at its last node: the client must not learn that it is over before it has heard anything, nor before its socket is gone.
        var hold = new { kind = "slow_node", node = "ProbeOut", seconds = 600 };
        (await http.PostAsJsonAsync("/understudy/faults", hold, Stop)).EnsureSuccessStatusCode();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var run = client.RunPromptAsync(Probe.Sleep(3, 0.05, 3), new PromptOptions { OnMessage = message => Signal(message, started) }, Stop);
        await started.Task.WaitAsync(Patience, Stop);

        if (cut)
            proxy.CutSockets();
        else
            proxy.MuteSockets();
        (await http.DeleteAsync("/understudy/faults", Stop)).EnsureSuccessStatusCode();

        Assert.Equal("t3", (await run).Outputs["11"]["text"]![0]!.ToString());
    }

    [Fact]
    public async Task A_callback_that_throws_ends_the_wait_and_withdraws_the_prompt()
    {
        await using var engine = await UnderstudyProcess.StartAsync(more: "--probes");
        using var client = engine.NewClient();
        var options = new PromptOptions { PromptId = "mine", OnMessage = _ => throw new InvalidOperationException("mine") };

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.RunPromptAsync(Probe.Sleep(1000, 0.05, 1), options, Stop));

        await UntilAsync(async () => (await client.GetQueueAsync(Stop)).Running.Count == 0);
    }

    private static void Signal(SocketMessage message, TaskCompletionSource started)
    {
        if (message is ProgressMessage)
            started.TrySetResult();
    }

    private static Task UntilAsync(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Wait.UntilAsync(condition, Patience, what);
}
