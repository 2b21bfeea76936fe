using System.Diagnostics;
using WanTalk.GpuRunner.Engine.Supervision;
using WanTalk.GpuRunner.Processes;
using WanTalk.GpuRunner.Tests.Support;

namespace WanTalk.GpuRunner.Tests.Engine;

/// <summary>However an engine or its runner ends, no process of it is left, and what it prints costs no memory.</summary>
public sealed class EndingSpecs
{
    /// <summary>An engine that neither a closed input nor SIGTERM ends, with a child, and a grandchild in a session of its own.</summary>
    private const string Stubborn = """
        trap '' TERM
        sleep 1000 &
        child=$!
        setsid bash -c 'sleep 1000 & echo $$ $!; wait' > left &
        until [[ $(wc -w < left) == 2 ]]; do sleep 0.01; done
        echo $$ $child $(< left) > started && mv started processes
        while :; do sleep 1000; done
        """;

    [Fact]
    public async Task An_engine_is_asked_first()
    {
        await using var bench = new EngineBench();
        // An engine that is slow to hear it would be killed after a second.
        bench.Options = bench.Options with { StopSeconds = 60 };
        await bench.StartAsync(bench.Script("""
            trap 'echo it was asked; kill $!; exit 0' TERM
            sleep 1000 & echo $$ > processes
            wait
            """));
        var processes = await bench.ProcessesInAsync("processes");

        await bench.StopAsync();

        Assert.DoesNotContain(processes, EngineBench.IsAlive);
        // What it printed last is waited for by the runner only for a while.
        await EngineBench.UntilAsync(() => bench.Log.Contains("it was asked", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_engine_that_does_not_listen_is_killed_with_all_that_it_started()
    {
        await using var bench = new EngineBench();
        await bench.StartAsync(bench.Script(Stubborn));
        var processes = await bench.ProcessesInAsync("processes");
        Assert.Equal(4, processes.Length);
        // One that has just become another program has no environment for a moment.
        await EngineBench.UntilAsync(() => !processes.Except(bench.Processes).Any());

        await bench.StopAsync();

        Assert.DoesNotContain(processes, EngineBench.IsAlive);
        Assert.Empty(bench.Processes);
    }

    [Fact]
    public async Task What_a_dead_engine_left_behind_is_gone_before_the_next_one_starts()
    {
        await using var bench = new EngineBench();
        await bench.StartAsync(bench.Script("""
            if [[ -e processes ]]; then exec sleep 1000; fi
            setsid sleep 1000 > /dev/null 2>&1 &
            echo $! > started && mv started processes
            exit 1
            """));
        var left = Assert.Single(await bench.ProcessesInAsync("processes"));

        await EngineBench.UntilAsync(() => bench.Status.Deaths == 1 && bench.Processes.Count == 1);

        Assert.False(EngineBench.IsAlive(left));
    }

    [Fact]
    public async Task A_runner_that_is_killed_leaves_no_process_of_its_engine()
    {
        await using var bench = new EngineBench();
        using var runner = StartRunner(bench, bench.Script(Stubborn));
        var processes = await bench.ProcessesInAsync("processes");
        Assert.All(processes, process => Assert.True(EngineBench.IsAlive(process)));

        runner.Kill();

        await EngineBench.UntilAsync(() => !processes.Any(EngineBench.IsAlive) && GuardsOf(bench).Count == 0);
        Assert.Empty(bench.Processes);
    }

    [Fact]
    public async Task An_engine_whose_guard_is_killed_is_replaced()
    {
        await using var bench = new EngineBench();
        await bench.StartAsync(bench.Script(Stubborn));
        var processes = await bench.ProcessesInAsync("processes");

        foreach (var guard in GuardsOf(bench))
        {
            EngineBench.Signal("KILL", guard);
        }

        await EngineBench.UntilAsync(() => bench.Status.Deaths > 0);
        Assert.DoesNotContain(processes, EngineBench.IsAlive);
    }

    [Fact]
    public async Task An_engine_that_floods_its_output_is_neither_held_in_memory_nor_on_the_disk()
    {
        await using var bench = new EngineBench();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await bench.StartAsync(bench.Script("""
            head -c 100000000 /dev/zero | tr '\0' 'x'
            yes "$(printf 'y%.0s' {1..500})" 2>/dev/null | head -n 30000
            echo drained
            exec sleep 1000
            """));

        await EngineBench.UntilAsync(() => bench.Status.RecentLines is [.., "drained"]);

        var lines = bench.Status.RecentLines;
        Assert.Equal(RecentLines.Capacity, lines.Count);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, LineCutter.MaxLength + 1));
        // The line without an end would be 200 MB of characters; models that tests beside this one have loaded are some tens.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 100 << 20);
        var files = new DirectoryInfo(bench.Home.Logs).GetFiles();
        Assert.Equal(["comfyui.log", "comfyui.log.1"], files.Select(file => file.Name).Order());
        Assert.All(files, file => Assert.InRange(file.Length, 1, BoundedLog.MaxBytes + LineCutter.MaxLength));
    }

    private static Process StartRunner(EngineBench bench, IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [
                EngineBench.ProgramOf("GpuRunner"), "--home", bench.Home.Root, "--engine-folder", bench.Options.Folder!,
                "--engine-command", .. command,
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            // A killed .NET process leaves its diagnostic sockets in the temporary folder, unless it has none.
            Environment = { ["DOTNET_EnableDiagnostics"] = "0" },
        };
        return Process.Start(start)!;
    }

    /// <summary>The guard and its watcher: they have the mark among their arguments.</summary>
    private static List<int> GuardsOf(EngineBench bench) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Where(folder => int.TryParse(Path.GetFileName(folder), out _) && CommandLineOf(folder) is { } line
                && line.Contains("guard.sh", StringComparison.Ordinal) && line.Contains(bench.Mark, StringComparison.Ordinal))
            .Select(folder => int.Parse(Path.GetFileName(folder), System.Globalization.CultureInfo.InvariantCulture)),
    ];

    private static string? CommandLineOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
