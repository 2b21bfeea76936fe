using WanTalk.Core.Orchestration;

namespace WanTalk.Local.Tests.Durable;

public sealed class InstanceSpecs
{
    [Fact]
    public async Task An_instance_shows_its_name_input_output_and_times()
    {
        await using var host = Host();
        await host.StartAsync();
        await host.ScheduleAsync("echo", "a", "hello");
        var end = await host.EndOfAsync("a");
        Assert.Equal(("a", "echo", OrchestrationStatus.Completed), (end.InstanceId, end.Name, end.Status));
        Assert.Equal(("\"hello\"", "\"hello\""), (end.SerializedInput, end.SerializedOutput));
        Assert.Equal((null, null), (end.SerializedCustomStatus, end.FailureMessage));
        Assert.True(end.CreatedAt <= end.LastUpdatedAt);
    }

    [Fact]
    public async Task Instances_can_be_started_and_read_without_a_runtime_and_outlive_the_process()
    {
        await using var host = Host();
        Assert.True(await host.ScheduleAsync("echo", "a", "hello"));
        host.Crash();
        Assert.Equal(OrchestrationStatus.Pending, (await host.Client.GetInstanceAsync("a", DurableHost.Cancellation))!.Status);
        await host.StartAsync();
        Assert.Equal("hello", await host.OutputOfAsync<string>("a"));
    }

    [Fact]
    public async Task A_start_is_blocked_by_the_statuses_it_names_and_by_no_other()
    {
        await using var host = Host();
        await host.ScheduleAsync("echo", "a", "one");
        Assert.False(await host.ScheduleAsync("echo", "a", "two", OrchestrationStatus.Pending));
        await host.StartAsync();
        Assert.Equal("one", await host.OutputOfAsync<string>("a"));
        Assert.False(await host.ScheduleAsync("echo", "a", "three", OrchestrationStatus.Completed));
        Assert.Equal("one", await host.OutputOfAsync<string>("a"));
        Assert.True(await host.ScheduleAsync("echo", "a", "four", OrchestrationStatus.Failed, OrchestrationStatus.Running));
        Assert.Equal("four", await host.OutputOfAsync<string>("a"));
    }

    [Fact]
    public async Task Of_many_starts_with_one_id_at_once_exactly_one_counts()
    {
        await using var host = Host();
        await host.StartAsync();
        var started = await Task.WhenAll(Enumerable.Range(0, 20).Select(n =>
            Task.Run(() => host.ScheduleAsync("echo", "a", $"{n}", Enum.GetValues<OrchestrationStatus>()))));
        Assert.Single(started, true);
    }

    [Fact]
    public async Task A_replaced_instance_leaves_nothing_behind()
    {
        await using var host = Host();
        host.Registry.AddOrchestrator<int, int>("busy", async (context, _) =>
        {
            context.SetCustomStatus("busy");
            var child = context.CallSubOrchestratorAsync<int>("waiting", "child");
            var timer = context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            await Task.WhenAll(child, timer);
            return 0;
        });
        await host.StartAsync();
        await host.ScheduleAsync("busy", "a");
        await host.UntilStatusAsync("child", "waiting");
        Assert.True(await host.ScheduleAsync("echo", "a", "new"));
        Assert.Equal("new", await host.OutputOfAsync<string>("a"));
        Assert.Null((await host.EndOfAsync("a")).SerializedCustomStatus);
        Assert.Null(await host.Client.GetInstanceAsync("child", DurableHost.Cancellation));
        Assert.Equal((1, 1, 0, 0), (host.Count("instances"), host.Count("history"), host.Count("inbox"), host.Count("timers")));
    }

    [Fact]
    public async Task A_late_result_of_the_replaced_execution_does_not_reach_the_new_one()
    {
        var running = new SemaphoreSlim(0);
        var release = new TaskCompletionSource();
        var late = new TaskCompletionSource();
        await using var host = Host();
        host.Registry
            .AddActivity<string, string>("stubborn", async (who, _) =>
            {
                running.Release();
                if (who == "old")
                    await release.Task;
                return who;
            })
            .AddOrchestrator<string, string>("calling", async (context, who) =>
            {
                var result = await context.CallActivityAsync<string>("stubborn", who);
                await context.WaitForExternalEvent<int>("end");
                return result;
            });
        host.Store.Database.Committed += () => late.TrySetResult();
        await host.StartAsync();
        await host.ScheduleAsync("calling", "a", "old");
        await running.WaitAsync(DurableHost.Cancellation);
        await host.ScheduleAsync("calling", "a", "new");
        await running.WaitAsync(DurableHost.Cancellation);
        await DurableHost.UntilAsync(() => Task.FromResult(host.Count("history") == 2));
        late = new TaskCompletionSource();
        release.SetResult();
        await late.Task.WaitAsync(TimeSpan.FromSeconds(30), DurableHost.Cancellation);
        await host.RaiseAsync("a", "end");
        Assert.Equal("new", await host.OutputOfAsync<string>("a"));
    }

