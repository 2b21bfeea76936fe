using WanTalk.Storage;

namespace WanTalk.Bench.Lanes;

/// <summary>
/// A stage's round trip: handing over, queue, runner, result, completion, event, the orchestration's next turn, and its look at the result. The
/// work itself takes no time.
/// </summary>
internal static class RoundTripBenchmark
{
    private const int Trips = 200;

    /// <summary>Prints the median and the 95th percentile with each adapter, and their ratio.</summary>
    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        Console.WriteLine($"roundtrip: {Trips} round trips of a stage");
        var folder = await MeasureAsync(StorageKind.Folder, cancellationToken);
        var azure = await MeasureAsync(StorageKind.Azure, cancellationToken);
        Console.WriteLine($"  Azurite's median is {azure / folder:0.0} times the folder's");
    }

    private static async Task<double> MeasureAsync(StorageKind kind, CancellationToken cancellationToken)
    {
        var stage = new InstantStage(secondsPerWindow: 300);
        await using var rig = await LaneRig.StartAsync(kind, stage, cancellationToken);
        await SampledTake.RunAsync(rig, windows: 20, cancellationToken);
        stage.TakeRoundTrips();
        await SampledTake.RunAsync(rig, Trips, cancellationToken);
        var trips = stage.TakeRoundTrips().Order().ToList();
        var (median, most) = (trips[trips.Count / 2], trips[(int)(trips.Count * 0.95)]);
        Console.WriteLine($"  {StorageKinds.NameOf(kind),-6} median {median * 1000:0} ms, 95 % {most * 1000:0} ms");
        return median;
    }
}
