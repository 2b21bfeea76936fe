using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using WanTalk.Core.Errors;
using WanTalk.Core.Orchestration;

namespace WanTalk.Local.Tests.Durable;

public sealed class ActivitySpecs
{
    private static readonly ActivityRetryPolicy ThreeTimes = new(3, TimeSpan.FromSeconds(10), 2, TimeSpan.FromSeconds(15));

    [Fact]
    public async Task A_chain_of_a_hundred_activities_gives_each_the_result_of_the_one_before()
    {
        await using var host = new DurableHost();
        host.Registry
            .AddActivity<int, int>("add_one", (n, _) => Task.FromResult(n + 1))
            .AddOrchestrator<int, int>("chain", async (context, n) =>
            {
                for (var i = 0; i < 100; i++)
                    n = await context.CallActivityAsync<int>("add_one", n);
                return n;
            });
        await host.StartAsync();
        await host.ScheduleAsync("chain", "c", 5);
        Assert.Equal(105, await host.OutputOfAsync<int>("c"));
    }

    [Fact]
    public async Task A_fan_runs_side_by_side_up_to_the_limit_and_its_results_come_in_the_order_of_the_calls()
    {
        var together = new CountdownEvent(3);
        var now = 0;
        var most = 0;
        await using var host = new DurableHost(configure: options => options with { MaxConcurrentActivities = 3 });
        host.Registry
            .AddActivity<int, int>("square", async (n, cancellation) =>
            {
                InterlockedMax(ref most, Interlocked.Increment(ref now));
                if (n < 3)
                    together.Signal();
                await Task.Run(() => together.Wait(cancellation), cancellation);
                Interlocked.Decrement(ref now);
                return n * n;
            })
            .AddOrchestrator<int, int[]>("fan", (context, count) =>
                Task.WhenAll(Enumerable.Range(0, count).Select(n => context.CallActivityAsync<int>("square", n))));
        await host.StartAsync();
        await host.ScheduleAsync("fan", "f", 9);
        Assert.Equal([0, 1, 4, 9, 16, 25, 36, 49, 64], await host.OutputOfAsync<List<int>>("f"));
        Assert.Equal(3, most);
    }

    [Fact]
    public async Task An_exception_reaches_the_orchestrator_with_its_type_and_message()
    {
        await using var host = new DurableHost();
        host.Registry
            .AddActivity<int, int>("fail", (_, _) => throw new TalkException(ErrorCode.DiskFull, "no room"))
            .AddOrchestrator<int, string[]>("catching", async (context, _) =>
            {
                try
                {
                    await context.CallActivityAsync<int>("fail");
                    return [];
                }
                catch (OrchestrationTaskFailedException e)
                {
                    return [e.TaskName, e.ErrorType, e.ErrorMessage];
                }
            })
            .AddOrchestrator<int, int>("not_catching", async (context, _) => await context.CallActivityAsync<int>("fail"));
        await host.StartAsync();
        await host.ScheduleAsync("catching", "a");
        await host.ScheduleAsync("not_catching", "b");
        Assert.Equal(["fail", typeof(TalkException).FullName!, "disk_full: no room"], await host.OutputOfAsync<List<string>>("a"));
        Assert.Equal("fail failed: disk_full: no room", await host.FailureOfAsync("b"));
    }

    [Fact]
    public async Task A_retry_policy_waits_longer_each_time_on_the_orchestrations_clock_and_gives_up_after_the_last_attempt()
    {
        var clock = new FakeTimeProvider();
        var attempts = new List<DateTimeOffset>();
        var started = clock.GetUtcNow();
        await using var host = new DurableHost(clock);
        host.Registry
            .AddActivity<int, int>("fail", (_, _) =>
            {
                lock (attempts)
                    attempts.Add(clock.GetUtcNow());
                throw new InvalidOperationException($"attempt {attempts.Count}");
            })
            .AddOrchestrator<int, int>("trying", async (context, _) => await context.CallActivityAsync<int>("fail", null, ThreeTimes));
        await host.StartAsync();
        await host.ScheduleAsync("trying", "t");
        foreach (var (attempt, wait) in new[] { (1, 10), (2, 15) })
        {
            await DurableHost.UntilAsync(() => Task.FromResult(attempts.Count == attempt && host.Count("timers") == 1));
            clock.Advance(TimeSpan.FromSeconds(wait));
        }
        Assert.Equal("fail failed: attempt 3", await host.FailureOfAsync("t"));
        Assert.Equal([0.0, 10, 25], attempts.Select(at => (at - started).TotalSeconds));
    }

