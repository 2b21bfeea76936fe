using System.Diagnostics;
using WanTalk.Bench.Reports;
using WanTalk.Storage;

namespace WanTalk.Bench.Lanes;

/// <summary>
/// What a window costs beside its sampling as a talk gets longer: an orchestration's history is read again in every turn, so that without
/// blocks a thousand windows would cost more each than ten. Pieces are as large as those of a GPU that takes fifty seconds for a window.
/// </summary>
internal static class OrchestrationBenchmark
{
    /// <summary>What is measured.</summary>
    public const string About =
        "what a window costs beside its sampling in takes of 1, 10, 100 and 1,000 windows, a simulated GPU saying 50 s a window; SQLite and a folder, and Azurite";

    private const double Limit = 1.1;
    private const double WindowSeconds = 50;
    private static readonly int[] Lengths = [1, 10, 100, 1_000];

    /// <summary>Tells the overhead of a window at each length, and how flat it is.</summary>
    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        await MeasureAsync(report, StorageKind.Folder, rounds: 3, cancellationToken);
        await MeasureAsync(report, StorageKind.Azure, rounds: 1, cancellationToken);
    }

    private static async Task MeasureAsync(Report report, StorageKind kind, int rounds, CancellationToken cancellationToken)
    {
        await using var rig = await LaneRig.StartAsync(kind, [new InstantStage(WindowSeconds)], gpus: 1, cancellationToken);
        await SampledTake.RunAsync(rig, windows: 100, cancellationToken);
        var overheads = new double[Lengths.Length];
        Array.Fill(overheads, double.MaxValue);
        // The lengths in turn, and of each the best round: what else the machine does only adds.
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < Lengths.Length; i++)
            {
                overheads[i] = Math.Min(overheads[i], await OverheadAsync(rig, Lengths[i], cancellationToken));
            }
        }

        var name = StorageKinds.NameOf(kind);
        foreach (var (windows, overhead) in Lengths.Zip(overheads))
        {
            report.Tell($"{name}: a window in a take of {windows}", overhead * 1000, "ms");
        }

        report.Ratio($"{name}: beside 50 s of sampling, in a take of 1,000", overheads[^1] / WindowSeconds, Goal.AtMost(0.03));
        // A take of one window is one piece of one; from ten on, pieces have the size that they keep.
        report.Ratio($"{name}: a window in a take of 1,000 to one in a take of 10", overheads[^1] / overheads[1], Goal.AtMost(Limit));
    }

    /// <summary>Seconds a window; at each length about as many windows, so that chance weighs the same, but no more than a hundred takes.</summary>
    private static async Task<double> OverheadAsync(LaneRig rig, int windows, CancellationToken cancellationToken)
    {
        var takes = Math.Min(Lengths[^1] / windows, 100);
        var begun = Stopwatch.GetTimestamp();
        for (var take = 0; take < takes; take++)
        {
            await SampledTake.RunAsync(rig, windows, cancellationToken);
        }

        return Stopwatch.GetElapsedTime(begun).TotalSeconds / (takes * windows);
    }
}