    [Fact]
    public async Task A_terminated_instance_says_why_and_its_code_does_not_run_again()
    {
        await using var host = Host();
        await host.StartAsync();
        await host.ScheduleAsync("waiting", "a");
        await host.UntilStatusAsync("a", "waiting");
        await host.Client.TerminateInstanceAsync("a", "enough", DurableHost.Cancellation);
        await host.RaiseAsync("a", "go", 1);
        var end = await host.EndOfAsync("a");
        Assert.Equal((OrchestrationStatus.Terminated, "enough"), (end.Status, end.ReadOutputAs<string>()));
        await host.Client.TerminateInstanceAsync("a", "again", DurableHost.Cancellation);
        await host.Client.TerminateInstanceAsync("nobody", "enough", DurableHost.Cancellation);
        Assert.Equal("enough", (await host.EndOfAsync("a")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_listing_is_newest_first_and_filtered()
    {
        await using var host = Host();
        foreach (var id in (string[])["x-1", "y-1", "x-2", "x-3"])
            await host.ScheduleAsync(id == "x-2" ? "waiting" : "echo", id, id);
        Assert.Equal(["x-3", "x-2", "y-1", "x-1"], await Ids(host, new OrchestrationQuery()));
        Assert.Equal(["x-3", "x-2"], await Ids(host, new OrchestrationQuery(Limit: 2)));
        Assert.Equal(["x-3", "x-2", "x-1"], await Ids(host, new OrchestrationQuery(InstanceIdPrefix: "x-")));
        Assert.Equal(["x-2"], await Ids(host, new OrchestrationQuery(Name: "waiting")));
        Assert.Empty(await Ids(host, new OrchestrationQuery(InstanceIdPrefix: "%")));
        await host.StartAsync();
        await host.EndOfAsync("y-1");
        Assert.Equal(["y-1"], await Ids(host, new OrchestrationQuery([OrchestrationStatus.Completed], "y")));
        Assert.Empty(await Ids(host, new OrchestrationQuery([])));
    }

    [Fact]
    public async Task Only_an_ended_instance_can_be_purged_and_its_history_goes_with_it()
    {
        await using var host = Host();
        host.Registry.AddOrchestrator<int, int>("parent", async (context, unused) =>
        {
            _ = context.CallSubOrchestratorAsync<int>("waiting", "child");
            return await context.WaitForExternalEvent<int>("go");
        });
        await host.StartAsync();
        await host.ScheduleAsync("parent", "a");
        await host.UntilStatusAsync("child", "waiting");
        Assert.False(await host.Client.PurgeInstanceAsync("a", DurableHost.Cancellation));
        await host.RaiseAsync("a", "go", 1);
        await host.EndOfAsync("a");
        Assert.True(await host.Client.PurgeInstanceAsync("a", DurableHost.Cancellation));
        Assert.False(await host.Client.PurgeInstanceAsync("a", DurableHost.Cancellation));
        Assert.Equal((0, 0), (host.Count("instances"), host.Count("history")));
    }

    [Fact]
    public async Task Waiting_for_an_end_can_be_given_up_and_there_is_nothing_to_wait_for_without_an_instance()
    {
        await using var host = Host();
        await host.ScheduleAsync("echo", "a", "x");
        using var cancellation = new CancellationTokenSource();
        var waiting = host.Client.WaitForInstanceCompletionAsync("a", cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Null(await host.Client.WaitForInstanceCompletionAsync("nobody", DurableHost.Cancellation));
    }

    [Fact]
    public async Task One_who_waits_for_an_instance_that_is_terminated_and_purged_is_woken()
    {
        await using var host = Host();
        await host.ScheduleAsync("echo", "a", "x");
        var waiting = host.Client.WaitForInstanceCompletionAsync("a", DurableHost.Cancellation);
        await host.Client.TerminateInstanceAsync("a", "enough", DurableHost.Cancellation);
        Assert.Equal(OrchestrationStatus.Terminated, (await waiting.WaitAsync(TimeSpan.FromSeconds(30), DurableHost.Cancellation))!.Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\nb")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901")]
    public async Task An_id_that_Durable_Task_would_refuse_is_refused(string id)
    {
        await using var host = Host();
        await Assert.ThrowsAnyAsync<ArgumentException>(() => host.ScheduleAsync("echo", id, "x"));
        Assert.Equal(0, host.Count("instances"));
    }

    [Fact]
    public async Task A_cancelled_call_does_nothing()
    {
        await using var host = Host();
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            host.Client.ScheduleNewOrchestrationInstanceAsync("echo", "a", "x", [], cancelled));
        Assert.Equal(0, host.Count("instances"));
    }

    private static DurableHost Host()
    {
        var host = new DurableHost();
        host.Registry
            .AddOrchestrator<string, string>("echo", (_, text) => Task.FromResult(text))
            .AddOrchestrator<string, int>("waiting", async (context, _) =>
            {
                context.SetCustomStatus("waiting");
                return await context.WaitForExternalEvent<int>("go");
            });
        return host;
    }

    private static async Task<List<string>> Ids(DurableHost host, OrchestrationQuery query)
    {
        var ids = new List<string>();
        await foreach (var instance in host.Client.GetAllInstancesAsync(query, DurableHost.Cancellation))
            ids.Add(instance.InstanceId);
        return ids;
    }
}
