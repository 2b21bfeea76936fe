using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using WanTalk.Core.Errors;
using WanTalk.Local.Durable;

namespace WanTalk.Local.Tests.Durable;

public sealed class RuntimeSpecs
{
    [Fact]
    public async Task Everything_goes_on_while_the_clock_stands_still_so_nothing_polls()
    {
        await using var host = new DurableHost(new FakeTimeProvider());
        host.Registry
            .AddActivity<int, int>("add_one", (n, _) => Task.FromResult(n + 1))
            .AddOrchestrator<int, int>("child", async (context, n) => await context.CallActivityAsync<int>("add_one", n))
            .AddOrchestrator<int, int>("parent", async (context, n) =>
            {
                for (var i = 0; i < 10; i++)
                    n = await context.CallSubOrchestratorAsync<int>("child", $"c{i}", n);
                await context.CreateTimer(TimeSpan.Zero, CancellationToken.None);
                context.SetCustomStatus("waiting");
                return n + await context.WaitForExternalEvent<int>("go");
            });
        await host.StartAsync();
        await host.ScheduleAsync("parent", "p", 0);
        await host.UntilStatusAsync("p", "waiting");
        await host.RaiseAsync("p", "go", 100);
        Assert.Equal(110, await host.OutputOfAsync<int>("p"));
    }

    [Fact]
    public async Task A_stop_waits_no_longer_than_it_was_told_for_an_activity_that_does_not_listen()
    {
        var running = new SemaphoreSlim(0);
        var release = new TaskCompletionSource();
        var runs = 0;
        await using var host = new DurableHost(configure: options => options with { StopTimeout = TimeSpan.FromMilliseconds(20) });
        host.Registry
            .AddActivity<int, int>("deaf", async (n, _) =>
            {
                if (Interlocked.Increment(ref runs) == 1)
                {
                    running.Release();
                    await release.Task;
                }
                return n;
            })
            .AddOrchestrator<int, int>("calling", async (context, n) => await context.CallActivityAsync<int>("deaf", n));
        await host.StartAsync();
        await host.ScheduleAsync("calling", "a", 3);
        await running.WaitAsync(DurableHost.Cancellation);
        await host.RestartAsync();
        Assert.Equal(3, await host.OutputOfAsync<int>("a"));
        Assert.Equal(2, runs);
        release.SetResult();
    }

    [Fact]
    public async Task A_failure_of_an_activity_that_was_told_to_stop_is_not_counted_against_it()
    {
        var running = new SemaphoreSlim(0);
        var runs = 0;
        await using var host = new DurableHost();
        host.Registry
            .AddActivity<int, int>("fragile", async (n, cancellation) =>
            {
                if (Interlocked.Increment(ref runs) > 1)
                    return n;
                running.Release();
                try
                {
                    await Task.Delay(Timeout.Infinite, cancellation);
                }
                catch (OperationCanceledException)
                {
                    throw new IOException("the pipe broke");
                }
                return 0;
            })
            .AddOrchestrator<int, int>("calling", async (context, n) => await context.CallActivityAsync<int>("fragile", n));
        await host.StartAsync();
        await host.ScheduleAsync("calling", "a", 3);
        await running.WaitAsync(DurableHost.Cancellation);
        await host.StopAsync();
        await host.StartAsync();
        Assert.Equal(3, await host.OutputOfAsync<int>("a"));
    }

