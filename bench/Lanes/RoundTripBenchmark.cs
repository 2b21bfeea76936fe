using WanTalk.Bench.Reports;
using WanTalk.Storage;

namespace WanTalk.Bench.Lanes;

/// <summary>
/// A stage's round trip: handing over, queue, runner, result, completion, event, the orchestration's next turn, and its look at the result. The
/// work itself takes no time.
/// </summary>
internal static class RoundTripBenchmark
{
    private const int Trips = 200;

    /// <summary>What is measured.</summary>
    public const string About = "a stage's round trip, its work taking no time: a take of 200 pieces, on SQLite and a folder, and on Azurite";

    /// <summary>Tells the median and the 95th percentile with each adapter, and their ratio.</summary>
    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        var folder = await MeasureAsync(report, StorageKind.Folder, cancellationToken);
        var azure = await MeasureAsync(report, StorageKind.Azure, cancellationToken);
        report.Tell("Azurite's median to the folder's", azure / folder, "ratio");
    }

    private static async Task<double> MeasureAsync(Report report, StorageKind kind, CancellationToken cancellationToken)
    {
        var stage = new InstantStage(secondsPerWindow: 300);
        await using var rig = await LaneRig.StartAsync(kind, [stage], gpus: 1, cancellationToken);
        await SampledTake.RunAsync(rig, windows: 20, cancellationToken);
        stage.TakeRoundTrips();
        await SampledTake.RunAsync(rig, Trips, cancellationToken);
        var trips = stage.TakeRoundTrips().Order().ToList();
        var (median, most) = (trips[trips.Count / 2], trips[(int)(trips.Count * 0.95)]);
        report.Tell($"{StorageKinds.NameOf(kind)}: median", median * 1000, "ms");
        report.Tell($"{StorageKinds.NameOf(kind)}: 95 % are below", most * 1000, "ms");
        return median;
    }
}
