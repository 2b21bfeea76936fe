using System.Net.Http.Json;
using WanTalk.Bench.ComfyUI;

namespace WanTalk.Bench.Talks;

/// <summary>
/// What a talk takes beyond sampling, with a GPU that is simulated: every window lasts two seconds, and all else is real. While a window is
/// sampled the one before is encoded, stored and committed, so that little more than the gaps between pieces may be added. The stages before
/// and behind sampling do not count; they are done once, however long the talk is.
/// </summary>
internal static class OverlapBenchmark
{
    private const int Windows = 60;
    private const double WindowSeconds = 2;
    private const double FramesPerSecond = 25;
    private const int Stride = 72;
    private const double Limit = 0.03;

    /// <summary>Runs a talk and prints what its sampling took beyond its windows, as a share.</summary>
    public static async Task RunAsync(CancellationToken cancellationToken)
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
                folder, speech, ["--comfyui", $"{engine.Address}", "--width", "128", "--height", "128"], cancellationToken);
            Print(run);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Print(TalkRun run)
    {
        var (sampling, stage) = (run.Windows * WindowSeconds, run.Stages["sample"]);
        var beyond = (stage - sampling) / sampling;
        Console.WriteLine($"overlap: {run.Windows} windows of {WindowSeconds:0} s each");
        Console.WriteLine($"  sampling {sampling:0.0} s, its stage {stage:0.0} s: {beyond:P2} beyond (limit {Limit:P0})");
        Console.WriteLine($"  of that inside of prompts {(run.SamplingSeconds - sampling) / sampling:P2}, between them {(stage - run.SamplingSeconds) / sampling:P2}");
        Console.WriteLine($"  fixed stages, processes and delivery: {run.WallSeconds - stage:0.0} s");
        if (beyond > Limit)
            throw new InvalidOperationException($"A talk takes {beyond:P2} of its sampling beyond it.");
    }
}
