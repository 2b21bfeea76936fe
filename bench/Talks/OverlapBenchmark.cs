using System.Net.Http.Json;
using WanTalk.Azurite;
using WanTalk.Bench.ComfyUI;
using WanTalk.Bench.Reports;

namespace WanTalk.Bench.Talks;

/// <summary>
/// What a talk takes beyond sampling, with a GPU that is simulated: every window lasts two seconds, and all else is real. While a window is
/// sampled the one before is encoded, stored and committed, so that little more than the gaps between pieces may be added. The stages before
/// and behind sampling do not count; they are done once, however long the talk is.
/// </summary>
internal static class OverlapBenchmark
{
    /// <summary>What is measured.</summary>
    public const string About =
        "a talk of 20 windows of 128x128, the understudy taking 2 s for each: what its sample stage takes beyond them; SQLite and a folder, and Azurite";

    private const int Windows = 20;
    private const double WindowSeconds = 2;
    private const double FramesPerSecond = 25;
    private const int Stride = 72;
    private const double Limit = 0.03;

    /// <summary>Runs the talk with each adapter and tells what its sampling took beyond its windows, as a share.</summary>
    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        await MeasureAsync(report, "folder", cloud: null, cancellationToken);
        await using var azurite = await AzuriteServer.StartAsync(cancellationToken);
        await MeasureAsync(report, "azure", azurite, cancellationToken);
    }

    private static async Task MeasureAsync(Report report, string name, AzuriteServer? cloud, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("wantalk-bench-").FullName;
        try
        {
            await using var engine = await Understudy.StartAsync("--faults", cancellationToken);
            using var http = new HttpClient { BaseAddress = engine.Address };
            var slow = new { kind = "slow_window", seconds = WindowSeconds, count = Windows };
            using var armed = await http.PostAsJsonAsync("understudy/faults", slow, cancellationToken);
            armed.EnsureSuccessStatusCode();

            var speech = await TalkRun.SpeakAsync(folder, Windows * Stride / FramesPerSecond, cancellationToken);
            var run = await TalkRun.StartAsync(
                folder, speech, ["--comfyui", $"{engine.Address}", "--width", "128", "--height", "128"], cloud, cancellationToken);
            var (sampling, stage) = (run.Windows * WindowSeconds, run.Stages["sample"]);
            report.Tell($"{name}: the sample stage", stage, "s");
            report.Tell($"{name}: of sampling, beyond it inside of prompts", (run.SamplingSeconds - sampling) / sampling, "ratio");
            report.Tell($"{name}: of sampling, beyond it between prompts", (stage - run.SamplingSeconds) / sampling, "ratio");
            report.Ratio($"{name}: of sampling, beyond it in all", (stage - sampling) / sampling, Goal.AtMost(Limit));
            report.Tell($"{name}: fixed stages, processes and delivery", run.WallSeconds - stage, "s");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
