using Microsoft.Extensions.Time.Testing;
using WanTalk.Core.Orchestration;

namespace WanTalk.Local.Tests.Durable;

public sealed class EventAndTimerSpecs
{
    [Fact]
    public async Task Events_come_first_in_first_out_by_name_whatever_the_case_of_the_name()
    {
        await using var host = new DurableHost();
        host.Registry.AddOrchestrator<int, string>("listening", async (context, _) =>
        {
            var all = new List<string>();
            foreach (var name in (string[])["Done", "cancel", "done", "DONE"])
                all.Add($"{name}={await context.WaitForExternalEvent<int>(name)}");
            return string.Join(' ', all);
        });
        await host.StartAsync();
        await host.ScheduleAsync("listening", "a");
        await host.RaiseAsync("a", "done", 1);
        await host.RaiseAsync("a", "DONE", 2);
        await host.RaiseAsync("a", "Cancel", 3);
        await host.RaiseAsync("a", "dOnE", 4);
        Assert.Equal("Done=1 cancel=3 done=2 DONE=4", await host.OutputOfAsync<string>("a"));
    }

    [Fact]
    public async Task Two_waits_for_one_name_take_one_event_each_the_older_wait_first()
    {
        await using var host = new DurableHost();
        host.Registry.AddOrchestrator<int, int[]>("listening", async (context, _) =>
        {
            var first = context.WaitForExternalEvent<int>("go");
            var second = context.WaitForExternalEvent<int>("go");
            context.SetCustomStatus("waiting");
            return await Task.WhenAll(first, second);
        });
        await host.StartAsync();
        await host.ScheduleAsync("listening", "a");
        await host.UntilStatusAsync("a", "waiting");
        await host.RaiseAsync("a", "go", 1);
        await host.RestartAsync();
        await host.RaiseAsync("a", "go", 2);
        Assert.Equal([1, 2], await host.OutputOfAsync<List<int>>("a"));
    }

    [Fact]
    public async Task An_event_raised_before_the_runtime_starts_waits_for_it()
    {
        await using var host = new DurableHost();
        host.Registry.AddOrchestrator<int, string?>("listening", async (context, _) => await context.WaitForExternalEvent<string>("go"));
        await host.ScheduleAsync("listening", "a");
        await host.RaiseAsync("a", "go", "early");
        host.Crash();
        await host.StartAsync();
        Assert.Equal("early", await host.OutputOfAsync<string>("a"));
    }

    [Fact]
    public async Task An_event_for_an_unknown_or_an_ended_instance_is_dropped()
    {
        await using var host = new DurableHost();
        host.Registry.AddOrchestrator<int, int>("quick", (_, n) => Task.FromResult(n));
        await host.StartAsync();
        await host.ScheduleAsync("quick", "a");
        await host.EndOfAsync("a");
        await host.RaiseAsync("a", "go");
        await host.RaiseAsync("nobody", "go");
        Assert.Equal(0, host.Count("inbox"));
    }

