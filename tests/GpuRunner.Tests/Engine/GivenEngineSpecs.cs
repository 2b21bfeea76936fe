using System.Net.Http.Json;
using WanTalk.ComfyUI;
using WanTalk.Core.Errors;
using WanTalk.GpuRunner.Engine.Supervision;
using WanTalk.GpuRunner.Processes;
using WanTalk.GpuRunner.Tests.Support;
using WanTalk.Ports;

namespace WanTalk.GpuRunner.Tests.Engine;

/// <summary>An engine that was given by its address is looked at and cleared of our old prompts, and neither started nor stopped.</summary>
public sealed class GivenEngineSpecs : IAsyncLifetime
{
    private const string OfAnotherHome = "wantalk-000000000000-theirs";
    private readonly EngineBench _bench = new();
    private readonly int _port = FreePorts.Take(1)[0];
    private ChildProcess? _engine;

    private Uri Address => new($"http://127.0.0.1:{_port}/");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }

        await _bench.DisposeAsync();
    }

    [Fact]
    public async Task One_that_is_not_there_is_named_and_used_once_it_comes()
    {
        await _bench.StartAsync(Address);
        var failure = await Assert.ThrowsAsync<TalkException>(() => _bench.Supervisor.GetAddressAsync(EngineBench.Cancellation));
        Assert.Equal(ErrorCode.EngineUnavailable, failure.Error.Code);
        Assert.Contains($"127.0.0.1:{_port}", failure.Error.Message, StringComparison.Ordinal);
        Assert.Equal(EngineState.Unreachable, _bench.Status.State);

        await StartEngineAsync();
        await EngineBench.UntilAsync(() => _bench.Status.State == EngineState.Answering);
        Assert.Equal(Address, await _bench.Supervisor.GetAddressAsync(EngineBench.Cancellation));
        Assert.Equal(0, _bench.Status.Deaths);
    }

    [Fact]
    public async Task One_that_comes_later_is_cleared_of_our_old_prompts_before_anyone_may_use_it()
    {
        // No turn comes by itself after the first look, and the second has to see the engine, however slow that is to answer.
        _bench.Options = _bench.Options with { LookSeconds = 300, LookTimeoutSeconds = 50 };
        await _bench.StartAsync(Address);
        await EngineBench.UntilAsync(() => _bench.Status.State == EngineState.Unreachable);
        await StartEngineAsync();
        using var client = new ComfyClient(Address);
        await SubmitAsync($"{_bench.Mark}running", $"{_bench.Mark}pending", OfAnotherHome);

        await _bench.Supervisor.GetAddressAsync(EngineBench.Cancellation);

        var queue = await client.GetQueueAsync(EngineBench.Cancellation);
        Assert.Equal([OfAnotherHome], queue.Running.Concat(queue.Pending));
        Assert.Null(await client.GetHistoryAsync($"{_bench.Mark}pending", EngineBench.Cancellation));
    }

    [Fact]
    public async Task One_that_falls_silent_is_unreachable_after_several_looks_and_lives_on_when_the_runner_ends()
    {
        _bench.Options = _bench.Options with { LookTimeoutSeconds = 1 };
        await StartEngineAsync();
        await _bench.StartAsync(Address);
        await EngineBench.UntilAsync(() => _bench.Status.State == EngineState.Answering);

        EngineBench.Signal("STOP", _engine!.Id);
        await EngineBench.UntilAsync(() => _bench.Status.State == EngineState.Unreachable);
        EngineBench.Signal("CONT", _engine.Id);
        await EngineBench.UntilAsync(() => _bench.Status.State == EngineState.Answering);
        await _bench.StopAsync();

        using var client = new ComfyClient(Address);
        Assert.NotEmpty((await client.GetSystemStatsAsync(EngineBench.Cancellation)).Devices);
    }

    private async Task StartEngineAsync()
    {
        var listens = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _engine = ChildProcess.Start(
            new ChildCommand([.. _bench.Understudy("--probes").Select(word => word.Replace("{port}", $"{_port}", StringComparison.Ordinal))]),
            line =>
            {
                if (line.Contains("listening on", StringComparison.Ordinal))
                {
                    listens.TrySetResult();
                }
            });
        var ended = _engine.WaitForExitAsync(EngineBench.Cancellation);
        Assert.Same(listens.Task, await Task.WhenAny(listens.Task, ended).WaitAsync(TimeSpan.FromSeconds(60), EngineBench.Cancellation));
    }

    /// <summary>Queues prompts that take minutes; returns when the first one runs.</summary>
    private async Task SubmitAsync(params string[] ids)
    {
        using var http = new HttpClient { BaseAddress = Address };
        for (var at = 0; at < ids.Length; at++)
        {
            var prompt = new Dictionary<string, object>
            {
                ["1"] = new { class_type = "ProbeSleep", inputs = new { steps = 1000, seconds = 0.1, seed = at, mode = "progress" } },
                ["2"] = new { class_type = "ProbeOut", inputs = new { image = (object[])["1", 0], text = "" } },
            };
            using var answer = await http.PostAsJsonAsync(
                new Uri("prompt", UriKind.Relative), new { prompt, prompt_id = ids[at], client_id = "earlier" }, EngineBench.Cancellation);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(EngineBench.Cancellation));
        }

        using var client = new ComfyClient(Address);
        await LaneBench.UntilAsync(async () => (await client.GetQueueAsync(EngineBench.Cancellation)).Running.Contains(ids[0]));
    }
}
