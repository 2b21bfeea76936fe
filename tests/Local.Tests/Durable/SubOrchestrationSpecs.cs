using WanTalk.Core.Orchestration;

namespace WanTalk.Local.Tests.Durable;

public sealed class SubOrchestrationSpecs
{
    [Fact]
    public async Task A_child_runs_under_the_id_its_parent_chose_and_its_output_comes_back()
    {
        await using var host = new DurableHost();
        host.Registry
            .AddOrchestrator<int, string>("child", (context, n) => Task.FromResult($"{context.InstanceId}:{n * 2}"))
            .AddOrchestrator<int, string[]>("parent", (context, n) => Task.WhenAll(
                Enumerable.Range(0, n).Select(i => context.CallSubOrchestratorAsync<string>("child", $"{context.InstanceId}.{i}", i))));
        await host.StartAsync();
        await host.ScheduleAsync("parent", "p", 3);
        Assert.Equal(["p.0:0", "p.1:2", "p.2:4"], await host.OutputOfAsync<List<string>>("p"));
    }

    [Fact]
    public async Task A_childs_failure_reaches_its_parent_with_type_and_message()
    {
        await using var host = new DurableHost();
        host.Registry
            .AddOrchestrator<int, int>("child", (_, _) => throw new FormatException("odd"))
            .AddOrchestrator<int, string>("parent", async (context, _) =>
            {
                var failure = await FailureOf(context.CallSubOrchestratorAsync<int>("child", "c"));
                return $"{failure.TaskName} {failure.ErrorType} {failure.ErrorMessage}";
            });
        await host.StartAsync();
        await host.ScheduleAsync("parent", "p");
        Assert.Equal("child System.FormatException odd", await host.OutputOfAsync<string>("p"));
    }

    [Fact]
    public async Task Children_that_come_and_go_interrupt_nobodys_activities()
    {
        var runs = 0;
        await using var host = new DurableHost();
        host.Registry
            .AddActivity<int, int>("count", async (_, cancellation) =>
            {
                Interlocked.Increment(ref runs);
                await Task.Delay(1, cancellation);
                return 0;
            })
            .AddOrchestrator<int, int>("child", async (context, _) => await context.CallActivityAsync<int>("count"))
            .AddOrchestrator<int, int>("parent", async (context, n) =>
            {
                for (var i = 0; i < n; i++)
                    await context.CallSubOrchestratorAsync<int>("child", $"{context.InstanceId}.{i}");
                return n;
            });
        await host.StartAsync();
        foreach (var id in (string[])["a", "b", "c", "d"])
            await host.ScheduleAsync("parent", id, 75);
        foreach (var id in (string[])["a", "b", "c", "d"])
            await host.EndOfAsync(id);
        Assert.Equal(300, runs);
    }

