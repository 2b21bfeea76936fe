using System.Collections.Concurrent;
using CsCheck;

namespace WanTalk.Local.Tests.Durable;

public sealed class CrashSpecs
{
    [Fact]
    public async Task Any_orchestration_crashed_after_any_commits_ends_like_an_undisturbed_one()
    {
        // Looking for a smaller example of one that hangs would take its patience many times over.
        var isHanging = false;
        await Gen.Select(RandomProgram.Any, Gen.Int[1, 12].List[0, 5]).SampleAsync(
            async (program, crashes) =>
            {
                if (isHanging)
                    return;
                await using var host = new DurableHost();
                RandomProgram.Register(host.Registry);
                await host.ScheduleAsync("program", "a", program);
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(DurableHost.Cancellation);
                patience.CancelAfter(TimeSpan.FromMinutes(2));
                try
                {
                    await RunToTheEnd(host, program, crashes, patience.Token);
                }
                catch (OperationCanceledException)
                {
                    isHanging = true;
                    throw;
                }
                Assert.Equal(program.Model(), await host.OutputOfAsync<string>("a"));
                Assert.Empty(host.Faults);
                Assert.Equal((0, 0, 0), (host.Count("inbox"), host.Count("timers"), host.Count("activities")));
            },
            iter: 150,
            threads: 2);
    }

    [Fact]
    public async Task A_process_killed_at_any_moment_loses_nothing_that_it_had_confirmed()
    {
        await using var host = new DurableHost();
        host.Store.Dispose();
        var reported = new List<string>();
        foreach (var lines in (int[])[1, 40, 7, 150, 83])
        {
            using var process = new KilledProcess(host.DatabasePath, reported.Count);
            reported.AddRange(await process.KillAfterLinesAsync(lines, DurableHost.Cancellation));
        }

        host.Crash();
        // Also instances that were started, and killed before they were reported, which nobody waits for.
        var ran = new ConcurrentQueue<string>();
        KilledProcess.Register(host.Registry, ran.Enqueue);
        await host.StartAsync();
        var started = reported.Where(line => line.StartsWith("started ", StringComparison.Ordinal)).Select(line => line[8..]).ToList();
        Assert.NotEmpty(started);
        foreach (var id in started)
            Assert.Equal(KilledProcess.Model(id), await host.OutputOfAsync<string>(id));

        // Each kill may repeat the activities that were running at that moment, and no others.
        var runs = reported.Concat(ran).Where(line => line.StartsWith("ran ", StringComparison.Ordinal)).ToList();
        var repeated = runs.Count - runs.Distinct().Count();
        Assert.InRange(repeated, 0, 5 * host.Store.Options.MaxConcurrentActivities);
    }

    private static async Task RunToTheEnd(DurableHost host, RandomProgram program, List<int> crashes, CancellationToken patience)
    {
        var unraised = program.Events("a").ToList();
        foreach (var commits in crashes)
        {
            var crashed = CrashAfter(host, commits);
            await host.StartAsync();
            var raising = RaiseAsync(host, unraised, patience);
            await Task.WhenAny(crashed, raising);
            host.Crash();
            // It may have raised the last one in the commit of the crash, and not taken note of it yet.
            await raising;
        }
        await host.StartAsync();
        await RaiseAsync(host, unraised, patience);
    }

    // The handler runs inside the commit, so that nobody can act on it any more: the database is what a kill at that moment leaves.
    private static Task CrashAfter(DurableHost host, int commits)
    {
        var crashed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var store = host.Store;
        store.Database.Committed += () =>
        {
            if (--commits > 0)
                return;
            store.Dispose();
            crashed.TrySetResult();
        };
        return crashed.Task;
    }

    // Raises each event once its instance is there, and waits for the end.
    private static async Task RaiseAsync(DurableHost host, List<(string Instance, string Event)> unraised, CancellationToken patience)
    {
        try
        {
            var client = host.Client;
            while (await client.GetInstanceAsync("a", patience) is { IsCompleted: false })
            {
                foreach (var (instance, name) in unraised.ToList())
                {
                    if (await client.GetInstanceAsync(instance, patience) is null)
                        continue;
                    await client.RaiseEventAsync(instance, name, $"{name}!", patience);
                    unraised.Remove((instance, name));
                }
                await Task.Delay(1, patience);
            }
        }
        catch (ObjectDisposedException)
        {
            // The crash came first; an event whose call it refused is raised again.
        }
    }
}
