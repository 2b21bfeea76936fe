using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using WanTalk.ComfyUI;
using WanTalk.Understudy.Tests.Harness;

namespace WanTalk.Understudy.Tests.Faults;

/// <summary>Faults that were asked for, as the real client meets them.</summary>
public sealed class FaultSpecs : IAsyncLifetime
{
    /// <summary>Looks soon whether a server whose sockets say nothing has finished.</summary>
    private static readonly ComfyClientOptions Watchful = new() { SilenceBeforePolling = TimeSpan.FromMilliseconds(200) };

    private readonly List<SocketMessage> _heard = [];
    private UnderstudyProcess _engine = null!;
    private ComfyClient _client = null!;
    private HttpClient _http = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _engine = await UnderstudyProcess.StartAsync(more: ["--probes", "--faults"]);
        _client = _engine.NewClient();
        _http = new HttpClient { BaseAddress = _engine.Address };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _client.Dispose();
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task An_exception_strikes_the_class_that_it_waits_for_as_often_as_asked_and_no_more()
    {
        await ArmAsync(new() { ["kind"] = "exception", ["node"] = "ProbeOut", ["type"] = "ValueError", ["message"] = "no", ["count"] = 2 });

        for (var i = 0; i < 2; i++)
        {
            var failure = (await RunAsync()).Failure!;
            Assert.Equal(PromptFailureKind.Execution, failure.Kind);
            Assert.Equal(("11", "ProbeOut", "ValueError"), (failure.NodeId, failure.NodeClass, failure.ExceptionType));
        }
        Assert.True((await RunAsync()).Succeeded);
        Assert.Empty(await ArmedAsync());
    }

    [Fact]
    public async Task Memory_that_runs_out_is_told_as_such()
    {
        await ArmAsync(new() { ["kind"] = "out_of_memory", ["node"] = "10" });

        Assert.Equal(PromptFailureKind.OutOfMemory, (await RunAsync()).Failure!.Kind);
        Assert.True((await RunAsync()).Succeeded);
    }

    [Fact]
    public async Task A_slow_node_can_be_interrupted_and_ends_when_faults_are_taken_back()
    {
        await ArmAsync(new() { ["kind"] = "slow_node", ["node"] = "ProbeSleep", ["seconds"] = 600, ["count"] = 2 });
        var slow = RunAsync("slow");
        await BeginsAsync("slow");
        await _client.InterruptAsync("slow", Stop);
        Assert.Equal(PromptFailureKind.Interrupted, (await slow).Failure!.Kind);

        var again = RunAsync("again");
        await BeginsAsync("again");
        await ClearAsync();

        Assert.True((await again).Succeeded);
    }

    [Fact]
    public async Task A_crash_takes_the_process_and_the_client_says_that_the_server_is_gone()
    {
        var time = new FakeTimeProvider();
        using var client = new ComfyClient(_engine.Address, time: time);
        await ArmAsync(new() { ["kind"] = "crash", ["node"] = "ProbeOut" });

        var running = RunAsync(client: client);
        await _engine.EndedAsync();

        Assert.Equal(PromptFailureKind.ServerGone, (await WaitedForAsync(running, time)).Failure!.Kind);
    }

    [Fact]
    public async Task A_prompt_is_finished_though_the_sockets_say_nothing()
    {
        await ArmAsync(new() { ["kind"] = "silent_sockets" });

        using var watchful = _engine.NewClient(Watchful);

        var outcome = await RunAsync(client: watchful);

        Assert.Equal("t1", outcome.Outputs["11"]["text"]![0]!.ToString());
        Assert.Empty(_heard);
        // History has the prompt a moment before it counts as over for the sockets.
        while ((await ArmedAsync()).Count > 0)
            await Task.Delay(20, Stop);
        Assert.True((await RunAsync()).Succeeded);
        Assert.NotEmpty(_heard);
    }

    [Fact]
    public async Task History_that_lags_is_waited_for()
    {
        await ArmAsync(new() { ["kind"] = "stalled_history", ["looks"] = 5 });

        var outcome = await RunAsync("late");

        Assert.True(outcome.Succeeded);
        Assert.Contains("late", (await _http.GetFromJsonAsync<JsonObject>("/history", Stop))!.Select(entry => entry.Key));
    }