    [Fact]
    public async Task An_attempt_that_succeeds_ends_the_retries()
    {
        var attempts = 0;
        await using var host = new DurableHost();
        host.Registry
            .AddActivity<int, int>("shaky", (_, _) =>
                Interlocked.Increment(ref attempts) < 3 ? throw new IOException("no") : Task.FromResult(7))
            .AddOrchestrator<int, int>("trying", async (context, _) =>
                await context.CallActivityAsync<int>("shaky", null, new ActivityRetryPolicy(5, TimeSpan.Zero, 1, TimeSpan.Zero)));
        await host.StartAsync();
        await host.ScheduleAsync("trying", "t");
        Assert.Equal(7, await host.OutputOfAsync<int>("t"));
        Assert.Equal(3, attempts);
    }

    [Fact]
    public async Task An_activity_that_nobody_registered_fails_its_instance_at_once_and_no_other()
    {
        await using var host = new DurableHost(new FakeTimeProvider());
        host.Registry
            .AddActivity<int, int>("known", (n, _) => Task.FromResult(n))
            .AddOrchestrator<string, int>("calling", async (context, name) => await context.CallActivityAsync<int>(name, 1, ThreeTimes));
        await host.StartAsync();
        await host.ScheduleAsync("calling", "a", "missing");
        await host.ScheduleAsync("calling", "b", "known");
        Assert.Equal("missing failed: internal: No activity named 'missing' is registered in this host.", await host.FailureOfAsync("a"));
        Assert.Equal(1, await host.OutputOfAsync<int>("b"));
    }

    [Fact]
    public async Task A_result_of_another_type_than_the_caller_expects_fails_the_orchestration()
    {
        await using var host = new DurableHost();
        host.Registry
            .AddActivity<int, string>("text", (_, _) => Task.FromResult("not a number"))
            .AddOrchestrator<int, int>("calling", async (context, _) => await context.CallActivityAsync<int>("text"));
        await host.StartAsync();
        await host.ScheduleAsync("calling", "a");
        Assert.Contains("JSON value could not be converted", await host.FailureOfAsync("a"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_too_deep_for_the_history_fails_where_it_is_handed_over_and_a_deep_one_passes()
    {
        await using var host = new DurableHost();
        host.Registry
            .AddActivity<int, JsonElement>("nest", (depth, _) => Task.FromResult(Nested(depth)))
            .AddOrchestrator<int, JsonElement>("nesting", async (context, depth) =>
                await context.CallActivityAsync<JsonElement>("nest", depth, new ActivityRetryPolicy(2, TimeSpan.Zero, 1, TimeSpan.Zero)));
        await host.StartAsync();
        await host.ScheduleAsync("nesting", "deep", 56);
        await host.ScheduleAsync("nesting", "too deep", 57);
        Assert.Equal(Nested(56).GetRawText(), (await host.OutputOfAsync<JsonElement>("deep")).GetRawText());
        Assert.StartsWith("nest failed: ", await host.FailureOfAsync("too deep"), StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<Exception>(() => host.ScheduleAsync("nesting", "b", Nested(57)));
        Assert.Empty(host.Faults);
    }

    [Fact]
    public async Task An_activity_that_the_stop_of_the_host_interrupts_runs_again_at_the_next_start()
    {
        var started = new SemaphoreSlim(0);
        var runs = 0;
        await using var host = new DurableHost();
        host.Registry
            .AddActivity<int, int>("slow", async (n, cancellation) =>
            {
                var run = Interlocked.Increment(ref runs);
                started.Release();
                if (run == 1)
                    await Task.Delay(Timeout.Infinite, cancellation);
                return n * 2;
            })
            .AddOrchestrator<int, int>("calling", async (context, n) => await context.CallActivityAsync<int>("slow", n));
        await host.StartAsync();
        await host.ScheduleAsync("calling", "a", 21);
        await started.WaitAsync(DurableHost.Cancellation);
        await host.RestartAsync();
        Assert.Equal(42, await host.OutputOfAsync<int>("a"));
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task Terminating_an_instance_cancels_the_activities_that_run_for_it()
    {
        var started = new SemaphoreSlim(0);
        var cancelled = new TaskCompletionSource();
        await using var host = new DurableHost();
        host.Registry
            .AddActivity<int, int>("slow", async (n, cancellation) =>
            {
                started.Release();
                using var registration = cancellation.Register(() => cancelled.TrySetResult());
                await Task.Delay(Timeout.Infinite, cancellation);
                return n;
            })
            .AddOrchestrator<int, int>("calling", async (context, n) => await context.CallActivityAsync<int>("slow", n));
        await host.StartAsync();
        await host.ScheduleAsync("calling", "a", 21);
        await started.WaitAsync(DurableHost.Cancellation);
        await host.Client.TerminateInstanceAsync("a", "enough", DurableHost.Cancellation);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), DurableHost.Cancellation);
        Assert.Equal(0, host.Count("activities"));
    }

    private static JsonElement Nested(int depth) =>
        JsonDocument.Parse(new string('[', depth) + new string(']', depth), new JsonDocumentOptions { MaxDepth = 100 }).RootElement;

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen;)
        {
            var before = Interlocked.CompareExchange(ref most, value, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }
}
