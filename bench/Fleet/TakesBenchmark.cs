using System.Diagnostics;
using WanTalk.Bench.Lanes;
using WanTalk.Bench.Reports;
using WanTalk.Storage;

namespace WanTalk.Bench.Fleet;

/// <summary>How much sooner a long talk in takes is sampled by more GPUs.</summary>
internal static class TakesBenchmark
{
    /// <summary>What is measured.</summary>
    public const string About = "one talk of 16 takes of 16 windows on 1, 2, 4 and 8 simulated GPUs, a quarter of a second a window; SQLite and a folder";

    private const int Takes = 16;
    private const int Windows = 16;
    private const double Share = 0.9;
    private static readonly TimeSpan WindowTime = TimeSpan.FromSeconds(0.25);
    private static readonly int[] Fleets = [1, 2, 4, 8];

    /// <summary>Tells how long sampling took on each number of GPUs, and how much faster than on one.</summary>
    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        var alone = 0.0;
        foreach (var gpus in Fleets)
        {
            var seconds = await MeasureAsync(gpus, cancellationToken);
            alone = gpus == 1 ? seconds : alone;
            report.Tell($"{gpus} GPUs: sampling", seconds, "s");
            if (gpus > 1)
            {
                report.Tell($"{gpus} GPUs: times as fast as one", alone / seconds, "ratio", Goal.AtLeast(Share * gpus));
            }
        }

        report.Tell("one GPU: sampling to its windows alone", alone / (Takes * Windows * WindowTime.TotalSeconds), "ratio");
    }

    private static async Task<double> MeasureAsync(int gpus, CancellationToken cancellationToken)
    {
        var gpu = new SimulatedGpu(WindowTime);
        await using var rig = await LaneRig.StartAsync(StorageKind.Folder, [gpu, .. EmptyStage.AllButSampling], gpus, cancellationToken);
        var talk = await SimulatedTalk.StartAsync(rig, Takes, Windows, takesInFlight: gpus, cancellationToken);
        await SimulatedTalk.WaitAsync(rig, talk, cancellationToken);
        var pieces = gpu.Pieces;
        if (pieces.Sum(piece => piece.Windows) is var sampled && sampled != Takes * Windows)
        {
            throw new InvalidOperationException($"{sampled} windows were sampled, and not {Takes * Windows}.");
        }

        return Stopwatch.GetElapsedTime(pieces.Min(piece => piece.Begun), pieces.Max(piece => piece.Ended)).TotalSeconds;
    }
}
