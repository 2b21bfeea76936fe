using System.Collections.Concurrent;
using System.Diagnostics;
using WanTalk.Core.Stages;
using WanTalk.GpuRunner.Stages;

namespace WanTalk.Bench.Fleet;

/// <summary>Sampling that takes its time and does nothing else, by any number of runners at once.</summary>
/// <param name="windowTime">How long a window takes.</param>
internal sealed class SimulatedGpu(TimeSpan windowTime) : IStage
{
    /// <summary>What it says that a window took, in seconds: pieces are then as large as a real GPU's, and not as large as a fast one's.</summary>
    private const double ToldSeconds = 50;

    private readonly ConcurrentQueue<SampledPiece> _pieces = [];

    /// <summary>What was sampled, in the order in which it ended.</summary>
    public IReadOnlyList<SampledPiece> Pieces => [.. _pieces];

    /// <inheritdoc/>
    public Stage Stage => Stage.Sample;

    /// <inheritdoc/>
    public async Task<StageReport> RunAsync(StageContext context, CancellationToken cancellationToken)
    {
        var (begun, piece) = (Stopwatch.GetTimestamp(), context.Request.Piece!);
        await Task.Delay(windowTime * piece.Count, cancellationToken);
        _pieces.Enqueue(new SampledPiece(context.Request.Work.Talk, piece.Count, begun, Stopwatch.GetTimestamp()));
        return new StageReport(ToldSeconds, piece.FirstWindow + piece.Count);
    }
}

/// <summary>A piece that was sampled.</summary>
/// <param name="Talk">Of which talk.</param>
/// <param name="Windows">How many windows.</param>
/// <param name="Begun">When a runner began, by <see cref="Stopwatch"/>.</param>
/// <param name="Ended">When it was done.</param>
internal sealed record SampledPiece(string Talk, int Windows, long Begun, long Ended);
