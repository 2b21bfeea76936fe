using System.Diagnostics;
using WanTalk.Bench.Lanes;
using WanTalk.Bench.Reports;
using WanTalk.Storage;

namespace WanTalk.Bench.Fleet;

/// <summary>
/// Whether many GPUs have work at all times, and whether short talks get through while long ones are sampled. All talks are accepted at once,
/// which is the worst hour of a service. A talk that is one take has one piece on the lane at a time, so that it is sampled in turns with the others.
/// </summary>
internal static class FleetBenchmark
{
    /// <summary>What is measured.</summary>
    public const string About =
        "1,000 talks of 1 to 60 windows (as many short as long, from a seed) at once, on 32 simulated GPUs in one process, half a second a window; SQLite and a folder";

    private const int Gpus = 32;
    private const int Talks = 1_000;
    private const int LongestWindows = 60;
    private const int ShortWindows = 4;
    private const int Seed = 20261130;
    private static readonly TimeSpan WindowTime = TimeSpan.FromSeconds(0.5);

    /// <summary>Tells how busy the GPUs were, how long talks waited, and how short ones fared beside long ones.</summary>
    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        var gpu = new SimulatedGpu(WindowTime);
        await using var rig = await LaneRig.StartAsync(StorageKind.Folder, [gpu, .. EmptyStage.AllButSampling], Gpus, cancellationToken);
        var random = new Random(Seed);
        var windows = new Dictionary<string, int>();
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < Talks; i++)
        {
            var length = (int)Math.Pow(LongestWindows + 1, random.NextDouble());
            windows.Add(await SimulatedTalk.StartAsync(rig, takes: 1, length, takesInFlight: 1, cancellationToken), length);
        }

        report.Tell("accepting all of them", Stopwatch.GetElapsedTime(begun).TotalSeconds, "s");
        foreach (var talk in windows.Keys)
        {
            await SimulatedTalk.WaitAsync(rig, talk, cancellationToken);
        }

        Tell(report, gpu.Pieces, windows, begun);
    }

    private static void Tell(Report report, IReadOnlyList<SampledPiece> pieces, Dictionary<string, int> windows, long begun)
    {
        var sampled = pieces.Sum(piece => piece.Windows);
        if (sampled != windows.Values.Sum())
        {
            throw new InvalidOperationException($"{sampled} windows were sampled, and not {windows.Values.Sum()}.");
        }

        var talks = pieces.GroupBy(piece => piece.Talk).Select(own => new Fate(
            windows[own.Key],
            Stopwatch.GetElapsedTime(begun, own.Min(piece => piece.Begun)).TotalSeconds,
            Stopwatch.GetElapsedTime(begun, own.Max(piece => piece.Ended)).TotalSeconds)).ToList();
        var (first, last) = (pieces.Min(piece => piece.Begun), pieces.Max(piece => piece.Ended));
        var length = Stopwatch.GetElapsedTime(begun, last).TotalSeconds;
        report.Tell($"{sampled} windows in {pieces.Count} pieces: the last one's end", length, "s");
        report.Ratio("GPU time used while there were talks for all GPUs", Used(pieces, first, LastFullMoment(pieces)), Goal.AtLeast(0.95));
        report.Tell("GPU time used up to the last talk's end", Used(pieces, first, last), "ratio");
        foreach (var (name, some) in ((string, List<Fate>)[])
            [($"up to {ShortWindows} windows", [.. talks.Where(talk => talk.Windows <= ShortWindows)]), ("longer", [.. talks.Where(talk => talk.Windows > ShortWindows)])])
        {
            var waits = some.Select(talk => talk.FirstWindow).Order().ToList();
            report.Tell($"{some.Count} talks of {name}: to the first window, median", waits[waits.Count / 2], "s");
            report.Tell($"{some.Count} talks of {name}: to the first window, 95 %", waits[waits.Count * 95 / 100], "s");
            report.Tell($"{some.Count} talks of {name}: to the first window, most", waits[^1], "s");
            report.Tell($"{some.Count} talks of {name}: to the end, median", some.Select(talk => talk.End).Order().ElementAt(some.Count / 2), "s");
        }

        var lastShort = talks.Where(talk => talk.Windows <= ShortWindows).Max(talk => talk.End);
        report.Ratio("the last short talk's end to the last talk's", lastShort / length, Goal.AtMost(0.5));
    }

    /// <summary>The moment after which fewer talks than GPUs were not sampled to their end.</summary>
    private static long LastFullMoment(IReadOnlyList<SampledPiece> pieces) =>
        pieces.GroupBy(piece => piece.Talk).Select(own => own.Max(piece => piece.Ended)).OrderDescending().ElementAt(Gpus - 1);

    /// <summary>The share of all GPUs' time between two moments in which they sampled.</summary>
    private static double Used(IReadOnlyList<SampledPiece> pieces, long from, long to) =>
        pieces.Sum(piece => Math.Max(0, Math.Min(piece.Ended, to) - piece.Begun)) / ((double)Gpus * (to - from));

    /// <summary>How a talk fared, in seconds since the first was accepted.</summary>
    private sealed record Fate(int Windows, double FirstWindow, double End);
}
