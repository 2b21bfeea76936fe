using System.Diagnostics;
using System.Text.Json;
using WanTalk.Core.Json;
using WanTalk.Core.Work;

namespace WanTalk.Bench.Talks;

/// <summary>One talk of the samples, run as a person runs it, and where its time went.</summary>
/// <param name="WallSeconds">From the command's start to its end.</param>
/// <param name="StageSeconds">The sum of the stages, as the orchestration saw them.</param>
/// <param name="RunnerSeconds">Of that, in which a runner worked.</param>
/// <param name="EngineSeconds">Of that, in which the engine was at a prompt.</param>
/// <param name="VideoSeconds">The video's length.</param>
/// <param name="Windows">Its windows.</param>
internal sealed record TalkRun(
    double WallSeconds, double StageSeconds, double RunnerSeconds, double EngineSeconds, double VideoSeconds, int Windows)
{
    /// <summary>Runs the sample talk in a home.</summary>
    /// <param name="folder">Where the home and the video go.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<TalkRun> StartAsync(string folder, CancellationToken cancellationToken)
    {
        var home = Path.Combine(folder, "home");
        var samples = Path.Combine(FindRoot(), "samples");
        var start = new ProcessStartInfo("dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "../../Local/release/WanTalk.Local.dll"),
            "talk", Path.Combine(samples, "portrait.png"), Path.Combine(samples, "speech.wav"),
            "--home", home, "--out", Path.Combine(folder, "talk.mp4"), "--seed", "1", "--json",
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        var begun = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var complaints = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        var wall = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"The talk failed: {await complaints}");
        }

        using var summary = JsonDocument.Parse(output);
        var talk = summary.RootElement;
        var attempts = ResultsOf(Path.Combine(home, "artifacts", "talks", talk.GetProperty("id").GetString()!, "work"));
        return new TalkRun(
            wall,
            talk.GetProperty("seconds").EnumerateObject().Sum(stage => stage.Value.GetDouble()),
            attempts.Sum(attempt => attempt.Seconds),
            attempts.Sum(attempt => attempt.EngineSeconds),
            talk.GetProperty("duration").GetDouble(),
            talk.GetProperty("windows").GetInt32());
    }

    private static List<AttemptResult> ResultsOf(string work) =>
        [.. Directory.EnumerateFiles(work, "result.json", SearchOption.AllDirectories)
            .Select(file => CoreJson.FromBytes<AttemptResult>(File.ReadAllBytes(file)))];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "WanTalk.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The benchmarks do not lie in a checkout.");
        }

        return folder.FullName;
    }
}
