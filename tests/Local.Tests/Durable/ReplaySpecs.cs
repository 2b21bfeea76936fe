using Microsoft.Extensions.Time.Testing;
using WanTalk.Core.Orchestration;

namespace WanTalk.Local.Tests.Durable;

public sealed class ReplaySpecs
{
    private static readonly TimeSpan AWhile = TimeSpan.FromSeconds(1);

    private delegate Task<string> Code(IOrchestrationContext context, int input);

    [Fact]
    public async Task Identifiers_and_times_are_the_same_in_every_replay_and_only_the_newest_turn_is_not_a_replay()
    {
        var seen = new List<(int Step, Guid Id, DateTime Time)>();
        var replays = new List<string>();
        var clock = new FakeTimeProvider();
        await using var host = new DurableHost(clock);
        host.Registry
            .AddActivity<int, int>("tick", (n, _) =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(n);
            })
            .AddOrchestrator<int, int>("watching", async (context, _) =>
            {
                var turn = new List<bool>();
                for (var step = 0; step < 3; step++)
                {
                    turn.Add(context.IsReplaying);
                    seen.Add((step, context.NewGuid(), context.CurrentUtcDateTime));
                    await context.CallActivityAsync<int>("tick", step);
                }
                replays.Add(string.Join(' ', turn));
                return 0;
            });
        await host.StartAsync();
        await host.ScheduleAsync("watching", "a");
        await host.OutputOfAsync<int>("a");
        Assert.Equal(["True True True"], replays);
        Assert.Equal([4, 3, 2], Enumerable.Range(0, 3).Select(step => seen.Count(at => at.Step == step)));
        Assert.Equal(3, seen.Distinct().Count());
        Assert.Equal(3, seen.Select(at => at.Id).Distinct().Count());
        Assert.Equal([0.0, 1, 2], seen.Distinct().OrderBy(at => at.Step).Select(at => (at.Time - seen[0].Time).TotalSeconds));
    }

    [Fact]
    public async Task An_orchestrations_time_does_not_go_back_when_the_clock_of_the_machine_does()
    {
        var clock = new FakeTimeProvider();
        await using var host = new DurableHost(clock);
        host.Registry
            .AddActivity<int, int>("step_back", (n, _) =>
            {
                clock.AdjustTime(clock.GetUtcNow() - TimeSpan.FromHours(1));
                return Task.FromResult(n);
            })
            .AddOrchestrator<int, bool>("watching", async (context, _) =>
            {
                var before = context.CurrentUtcDateTime;
                await context.CallActivityAsync<int>("step_back");
                return context.CurrentUtcDateTime >= before;
            });
        await host.StartAsync();
        await host.ScheduleAsync("watching", "a");
        Assert.True(await host.OutputOfAsync<bool>("a"));
    }

    [Fact]
    public async Task A_new_execution_of_an_id_makes_new_identifiers()
    {
        await using var host = new DurableHost();
        host.Registry.AddOrchestrator<int, Guid[]>("naming", (context, _) =>
            Task.FromResult<Guid[]>([context.NewGuid(), context.NewGuid()]));
        await host.StartAsync();
        await host.ScheduleAsync("naming", "a");
        var first = await host.OutputOfAsync<List<Guid>>("a");
        await host.ScheduleAsync("naming", "a");
        var second = await host.OutputOfAsync<List<Guid>>("a");
        Assert.Equal(4, first.Concat(second).Distinct().Count());
        Assert.All(first, id => Assert.Equal(8, id.Version));
    }

    public static TheoryData<string, string> ChangedCode => new()
    {
        { "another activity", "turn 1, action 1: the history has activity 'work', the code asked for activity 'other'." },
        { "another kind", "turn 1, action 1: the history has activity 'work', the code asked for a timer." },
        { "a child", "turn 1, action 1: the history has activity 'work', the code asked for sub-orchestration 'code' with id 'x'." },
        { "fewer", "turn 1, action 1: the history has activity 'work', the code asked for nothing." },
        { "more", "turn 1, action 2: the history has nothing, the code asked for activity 'work'." },
        { "another order", "turn 0, action 0: the history has activity 'work', the code asked for a timer." },
        { "an early end", "turn 1, action 1: the history has activity 'work', the code asked for nothing." },
        { "an exception", "turn 0, action 0: the history has activity 'work', the code asked for nothing." },
    };

    [Theory]
    [MemberData(nameof(ChangedCode))]
    public async Task Code_that_asks_for_something_else_than_its_history_is_stopped_and_the_message_says_where(string change, string where)
    {
        var changed = false;
        await using var host = new DurableHost();
        host.Registry
            .AddActivity<int, int>("work", (n, _) => Task.FromResult(n))
            .AddActivity<int, int>("other", (n, _) => Task.FromResult(n))
            .AddOrchestrator<int, string>("code", (context, n) => changed ? Changed(change)(context, n) : Original(context, n));
        await host.StartAsync();
        await host.ScheduleAsync("code", "a");
        await host.UntilStatusAsync("a", "waiting");
        changed = true;
        await host.RaiseAsync("a", "go");
        Assert.Equal($"orchestration_nondeterministic: code 'a' replayed differently at {where}", await host.FailureOfAsync("a"));
    }

    [Fact]
    public async Task Code_that_ends_where_its_history_waits_for_an_event_is_stopped()
    {
        var changed = false;
        await using var host = new DurableHost();
        host.Registry.AddOrchestrator<int, int>("code", async (context, _) =>
        {
            context.SetCustomStatus("waiting");
            return changed ? 1 : await context.WaitForExternalEvent<int>("go");
        });
        await host.StartAsync();
        await host.ScheduleAsync("code", "a");
        await host.UntilStatusAsync("a", "waiting");
        changed = true;
        await host.RaiseAsync("a", "go");
        Assert.Equal(
            "orchestration_nondeterministic: code 'a' replayed differently at turn 0: the history goes on, the code has ended.",
            await host.FailureOfAsync("a"));
    }

    public static TheoryData<string> ForeignAwaits =>
        ["delay", "delay beside an activity", "run", "configure await", "cancel asynchronously", "never", "timer of the platform"];

    [Theory]
    [MemberData(nameof(ForeignAwaits))]
    public async Task Code_that_awaits_what_is_not_its_contexts_fails_with_a_clear_message_and_does_not_hang(string what)
    {
        // Stands until the activity begins, and so until the turn is over: what has ended when it is awaited nobody can tell.
        var platform = new FakeTimeProvider();
        await using var host = new DurableHost();
        host.Registry
            .AddActivity<int, int>("work", (n, _) => Task.FromResult(n))
            .AddActivity<int, int>("endless", async (n, cancellation) =>
            {
                platform.Advance(AWhile);
                await Task.Delay(Timeout.Infinite, cancellation);
                return n;
            })
            .AddOrchestrator<string, string>("code", async (context, kind) =>
            {
                await Foreign(context, kind, platform);
                return "ended";
            });
        await host.StartAsync();
        await host.ScheduleAsync("code", "a", what);
        Assert.Equal(
            "orchestration_nondeterministic: code 'a' awaits a task that is not of its context "
            + "(Task.Delay, Task.Run, CancelAsync, ConfigureAwait(false) or I/O).",
            await host.FailureOfAsync("a"));
    }

    [Fact]
    public async Task A_yield_stays_on_the_turns_thread_and_is_allowed()
    {
        await using var host = new DurableHost();
        host.Registry
            .AddActivity<int, int>("work", (n, _) => Task.FromResult(n))
            .AddOrchestrator<int, int>("code", async (context, n) =>
            {
                await Task.Yield();
                n += await context.CallActivityAsync<int>("work", 1);
                await Task.Yield();
                return n;
            });
        await host.StartAsync();
        await host.ScheduleAsync("code", "a", 1);
        Assert.Equal(2, await host.OutputOfAsync<int>("a"));
    }

    [Fact]
    public async Task An_orchestrator_that_nobody_registered_fails_its_instance_and_no_other()
    {
        await using var host = new DurableHost();
        host.Registry.AddOrchestrator<int, int>("known", (_, n) => Task.FromResult(n));
        await host.StartAsync();
        await host.ScheduleAsync("missing", "a");
        await host.ScheduleAsync("known", "b", 1);
        Assert.Equal("internal: No orchestrator named 'missing' is registered in this host.", await host.FailureOfAsync("a"));
        Assert.Equal(1, await host.OutputOfAsync<int>("b"));
    }

    [Fact]
    public async Task A_history_that_cannot_be_read_fails_its_instance_and_no_other()
    {
        await using var host = new DurableHost();
        host.Registry.AddOrchestrator<int, int>("code", async (context, _) =>
        {
            context.SetCustomStatus("waiting");
            return await context.WaitForExternalEvent<int>("go");
        });
        await host.StartAsync();
        await host.ScheduleAsync("code", "a");
        await host.UntilStatusAsync("a", "waiting");
        host.Store.Database.Write(flush: false, () => host.Store.Database.Execute("UPDATE history SET content = '{\"at\": \"yesterday\"'"));
        await host.ScheduleAsync("code", "b");
        await host.RaiseAsync("a", "go", 1);
        await host.RaiseAsync("b", "go", 2);
        var failure = await host.FailureOfAsync("a");
        Assert.StartsWith("internal: the history of this instance cannot be read", failure, StringComparison.Ordinal);
        Assert.Equal(2, await host.OutputOfAsync<int>("b"));
    }

    [Fact]
    public async Task A_custom_status_of_more_than_16_KB_is_refused_inside_the_orchestrator()
    {
        await using var host = new DurableHost();
        host.Registry.AddOrchestrator<int, int>("code", (context, length) =>
        {
            context.SetCustomStatus(new string('x', length));
            return Task.FromResult(length);
        });
        await host.StartAsync();
        await host.ScheduleAsync("code", "a", 8190);
        await host.ScheduleAsync("code", "b", 8191);
        Assert.Equal(8190, await host.OutputOfAsync<int>("a"));
        Assert.Contains("at most 16384 bytes", await host.FailureOfAsync("b"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_of_events_is_worked_off_in_turns_of_bounded_size()
    {
        await using var host = new DurableHost();
        host.Registry.AddOrchestrator<int, int>("summing", async (context, count) =>
        {
            var sum = 0;
            for (var i = 0; i < count; i++)
                sum += await context.WaitForExternalEvent<int>("n");
            return sum;
        });
        await host.ScheduleAsync("summing", "a", 1000);
        for (var i = 0; i < 1000; i++)
            await host.RaiseAsync("a", "n", i);
        await host.StartAsync();
        Assert.Equal(499_500, await host.OutputOfAsync<int>("a"));
        Assert.Equal(4, host.Count("history"));
    }

    private static async Task<string> Original(IOrchestrationContext context, int input)
    {
        await context.CallActivityAsync<int>("work", input);
        await context.CallActivityAsync<int>("work", input);
        context.SetCustomStatus("waiting");
        await context.WaitForExternalEvent<int>("go");
        return "original";
    }

    private static Code Changed(string change) => async (context, input) =>
    {
        if (change == "an exception")
            throw new FormatException("odd");
        if (change == "another order")
            await context.CreateTimer(TimeSpan.Zero, CancellationToken.None);
        await context.CallActivityAsync<int>("work", input);
        await (change switch
        {
            "another activity" => context.CallActivityAsync<int>("other", input),
            "another kind" => context.CreateTimer(TimeSpan.Zero, CancellationToken.None),
            "a child" => context.CallSubOrchestratorAsync<string>("code", "x"),
            "fewer" => context.WaitForExternalEvent<int>("go"),
            "more" => Task.WhenAll(context.CallActivityAsync<int>("work", input), context.CallActivityAsync<int>("work", input)),
            _ => Task.CompletedTask,
        });
        return "changed";
    };

    private static async Task Foreign(IOrchestrationContext context, string kind, TimeProvider platform)
    {
        switch (kind)
        {
            case "delay":
                await Task.Delay(AWhile, platform);
                break;
            case "delay beside an activity":
                var endless = context.CallActivityAsync<int>("endless");
                await Task.WhenAny(endless, Task.Delay(AWhile, platform));
                break;
            case "run":
                await Task.Run(() => Task.Delay(AWhile, platform));
                break;
            case "configure await":
                await context.CallActivityAsync<int>("work").ConfigureAwait(false);
                await context.CallActivityAsync<int>("work");
                break;
            case "cancel asynchronously":
                using (var cancellation = new CancellationTokenSource())
                {
                    var timer = context.CreateTimer(TimeSpan.FromDays(1), cancellation.Token);
                    await cancellation.CancelAsync();
                    await timer;
                }
                break;
            case "never":
                await new TaskCompletionSource().Task;
                break;
            default:
                _ = context.CallActivityAsync<int>("endless");
                await context.WaitForExternalEvent<int>("go").WaitAsync(AWhile, platform);
                break;
        }
    }
}
