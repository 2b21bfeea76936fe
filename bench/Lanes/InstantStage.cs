using System.Collections.Concurrent;
using System.Diagnostics;
using WanTalk.Core.Stages;
using WanTalk.GpuRunner.Stages;

namespace WanTalk.Bench.Lanes;

/// <summary>
/// Sampling that takes no time, and says how long each window took: from that follows how many windows the next piece has.
/// </summary>
/// <param name="secondsPerWindow">What it says; at 300 every window is a piece, and so a round trip, of its own.</param>
internal sealed class InstantStage(double secondsPerWindow) : IStage
{
    private readonly ConcurrentQueue<long> _begun = [];

    /// <inheritdoc/>
    public Stage Stage => Stage.Sample;

    /// <inheritdoc/>
    public Task<StageReport> RunAsync(StageContext context, CancellationToken cancellationToken)
    {
        _begun.Enqueue(Stopwatch.GetTimestamp());
        var piece = context.Request.Piece!;
        return Task.FromResult(new StageReport(secondsPerWindow, piece.FirstWindow + piece.Count));
    }

    /// <summary>From one piece's beginning to the next one's: a whole round trip, in seconds, in the order of the pieces; forgets them.</summary>
    public IReadOnlyList<double> TakeRoundTrips()
    {
        var begun = _begun.ToList();
        _begun.Clear();
        return [.. begun.Skip(1).Zip(begun, (next, one) => Stopwatch.GetElapsedTime(one, next).TotalSeconds)];
    }
}
