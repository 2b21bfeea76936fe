using System.Collections.Concurrent;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Stages;
using WanTalk.Core.Work;
using WanTalk.GpuRunner.Processes;
using WanTalk.Storage.Local;

namespace WanTalk.GpuRunner.Tests.Support;

/// <summary>The runner's program in a home of its own, which starts the understudy as its engine: two processes, as on one machine.</summary>
internal sealed class RunnerProcess : IAsyncDisposable
{
    /// <summary>How long a runner and its engine may take for one stage, from their start.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly HomeLayout _home;
    private readonly LocalWorkQueues _queues;
    private readonly ChildProcess _process;
    private readonly ConcurrentQueue<string> _lines;

    private RunnerProcess(HomeLayout home, LocalWorkQueues queues, ChildProcess process, ConcurrentQueue<string> lines) =>
        (_home, _queues, _process, _lines) = (home, queues, process, lines);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts the runner.</summary>
    /// <param name="root">The home's folder.</param>
    /// <param name="environment">What both programs find in their environment.</param>
    /// <param name="more">Further arguments of the runner.</param>
    public static RunnerProcess Start(string root, IReadOnlyDictionary<string, string> environment, params string[] more) => Launch(root, environment,
    [
        .. more,
        "--engine-command", "dotnet", EngineBench.ProgramOf("Understudy"), "--port", "{port}", "--dir", new HomeLayout(root).Engine, "--exit-with-stdin", "--faults",
    ]);

    /// <summary>Starts a runner that is told of no engine.</summary>
    public static RunnerProcess StartWithoutEngine(string root, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Launch(root, environment, arguments);

    /// <summary>The lanes that the runner serves.</summary>
    public LocalWorkQueues Queues => _queues;

    /// <summary>The operating system's id of the runner.</summary>
    public int Id => _process.Id;

    /// <summary>Where its engine answers, once it was started.</summary>
    public Uri? EngineAddress => Programs().TryGetValue("WanTalk.Understudy", out var id)
        && CommandLineOf($"/proc/{id}").Split('\0') is var line && Array.IndexOf(line, "--port") is var at and > 0
            ? new Uri($"http://127.0.0.1:{line[at + 1]}")
            : null;

    /// <summary>Waits until the runner has ended.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> WaitForExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>The runner and its engine, by room.</summary>
    public IReadOnlyDictionary<string, int> Programs() => Directory.EnumerateDirectories("/proc")
        .Select(folder => (Id: int.TryParse(Path.GetFileName(folder), out var id) ? id : 0, Line: CommandLineOf(folder).Split('\0')))
        .Where(process => process.Line is [_, _, ..] && process.Line[0].EndsWith("dotnet", StringComparison.Ordinal)
            && process.Line.Any(word => word.StartsWith(_home.Root, StringComparison.Ordinal)))
        .ToDictionary(process => Path.GetFileNameWithoutExtension(process.Line[1]), process => process.Id);

    /// <summary>Has a stage's work done.</summary>
    /// <param name="talk">The talk.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="piece">The windows; for sampling only.</param>
    /// <param name="meanwhile">Done again and again until there is a result.</param>
    public async Task<AttemptResult> DoAsync(SampledTalk talk, Stage stage, Piece? piece = null, Action? meanwhile = null)
    {
        var attempt = talk.Attempt(stage, piece);
        var activities = new HostActivities(talk.Store, _queues, TimeProvider.System);
        if (stage == Stage.Plan)
        {
            Assert.Null((await activities.PlanAsync(talk.Request.Id, Cancellation)).Error);
            return new AttemptResult(null, 0, "", 0);
        }

        await activities.HandOverAsync(attempt, Cancellation);
        var path = talk.Paths.AttemptResult(attempt.Work.Stage, attempt.Work.Key, attempt.Work.Attempt);
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            Assert.False(patience.IsCancellationRequested, $"The runner has no result of {stage}. It printed: {string.Join('\n', _lines)}");
            if (await talk.Store.TryReadJsonAsync<AttemptResult>(path, Cancellation) is { } result)
            {
                Assert.Null(result.Error);
                return result;
            }

            meanwhile?.Invoke();
            await Task.Delay(20, Cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _queues.Dispose();
    }

    private static RunnerProcess Launch(string root, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> arguments)
    {
        var home = new HomeLayout(root);
        string[] line = ["dotnet", EngineBench.ProgramOf("GpuRunner"), "--home", home.Root, .. arguments];
        var lines = new ConcurrentQueue<string>();
        return new RunnerProcess(
            home, new LocalWorkQueues(home, TimeProvider.System), ChildProcess.Start(new ChildCommand(line) { Environment = environment }, lines.Enqueue), lines);
    }

    private static string CommandLineOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
