using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using WanTalk.Core.Orchestration;
using WanTalk.Local.Durable;

namespace WanTalk.Local.Tests.Durable;

/// <summary>
/// This test program again, as a process of its own that runs a durable runtime and is there to be killed. It starts instances one after
/// the other and writes a line for each start that was confirmed to it and for each activity that it ran.
/// </summary>
internal sealed class KilledProcess : IDisposable
{
    private const string DatabaseVariable = "WANTALK_TEST_DURABLE_DATABASE";
    private const string FirstVariable = "WANTALK_TEST_DURABLE_FIRST";
    private readonly Process _process;

    /// <summary>Starts it.</summary>
    /// <param name="databasePath">Its database.</param>
    /// <param name="first">The number of the first instance that it starts.</param>
    public KilledProcess(string databasePath, int first)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { [DatabaseVariable] = databasePath, [FirstVariable] = $"{first}" },
        };
        _process = Process.Start(start)!;
    }

    /// <summary>Registers what the process runs.</summary>
    public static DurableRegistry Register(DurableRegistry registry, Action<string> report) => registry
        .AddActivity<string, string>("step", (name, _) =>
        {
            report($"ran {name}");
            return Task.FromResult(name);
        })
        .AddOrchestrator<int, string>("part", async (context, n) =>
        {
            await context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
            return await context.CallActivityAsync<string>("step", $"{context.InstanceId}:{n}");
        })
        .AddOrchestrator<int, string>("whole", async (context, n) =>
        {
            var results = new List<string>();
            for (var i = 0; i < n; i++)
                results.Add(await context.CallActivityAsync<string>("step", $"{context.InstanceId}:{i}"));
            results.Add(await context.CallSubOrchestratorAsync<string>("part", $"{context.InstanceId}-part", n));
            return string.Join(' ', results);
        });

    /// <summary>What instance <paramref name="id"/> must return.</summary>
    public static string Model(string id) => $"{id}:0 {id}:1 {id}:2 {id}-part:3";

    /// <summary>Reads so many lines, kills the process, and reads what it had still written.</summary>
    public async Task<List<string>> KillAfterLinesAsync(int count, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        while (lines.Count < count && await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            lines.Add(line);
        _process.Kill();
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            lines.Add(line);
        await _process.WaitForExitAsync(cancellationToken);
        return lines;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    // Before the test program's own entry point, which knows nothing of this.
    [ModuleInitializer]
    internal static void RunAsChild()
    {
        if (Environment.GetEnvironmentVariable(DatabaseVariable) is not { } path)
            return;
        RunAsync(path, int.Parse(Environment.GetEnvironmentVariable(FirstVariable)!)).GetAwaiter().GetResult();
        Environment.Exit(0);
    }

    // Ends with its standard input, and so with the test that started it, should that be killed itself.
    private static async Task RunAsync(string databasePath, int first)
    {
        var gate = new Lock();
        void Report(string line)
        {
            lock (gate)
            {
                Console.Out.WriteLine(line);
                Console.Out.Flush();
            }
        }
        var parentGone = Task.Run(() => Console.In.ReadToEnd());
        using var store = DurableStore.Open(new DurableOptions { DatabasePath = databasePath }, TimeProvider.System);
        var client = new DurableClient(store);
        await using var runtime = new DurableRuntime(store, Register(new DurableRegistry(), Report), NullLogger<DurableRuntime>.Instance);
        var blockedByAll = Enum.GetValues<OrchestrationStatus>();
        await runtime.StartAsync(CancellationToken.None);
        for (var i = first; !parentGone.IsCompleted; i++)
        {
            await client.ScheduleNewOrchestrationInstanceAsync("whole", $"i{i}", 3, blockedByAll, CancellationToken.None);
            Report($"started i{i}");
        }
    }
}