    [Fact]
    public async Task A_restart_of_the_process_does_not_run_an_ended_child_again()
    {
        var runs = 0;
        await using var host = new DurableHost();
        host.Registry
            .AddActivity<int, int>("count", (_, _) => Task.FromResult(Interlocked.Increment(ref runs)))
            .AddOrchestrator<int, int>("child", async (context, _) => await context.CallActivityAsync<int>("count"))
            .AddOrchestrator<int, int>("parent", async (context, _) =>
            {
                var result = await context.CallSubOrchestratorAsync<int>("child", "c");
                context.SetCustomStatus("child has ended");
                await context.WaitForExternalEvent<int>("go");
                return result;
            });
        await host.StartAsync();
        await host.ScheduleAsync("parent", "p");
        await host.UntilStatusAsync("p", "child has ended");
        host.Crash();
        await host.StartAsync();
        await host.RaiseAsync("p", "go");
        Assert.Equal(1, await host.OutputOfAsync<int>("p"));
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task A_parent_started_again_under_its_id_runs_its_children_again()
    {
        var failing = true;
        var runs = 0;
        await using var host = new DurableHost();
        host.Registry
            .AddActivity<int, int>("work", (_, _) =>
            {
                Interlocked.Increment(ref runs);
                return failing ? throw new IOException("broken") : Task.FromResult(7);
            })
            .AddOrchestrator<int, int>("good", (_, n) => Task.FromResult(n))
            .AddOrchestrator<int, int>("bad", async (context, _) => await context.CallActivityAsync<int>("work"))
            .AddOrchestrator<int, int>("parent", async (context, _) =>
                await context.CallSubOrchestratorAsync<int>("good", "p.good", 1)
                + await context.CallSubOrchestratorAsync<int>("bad", "p.bad"));
        await host.StartAsync();
        await host.ScheduleAsync("parent", "p");
        Assert.Equal("bad failed: work failed: broken", await host.FailureOfAsync("p"));
        failing = false;
        Assert.True(await host.ScheduleAsync("parent", "p", null, [.. DurableHost.BlockedByLiving, OrchestrationStatus.Completed]));
        Assert.Equal(8, await host.OutputOfAsync<int>("p"));
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task A_parent_started_again_ends_a_child_of_its_earlier_execution_that_still_runs()
    {
        await using var host = new DurableHost();
        host.Registry
            .AddOrchestrator<int, int>("child", async (context, _) =>
            {
                context.SetCustomStatus("waiting");
                return await context.WaitForExternalEvent<int>("go");
            })
            .AddOrchestrator<bool, int>("parent", async (context, isFailing) =>
            {
                var child = context.CallSubOrchestratorAsync<int>("child", "c");
                return isFailing ? throw new FormatException("odd") : await child;
            });
        await host.StartAsync();
        await host.ScheduleAsync("parent", "p", true);
        await host.FailureOfAsync("p");
        await host.UntilStatusAsync("c", "waiting");
        var before = await host.Client.GetInstanceAsync("c", DurableHost.Cancellation);
        await host.ScheduleAsync("parent", "p", false);
        await DurableHost.UntilAsync(async () =>
            await host.Client.GetInstanceAsync("c", DurableHost.Cancellation) is { } child && child.CreatedAt != before!.CreatedAt);
        await host.RaiseAsync("c", "go", 5);
        Assert.Equal(5, await host.OutputOfAsync<int>("p"));
    }

    [Fact]
    public async Task No_child_of_an_execution_is_started_twice()
    {
        var runs = 0;
        await using var host = new DurableHost();
        host.Registry
            .AddActivity<int, int>("count", (_, _) => Task.FromResult(Interlocked.Increment(ref runs)))
            .AddOrchestrator<int, int>("child", async (context, _) => await context.CallActivityAsync<int>("count"))
            .AddOrchestrator<int, string>("parent", async (context, _) =>
            {
                await context.CallSubOrchestratorAsync<int>("child", "c");
                var failure = await FailureOf(context.CallSubOrchestratorAsync<int>("child", "c"));
                return failure.ErrorMessage;
            });
        await host.StartAsync();
        await host.ScheduleAsync("parent", "p");
        Assert.Equal("the id 'c' is taken by an instance that may not be replaced.", await host.OutputOfAsync<string>("p"));
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task An_orchestration_can_call_neither_itself_nor_an_instance_it_descends_from()
    {
        await using var host = new DurableHost();
        host.Registry
            .AddOrchestrator<int, int>("ended", async (context, unused) =>
            {
                _ = context.CallSubOrchestratorAsync<int>("orphan", "orphan");
                await context.WaitForExternalEvent<int>("end");
                return 0;
            })
            .AddOrchestrator<int, string[]>("orphan", async (context, _) =>
            {
                context.SetCustomStatus("waiting");
                await context.WaitForExternalEvent<int>("go");
                var failures = new List<string>();
                foreach (var id in (string[])["orphan", "top"])
                {
                    var failure = await FailureOf(context.CallSubOrchestratorAsync<int>("ended", id));
                    failures.Add(failure.ErrorMessage);
                }
                return [.. failures];
            });
        await host.StartAsync();
        await host.ScheduleAsync("ended", "top");
        await host.UntilStatusAsync("orphan", "waiting");
        await host.RaiseAsync("top", "end");
        await host.EndOfAsync("top");
        await host.RaiseAsync("orphan", "go");
        Assert.Equal(2, (await host.OutputOfAsync<List<string>>("orphan")).Count);
    }

    [Fact]
    public async Task An_ended_instance_that_nobody_called_gives_its_id_to_a_child()
    {
        await using var host = new DurableHost();
        host.Registry
            .AddOrchestrator<int, int>("child", (_, n) => Task.FromResult(n))
            .AddOrchestrator<int, int>("parent", async (context, n) => await context.CallSubOrchestratorAsync<int>("child", "c", n));
        await host.StartAsync();
        await host.ScheduleAsync("child", "c", 1);
        Assert.Equal(1, await host.OutputOfAsync<int>("c"));
        await host.ScheduleAsync("parent", "p", 2);
        Assert.Equal(2, await host.OutputOfAsync<int>("p"));
        Assert.Equal(2, await host.OutputOfAsync<int>("c"));
    }

    [Fact]
    public async Task Terminating_reaches_the_whole_family_below()
    {
        await using var host = Family();
        await host.StartAsync();
        await host.ScheduleAsync("nested", "n", 3);
        await host.UntilStatusAsync("n.3.2.1", "leaf");
        await host.Client.TerminateInstanceAsync("n", "enough", DurableHost.Cancellation);
        foreach (var id in (string[])["n", "n.3", "n.3.2", "n.3.2.1"])
        {
            var end = await host.EndOfAsync(id);
            Assert.Equal((OrchestrationStatus.Terminated, "enough"), (end.Status, end.ReadOutputAs<string>()));
        }
        Assert.True(await host.Client.PurgeInstanceAsync("n", DurableHost.Cancellation));
        Assert.Equal((0, 0, 0, 0), (host.Count("instances"), host.Count("history"), host.Count("inbox"), host.Count("timers")));
    }

    [Fact]
    public async Task A_parent_sees_a_terminated_child_as_a_failure()
    {
        await using var host = Family();
        await host.StartAsync();
        await host.ScheduleAsync("nested", "n", 1);
        await host.UntilStatusAsync("n.1", "leaf");
        await host.Client.TerminateInstanceAsync("n.1", "enough", DurableHost.Cancellation);
        Assert.Equal("nested failed: the instance was terminated: enough", await host.FailureOfAsync("n"));
    }

    [Fact]
    public async Task A_parent_sees_a_child_that_a_client_replaced_as_a_failure()
    {
        await using var host = Family();
        await host.StartAsync();
        await host.ScheduleAsync("nested", "n", 1);
        await host.UntilStatusAsync("n.1", "leaf");
        await host.ScheduleAsync("nested", "n.1", 0);
        Assert.Equal("nested failed: the instance was replaced while it ran.", await host.FailureOfAsync("n"));
    }

    private static Task<OrchestrationTaskFailedException> FailureOf(Task<int> call) =>
        Assert.ThrowsAsync<OrchestrationTaskFailedException>(() => call);

    private static DurableHost Family()
    {
        var host = new DurableHost();
        host.Registry.AddOrchestrator<int, int>("nested", async (context, depth) =>
        {
            if (depth > 0)
                return await context.CallSubOrchestratorAsync<int>("nested", $"{context.InstanceId}.{depth}", depth - 1);
            context.SetCustomStatus("leaf");
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return 0;
        });
        return host;
    }
}
