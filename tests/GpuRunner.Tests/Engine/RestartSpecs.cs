using WanTalk.ComfyUI;
using WanTalk.Core.Errors;
using WanTalk.GpuRunner.Engine.Supervision;
using WanTalk.GpuRunner.Tests.Support;

namespace WanTalk.GpuRunner.Tests.Engine;

/// <summary>An engine that dies or hangs is replaced, and one that cannot live is given up with its last words.</summary>
public sealed class RestartSpecs
{
    [Fact]
    public async Task An_engine_that_is_killed_is_replaced_by_one_that_answers()
    {
        await using var bench = new EngineBench();
        // A death is also a silence; on a busy machine the silence may be seen first.
        bench.Options = bench.Options with { LooksMissed = 1000 };
        await bench.StartAsync(bench.Understudy());
        await AnswersAsync(await bench.Supervisor.GetAddressAsync(EngineBench.Cancellation));
        // What it prints may come later than its answers.
        await EngineBench.UntilAsync(() => bench.Log.Contains("listening on", StringComparison.Ordinal));
        await EngineBench.UntilAsync(() => bench.Status.RecentLines.Any(line => line.Contains("listening on", StringComparison.Ordinal)));

        EngineBench.Signal("KILL", Assert.Single(bench.Processes));
        await EngineBench.UntilAsync(() => bench.Status is { Deaths: 1, State: EngineState.Answering });

        await AnswersAsync(await bench.Supervisor.GetAddressAsync(EngineBench.Cancellation));
        Assert.Contains("signal 9", bench.Status.LastReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_is_restarted_by_will_is_another_process_and_has_not_died()
    {
        await using var bench = new EngineBench();
        await bench.StartAsync(bench.Understudy());
        await bench.Supervisor.GetAddressAsync(EngineBench.Cancellation);
        var before = Assert.Single(bench.Processes);

        await bench.Supervisor.RestartAsync(EngineBench.Cancellation);

        await AnswersAsync(await bench.Supervisor.GetAddressAsync(EngineBench.Cancellation));
        Assert.NotEqual(before, Assert.Single(bench.Processes));
        Assert.Equal(0, bench.Status.Deaths);
    }

    [Fact]
    public async Task An_engine_that_hangs_while_its_process_lives_is_killed_and_replaced()
    {
        // Three looks of five seconds: on a busy machine an engine that does not hang may be silent for some seconds.
        await using var bench = new EngineBench();
        await bench.StartAsync(bench.Understudy());
        await bench.Supervisor.GetAddressAsync(EngineBench.Cancellation);
        var hung = Assert.Single(bench.Processes);

        EngineBench.Signal("STOP", hung);
        await EngineBench.UntilAsync(() => bench.Status.Deaths == 1);

        Assert.False(EngineBench.IsAlive(hung));
        Assert.Contains("stopped answering while its process lived", bench.Status.LastReason, StringComparison.Ordinal);
        await AnswersAsync(await bench.Supervisor.GetAddressAsync(EngineBench.Cancellation));
    }

    [Fact]
    public async Task An_engine_that_cannot_start_is_given_up_with_its_last_words_and_comes_back_once_it_is_repaired()
    {
        await using var bench = new EngineBench();
        await bench.StartAsync(bench.Script($"""
            if [[ ! -e repaired ]]; then
              echo 'Traceback (most recent call last):' >&2
              echo '  File "main.py", line 7, in <module>' >&2
              echo "ModuleNotFoundError: No module named 'torch'" >&2
              exit 3
            fi
            exec dotnet '{EngineBench.ProgramOf("Understudy")}' --port "$1" --dir engine
            """));

        // Whoever waits while it dies for the last time, and whoever comes later, is told the same.
        var waiting = await Assert.ThrowsAsync<TalkException>(() => bench.Supervisor.GetAddressAsync(EngineBench.Cancellation));
        Assert.Equal(EngineState.GivenUp, bench.Status.State);
        var later = bench.Supervisor.GetAddressAsync(EngineBench.Cancellation);
        Assert.True(later.IsFaulted);
        foreach (var error in (TalkError[])[waiting.Error, (await Assert.ThrowsAsync<TalkException>(() => later)).Error])
        {
            Assert.Equal(ErrorCode.EngineUnavailable, error.Code);
            Assert.Contains("exit code 3: ModuleNotFoundError: No module named 'torch'", error.Message, StringComparison.Ordinal);
            Assert.Contains("logs/comfyui.log", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', error.Message);
        }

        await File.WriteAllTextAsync(bench.PathOf("repaired"), "", EngineBench.Cancellation);
        await EngineBench.UntilAsync(() => bench.Status.State == EngineState.Answering);
        await AnswersAsync(await bench.Supervisor.GetAddressAsync(EngineBench.Cancellation));
    }

    [Fact]
    public async Task Deaths_of_engines_that_had_answered_long_enough_do_not_add_up()
    {
        await using var bench = new EngineBench();
        bench.Options = bench.Options with { DeathsUntilGivenUp = 2, StableSeconds = 0 };
        await bench.StartAsync(bench.Understudy());
        for (var death = 1; death <= 3; death++)
        {
            await bench.Supervisor.GetAddressAsync(EngineBench.Cancellation);
            EngineBench.Signal("KILL", Assert.Single(bench.Processes));
            await EngineBench.UntilAsync(() => bench.Status.Deaths == death);
        }

        await bench.Supervisor.GetAddressAsync(EngineBench.Cancellation);
    }

    [Fact]
    public async Task A_start_that_never_answers_is_ended_and_counts_as_a_death()
    {
        await using var bench = new EngineBench();
        bench.Options = bench.Options with { StartSeconds = 0.3 };
        await bench.StartAsync(bench.Script("echo loading; exec sleep 1000"));

        // On a busy machine a start may be over before its script has printed anything; it is tried again and again.
        await EngineBench.UntilAsync(() => bench.Status is { State: EngineState.GivenUp, LastReason: { } reason }
            && reason.Contains("did not answer within 0.3 s of its start (nothing answered): loading", StringComparison.Ordinal));

        var failure = await Assert.ThrowsAsync<TalkException>(() => bench.Supervisor.GetAddressAsync(EngineBench.Cancellation));
        Assert.Equal(ErrorCode.EngineUnavailable, failure.Error.Code);
        Assert.Contains("did not answer within 0.3 s of its start (nothing answered)", failure.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_given_port_on_which_somebody_else_listens_is_named_and_used_once_it_is_free()
    {
        await using var bench = new EngineBench();
        using var stranger = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        stranger.Start();
        var port = ((System.Net.IPEndPoint)stranger.LocalEndpoint).Port;
        bench.Options = bench.Options with { Port = port };
        await bench.StartAsync(bench.Understudy());

        var failure = await Assert.ThrowsAsync<TalkException>(() => bench.Supervisor.GetAddressAsync(EngineBench.Cancellation));
        Assert.Contains($"port {port} cannot be used", failure.Error.Message, StringComparison.Ordinal);

        stranger.Stop();
        await EngineBench.UntilAsync(() => bench.Status.State == EngineState.Answering);
        Assert.Equal(port, bench.Status.Address!.Port);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        await using var bench = new EngineBench();
        await bench.StartAsync(["no-such-python", "main.py", "{port}"]);
        var failure = await Assert.ThrowsAsync<TalkException>(() => bench.Supervisor.GetAddressAsync(EngineBench.Cancellation));
        Assert.Contains("no-such-python", failure.Error.Message, StringComparison.Ordinal);
    }

    private static async Task AnswersAsync(Uri address)
    {
        using var client = new ComfyClient(address);
        Assert.NotEmpty((await client.GetSystemStatsAsync(EngineBench.Cancellation)).Devices);
    }
}