    [Fact]
    public async Task What_history_does_not_show_yet_is_still_running_by_the_queue()
    {
        await ArmAsync(new() { ["kind"] = "stalled_history", ["looks"] = 1000 });
        var prompt = new JsonObject { ["prompt"] = Probe.Sleep(1, 0, 1), ["prompt_id"] = "late" };
        (await _http.PostAsJsonAsync("/prompt", prompt, Stop)).EnsureSuccessStatusCode();
        while ((await ArmedAsync()).Count > 0)
            await Task.Delay(20, Stop);

        Assert.Empty((await _http.GetFromJsonAsync<JsonObject>("/history/late", Stop))!);
        var queue = (await _http.GetFromJsonAsync<JsonObject>("/queue", Stop))!;
        Assert.Equal("late", queue["queue_running"]![0]![1]!.ToString());

        await ClearAsync();
        Assert.Single((await _http.GetFromJsonAsync<JsonObject>("/history/late", Stop))!);
        Assert.Empty((await _http.GetFromJsonAsync<JsonObject>("/queue", Stop))!["queue_running"]!.AsArray());
    }

    [Fact]
    public async Task A_server_that_hangs_counts_as_gone_and_lives()
    {
        var time = new FakeTimeProvider();
        using var client = new ComfyClient(_engine.Address, time: time);
        var running = RunAsync("hung", steps: 1000, seconds: 0.1, client: client);
        await BeginsAsync("hung");
        await ArmAsync(new() { ["kind"] = "hang" });

        Assert.Equal(PromptFailureKind.ServerGone, (await WaitedForAsync(running, time)).Failure!.Kind);

        await ClearAsync();
        Assert.Single((await _http.GetFromJsonAsync<JsonObject>("/queue", Stop))!["queue_running"]!.AsArray());
    }

    [Theory]
    [InlineData("""{"kind":"flood"}""", "kind must be one of slow_node,")]
    [InlineData("""{"kind":"slow_node"}""", "needs seconds")]
    [InlineData("""{"kind":"exception","window":1}""", "know windows")]
    [InlineData("""{"kind":"crash","count":0}""", "at least 1")]
    [InlineData("""{"kind":"crash","window":"one"}""", "whole numbers")]
    [InlineData("[]", "object")]
    public async Task A_fault_that_makes_no_sense_is_refused_in_one_line(string asked, string complaint)
    {
        var response = await _http.PostAsync("/understudy/faults", new StringContent(asked), Stop);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var said = (string)(await response.Content.ReadFromJsonAsync<JsonObject>(Stop))!["error"]!;
        Assert.Contains(complaint, said, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said);
        Assert.Empty(await ArmedAsync());
    }

    [Fact]
    public async Task Without_the_switch_there_are_no_faults()
    {
        await using var plain = await UnderstudyProcess.StartAsync(more: "--probes");
        using var http = new HttpClient { BaseAddress = plain.Address };

        var response = await http.PostAsJsonAsync("/understudy/faults", new JsonObject { ["kind"] = "crash" }, Stop);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/understudy/faults", Stop)).StatusCode);
    }

    private Task<PromptOutcome> RunAsync(string? id = null, int steps = 1, double seconds = 0, ComfyClient? client = null)
    {
        var options = new PromptOptions { PromptId = id, OnMessage = Hear };
        return (client ?? _client).RunPromptAsync(Probe.Sleep(steps, seconds, 1), options, Stop);
    }

    /// <summary>
    /// Lets a client's time pass until it has given up. Before that it stands still: a server that is only slow is not given up.
    /// </summary>
    private static async Task<PromptOutcome> WaitedForAsync(Task<PromptOutcome> running, FakeTimeProvider time)
    {
        while (!running.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, Stop);
        }
        return await running;
    }

    private void Hear(SocketMessage message)
    {
        lock (_heard)
            _heard.Add(message);
    }

    private async Task BeginsAsync(string prompt)
    {
        while (!Began())
            await Task.Delay(20, Stop);

        bool Began()
        {
            lock (_heard)
                return _heard.Exists(message => message is ExecutingMessage { Node: "10" } begun && begun.Prompt == prompt);
        }
    }

    private async Task ArmAsync(JsonObject fault) =>
        (await _http.PostAsJsonAsync("/understudy/faults", fault, Stop)).EnsureSuccessStatusCode();

    private async Task ClearAsync() => (await _http.DeleteAsync("/understudy/faults", Stop)).EnsureSuccessStatusCode();

    private async Task<JsonArray> ArmedAsync() =>
        (await _http.GetFromJsonAsync<JsonObject>("/understudy/faults", Stop))!["faults"]!.AsArray();
}