    [Fact]
    public async Task A_runtime_runs_once_at_a_time()
    {
        await using var host = new DurableHost();
        await using var runtime = new DurableRuntime(host.Store, host.Registry, NullLogger<DurableRuntime>.Instance);
        await runtime.StartAsync(DurableHost.Cancellation);
        await Assert.ThrowsAsync<InvalidOperationException>(() => runtime.StartAsync(DurableHost.Cancellation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_turn_whose_instance_is_terminated_or_replaced_meanwhile_does_not_count(bool isReplaced)
    {
        var entered = new SemaphoreSlim(0);
        var release = new ManualResetEventSlim();
        var ran = new List<string>();
        await using var host = new DurableHost();
        host.Registry
            .AddActivity<string, int>("work", (who, _) =>
            {
                lock (ran)
                    ran.Add(who);
                return Task.FromResult(0);
            })
            .AddOrchestrator<string, string>("code", async (context, who) =>
            {
                if (who == "old")
                {
                    entered.Release();
                    release.Wait(DurableHost.Cancellation);
                }
                context.SetCustomStatus(who);
                await context.CallActivityAsync<int>("work", who);
                return who;
            })
            .AddOrchestrator<int, int>("other", (_, n) => Task.FromResult(n));
        await host.StartAsync();
        await host.ScheduleAsync("code", "a", "old");
        await entered.WaitAsync(DurableHost.Cancellation);
        if (isReplaced)
            await host.ScheduleAsync("code", "a", "new");
        else
            await host.Client.TerminateInstanceAsync("a", "enough", DurableHost.Cancellation);
        release.Set();
        Assert.Equal(isReplaced ? "new" : "enough", (await host.EndOfAsync("a")).ReadOutputAs<string>());
        await host.RestartAsync();
        Assert.Equal(isReplaced ? ["new"] : [], ran);
        Assert.Equal(isReplaced ? "new" : null, (await host.EndOfAsync("a")).ReadCustomStatusAs<string>());
    }

    [Fact]
    public async Task A_slow_turn_does_not_hold_up_other_instances()
    {
        var entered = new SemaphoreSlim(0);
        var release = new ManualResetEventSlim();
        await using var host = new DurableHost();
        host.Registry
            .AddOrchestrator<int, int>("slow", (_, n) =>
            {
                entered.Release();
                release.Wait(DurableHost.Cancellation);
                return Task.FromResult(n);
            })
            .AddOrchestrator<int, int>("quick", (_, n) => Task.FromResult(n));
        await host.StartAsync();
        await host.ScheduleAsync("slow", "s", 1);
        await entered.WaitAsync(DurableHost.Cancellation);
        await host.ScheduleAsync("quick", "q", 2);
        Assert.Equal(2, await host.OutputOfAsync<int>("q"));
        release.Set();
        Assert.Equal(1, await host.OutputOfAsync<int>("s"));
    }

    [Fact]
    public async Task A_full_disk_refuses_what_is_new_and_holds_up_what_runs_until_there_is_room()
    {
        var clock = new FakeTimeProvider();
        var running = new SemaphoreSlim(0);
        var release = new SemaphoreSlim(0);
        await using var host = new DurableHost(clock);
        host.Registry
            .AddActivity<int, string>("big", async (_, cancellation) =>
            {
                running.Release();
                await release.WaitAsync(cancellation);
                return new string('x', 200_000);
            })
            .AddOrchestrator<int, int>("code", async (context, _) => (await context.CallActivityAsync<string>("big")).Length);
        await host.StartAsync();
        await host.ScheduleAsync("code", "a");
        await running.WaitAsync(DurableHost.Cancellation);
        LimitPages(host, host.Store.Database.Read(() => host.Store.Database.Query("PRAGMA page_count", row => row.GetInt64(0))[0]));

        var refusal = await Assert.ThrowsAsync<TalkException>(() => host.ScheduleAsync("code", "b", new string('y', 200_000)));
        Assert.Equal(ErrorCode.DiskFull, refusal.Error.Code);
        Assert.Null(await host.Client.GetInstanceAsync("b", DurableHost.Cancellation));
        release.Release(2);
        await DurableHost.UntilAsync(() => Task.FromResult(!host.Faults.IsEmpty));

        LimitPages(host, 1_000_000);
        await DurableHost.UntilAsync(async () =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return await host.Client.GetInstanceAsync("a", DurableHost.Cancellation) is { IsCompleted: true };
        });
        Assert.Equal(200_000, await host.OutputOfAsync<int>("a"));
    }

    [Fact]
    public void Options_outside_their_range_are_refused_by_name()
    {
        var good = new DurableOptions { DatabasePath = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()) };
        foreach (var (bad, name) in new[]
        {
            (good with { DatabasePath = " " }, nameof(DurableOptions.DatabasePath)),
            (good with { MaxConcurrentActivities = 0 }, nameof(DurableOptions.MaxConcurrentActivities)),
            (good with { MaxConcurrentActivities = 1025 }, nameof(DurableOptions.MaxConcurrentActivities)),
            (good with { MaxConcurrentTurns = 65 }, nameof(DurableOptions.MaxConcurrentTurns)),
            (good with { StopTimeout = TimeSpan.FromSeconds(-1) }, nameof(DurableOptions.StopTimeout)),
        })
        {
            Assert.Equal(name, Assert.ThrowsAny<ArgumentException>(() => DurableStore.Open(bad, TimeProvider.System)).ParamName);
        }
        Assert.False(File.Exists(good.DatabasePath));
    }

    [Fact]
    public async Task A_file_that_is_no_database_or_of_a_newer_version_is_refused_and_left_alone()
    {
        await using var host = new DurableHost();
        host.Store.Database.Write(flush: true, () => host.Store.Database.Execute("PRAGMA user_version = 3"));
        host.Store.Dispose();
        var options = new DurableOptions { DatabasePath = host.DatabasePath };
        Assert.Contains("newer WanTalk", Refusal(options), StringComparison.Ordinal);
        var text = string.Join('\n', Enumerable.Repeat("no database, but a text of some length", 100));
        await File.WriteAllTextAsync(host.DatabasePath, text, DurableHost.Cancellation);
        Assert.Contains("cannot be opened", Refusal(options), StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(host.DatabasePath, DurableHost.Cancellation));
    }

    private static string Refusal(DurableOptions options) =>
        Assert.Throws<TalkException>(() => DurableStore.Open(options, TimeProvider.System)).Message;

    private static void LimitPages(DurableHost host, long pages) =>
        host.Store.Database.Read(() => host.Store.Database.Query($"PRAGMA max_page_count = {pages}", row => row.GetInt64(0)));
}