    [Fact]
    public async Task A_timer_outlives_a_restart_and_fires_when_it_is_due()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        await using var host = new DurableHost(clock);
        host.Registry.AddOrchestrator<int, DateTime[]>("sleeping", async (context, _) =>
        {
            var before = context.CurrentUtcDateTime;
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return [before, context.CurrentUtcDateTime];
        });
        await host.StartAsync();
        await host.ScheduleAsync("sleeping", "a");
        await DurableHost.UntilAsync(() => Task.FromResult(host.Count("timers") == 1));
        clock.Advance(TimeSpan.FromMinutes(59));
        await host.RestartAsync();
        Assert.Equal(OrchestrationStatus.Running, (await host.Client.GetInstanceAsync("a", DurableHost.Cancellation))!.Status);
        clock.Advance(TimeSpan.FromMinutes(1));
        var times = await host.OutputOfAsync<List<DateTime>>("a");
        Assert.Equal(new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), times[0]);
        Assert.Equal(TimeSpan.FromHours(1), times[1] - times[0]);
    }

    [Fact]
    public async Task Timers_fire_in_the_order_in_which_they_are_due()
    {
        var clock = new FakeTimeProvider();
        await using var host = new DurableHost(clock);
        host.Registry.AddOrchestrator<int, int[]>("sleeping", async (context, _) =>
        {
            var fired = new List<int>();
            async Task Sleep(int seconds)
            {
                await context.CreateTimer(TimeSpan.FromSeconds(seconds), CancellationToken.None);
                fired.Add(seconds);
            }
            await Task.WhenAll(Sleep(3), Sleep(1), Sleep(2), Sleep(0));
            return [.. fired];
        });
        await host.StartAsync();
        await host.ScheduleAsync("sleeping", "a");
        await Advance(clock, TimeSpan.FromSeconds(0.3), () => host.EndOfAsync("a"));
        Assert.Equal([0, 1, 2, 3], await host.OutputOfAsync<List<int>>("a"));
    }

    [Fact]
    public async Task A_cancelled_timer_is_forgotten_and_its_task_is_cancelled()
    {
        await using var host = new DurableHost();
        host.Registry.AddOrchestrator<int, string>("waiting", async (context, _) =>
        {
            using var cancellation = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromDays(400), cancellation.Token);
            var go = context.WaitForExternalEvent<string>("go");
            context.SetCustomStatus("waiting");
            var winner = await Task.WhenAny(timer, go);
            cancellation.Cancel();
            context.SetCustomStatus("cancelled");
            await context.WaitForExternalEvent<string>("end");
            return $"{winner == go} {timer.IsCanceled} {await go}";
        });
        await host.StartAsync();
        await host.ScheduleAsync("waiting", "a");
        await host.UntilStatusAsync("a", "waiting");
        Assert.Equal(1, host.Count("timers"));
        await host.RaiseAsync("a", "go", "now");
        await host.UntilStatusAsync("a", "cancelled");
        Assert.Equal(0, host.Count("timers"));
        await host.RestartAsync();
        await host.RaiseAsync("a", "end");
        Assert.Equal("True True now", await host.OutputOfAsync<string>("a"));
    }

    [Fact]
    public async Task An_instance_that_ends_takes_its_timers_with_it()
    {
        await using var host = new DurableHost();
        host.Registry.AddOrchestrator<int, int>("leaving", async (context, n) =>
        {
            _ = context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            context.SetCustomStatus("waiting");
            return await context.WaitForExternalEvent<int>("go");
        });
        await host.StartAsync();
        await host.ScheduleAsync("leaving", "a");
        await host.UntilStatusAsync("a", "waiting");
        Assert.Equal(1, host.Count("timers"));
        await host.RaiseAsync("a", "go", 1);
        await host.EndOfAsync("a");
        Assert.Equal(0, host.Count("timers"));
    }

    [Fact]
    public async Task A_wait_held_through_a_loop_of_timers_loses_no_event()
    {
        var clock = new FakeTimeProvider();
        await using var host = new DurableHost(clock);
        host.Registry.AddOrchestrator<int, int>("looping", async (context, _) =>
        {
            var done = context.WaitForExternalEvent<int>("done");
            for (var looks = 1; ; looks++)
            {
                using var cancellation = new CancellationTokenSource();
                var timer = context.CreateTimer(TimeSpan.FromSeconds(30), cancellation.Token);
                context.SetCustomStatus($"look {looks}");
                if (await Task.WhenAny(done, timer) == done)
                {
                    cancellation.Cancel();
                    return await done;
                }
            }
        });
        await host.StartAsync();
        await host.ScheduleAsync("looping", "a");
        for (var looks = 1; looks <= 4; looks++)
        {
            await host.UntilStatusAsync("a", $"look {looks}");
            clock.Advance(TimeSpan.FromSeconds(30));
        }
        await host.UntilStatusAsync("a", "look 5");
        await host.RaiseAsync("a", "done", 17);
        Assert.Equal(17, await host.OutputOfAsync<int>("a"));
    }

    private static async Task Advance(FakeTimeProvider clock, TimeSpan step, Func<Task> until)
    {
        var end = until();
        while (!end.IsCompleted)
        {
            clock.Advance(step);
            await Task.WhenAny(end, Task.Delay(5, DurableHost.Cancellation));
        }
        await end;
    }
}
