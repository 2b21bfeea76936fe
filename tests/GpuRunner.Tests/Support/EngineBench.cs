using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using WanTalk.ComfyUI;
using WanTalk.GpuRunner.Engine;
using WanTalk.GpuRunner.Engine.Supervision;
using WanTalk.GpuRunner.Processes;
using WanTalk.Storage.Local;
using WanTalk.Waiting;

namespace WanTalk.GpuRunner.Tests.Support;

/// <summary>A supervisor in a home of its own, with real engines: the understudy, and scripts that behave badly.</summary>
internal sealed class EngineBench : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wantalk-engine-");
    private EngineSupervisor? _supervisor;

    public EngineBench()
    {
        Home = new HomeLayout(Path.Combine(_folder.FullName, "home"));
        Directory.CreateDirectory(Home.Root);
    }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public HomeLayout Home { get; }

    public string Mark => new RunnerOptions { Home = Home }.PromptMark;

    /// <summary>Settings under which nothing is waited for that a test does not wait for.</summary>
    public EngineOptions Options { get; set; } = new()
    {
        StartSeconds = 60,
        StopSeconds = 1,
        LookSeconds = 0.05,
        LookTimeoutSeconds = 5,
        LooksMissed = 3,
        FirstPauseSeconds = 0.01,
        LongestPauseSeconds = 0.05,
        DeathsUntilGivenUp = 3,
        StableSeconds = 3600,
    };

    public EngineSupervisor Supervisor => _supervisor ?? throw new InvalidOperationException("Nothing was started.");

    public EngineStatus Status => Supervisor.Status;

    /// <summary>The processes that carry this home's mark.</summary>
    public IReadOnlyList<int> Processes => MarkedProcesses.Find(Mark);

    public string Log => File.ReadAllText(LogPath);

    public string LogPath => Path.Combine(Home.Logs, EngineOptions.LogName);

    /// <summary>The program of a room as the build left it.</summary>
    public static string ProgramOf(string room)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        return Path.Combine(here.Parent!.Parent!.FullName, room, here.Name, $"WanTalk.{room}.dll");
    }

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>A command that runs an understudy.</summary>
    public IReadOnlyList<string> Understudy(params string[] more) =>
        ["dotnet", ProgramOf("Understudy"), "--port", "{port}", "--dir", PathOf("engine"), "--exit-with-stdin", .. more];

    /// <summary>A command that runs a shell script; its first argument is the port, its current folder the bench's.</summary>
    public IReadOnlyList<string> Script(string text)
    {
        var path = PathOf("engine.sh");
        File.WriteAllText(path, text.ReplaceLineEndings("\n"));
        Options = Options with { Folder = _folder.FullName };
        return ["bash", path, "{port}"];
    }

    /// <summary>Supervises a command.</summary>
    public Task StartAsync(IReadOnlyList<string> command) =>
        StartAsync(new RunnerOptions { Home = Home, Engine = Options with { Command = command } });

    /// <summary>Looks after an engine elsewhere.</summary>
    public Task StartAsync(Uri address) => StartAsync(new RunnerOptions { Home = Home, EngineUrl = address, Engine = Options });

    public async Task StopAsync()
    {
        if (_supervisor is { } running)
        {
            await running.StopAsync(CancellationToken.None);
        }
    }

    /// <summary>Waits until something is so; fails when it does not become so.</summary>
    /// <param name="condition">What is waited for.</param>
    /// <param name="patience">For how long; a minute when it is not given.</param>
    /// <param name="what">The condition's text, for the failure.</param>
    public static Task UntilAsync(
        Func<bool> condition, TimeSpan? patience = null, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Wait.UntilAsync(() => Task.FromResult(condition()), patience ?? Patience, what);

    /// <summary>Sends a signal to a process.</summary>
    public static void Signal(string name, int process)
    {
        using var kill = Process.Start("kill", ["-s", name, "--", $"{process}"]);
        kill.WaitForExit();
    }

    /// <summary>Whether a process lives. One that was killed and has given back its memory does not, however long the rest of its end takes.</summary>
    public static bool IsAlive(int process)
    {
        try
        {
            // Behind the name, proc_pid_stat has the state first, and as the 21st field how much memory is mapped.
            var fields = File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1].Split(' ');
            return fields[0] != "Z" && fields[20] != "0";
        }
        catch (IOException)
        {
            // There is no such process, or it went while its state was being read.
            return false;
        }
    }

    /// <summary>Waits for a file in which a script tells the ids of its processes.</summary>
    public async Task<int[]> ProcessesInAsync(string name)
    {
        await UntilAsync(() => File.Exists(PathOf(name)) && File.ReadAllText(PathOf(name)).EndsWith('\n'));
        return [.. File.ReadAllText(PathOf(name)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _supervisor?.Dispose();
        var left = Processes;
        await MarkedProcesses.KillAsync(Mark, CancellationToken.None);
        _folder.Delete(recursive: true);
        Assert.Empty(left);
    }

    private async Task StartAsync(RunnerOptions options)
    {
        var cleaner = new EngineCleaner(options, NullLogger<EngineCleaner>.Instance);
        _supervisor = new EngineSupervisor(
            options, cleaner, TimeProvider.System, NullLogger<ComfyClient>.Instance, NullLogger<EngineSupervisor>.Instance);
        await _supervisor.StartAsync(Cancellation);
    }
}
