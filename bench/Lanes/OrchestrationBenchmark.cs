using System.Diagnostics;
using WanTalk.Storage;

namespace WanTalk.Bench.Lanes;

/// <summary>
/// What a window costs beside its sampling as a talk gets longer: an orchestration's history is read again in every turn, so that without
/// blocks a thousand windows would cost more each than ten. Pieces are as large as those of a GPU that takes fifty seconds for a window.
/// </summary>
internal static class OrchestrationBenchmark
{
    private const double Limit = 1.1;

    private const int Rounds = 3;

    private const double WindowSeconds = 50;

    private static readonly int[] Lengths = [10, 100, 1_000];

    /// <summary>Prints the overhead of a window in takes of ten, a hundred and a thousand, and how flat it is.</summary>
    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        Console.WriteLine("orchestration: overhead a window, the take's own beginning and end included");
        await using var rig = await LaneRig.StartAsync(StorageKind.Folder, new InstantStage(WindowSeconds), cancellationToken);
        await SampledTake.RunAsync(rig, windows: 100, cancellationToken);
        var overheads = new double[Lengths.Length];
        Array.Fill(overheads, double.MaxValue);
        // The lengths in turn, and of each the best round: what else the machine does only adds.
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < Lengths.Length; i++)
            {
                overheads[i] = Math.Min(overheads[i], await MeasureAsync(rig, Lengths[i], cancellationToken));
            }
        }

        foreach (var (windows, overhead) in Lengths.Zip(overheads))
        {
            Console.WriteLine($"  {windows,5} windows: {overhead * 1000:0.0} ms a window");
        }

        var ratio = overheads[^1] / overheads[0];
        Console.WriteLine($"  a window of a thousand costs {ratio:0.00} of one of ten (limit {Limit:0.0})");
        if (ratio > Limit)
        {
            throw new InvalidOperationException($"A window of a long talk costs {ratio:0.00} of one of a short talk.");
        }
    }

    /// <summary>Seconds a window; as many windows at each length, so that chance weighs the same.</summary>
    private static async Task<double> MeasureAsync(LaneRig rig, int windows, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var sampled = 0; sampled < Lengths[^1]; sampled += windows)
        {
            await SampledTake.RunAsync(rig, windows, cancellationToken);
        }

        return Stopwatch.GetElapsedTime(begun).TotalSeconds / Lengths[^1];
    }
}
