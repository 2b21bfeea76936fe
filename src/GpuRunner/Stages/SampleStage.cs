using System.Diagnostics;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Plans;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.GpuRunner.Engine;
using WanTalk.GpuRunner.Sampling;
using WanTalk.Media.Ffmpeg;

namespace WanTalk.GpuRunner.Stages;

/// <summary>Samples a piece: goes on behind the last committed window, and ends when all windows of the piece are committed.</summary>
internal sealed class SampleStage(IArtifactStore store, EngineAccess engine, FfmpegOptions ffmpeg, TimeProvider time) : IStage
{
    /// <inheritdoc/>
    public Stage Stage => Stage.Sample;

    /// <inheritdoc/>
    public async Task<StageReport> RunAsync(StageContext context, CancellationToken cancellationToken)
    {
        var piece = context.Request.Piece ?? throw new InvalidDataException("A sample attempt names no piece.");
        var inputs = new PieceInputs(
            await store.ReadJsonAsync<TalkRequest>(context.Paths.Request, cancellationToken),
            await store.ReadJsonAsync<TalkPlan>(context.Paths.Plan, cancellationToken),
            await store.ReadJsonAsync<ConditioningRecord>(context.Paths.Conditioning, cancellationToken),
            piece);
        var chain = new WindowChain(store, context.Paths, piece.Take);
        var first = await chain.FindNextAsync(piece.FirstWindow, cancellationToken);
        if (first >= piece.FirstWindow + piece.Count)
        {
            return new StageReport(null, first);
        }

        var begun = Stopwatch.GetTimestamp();
        var sampler = new PieceSampler(store, new WindowCommitter(store, chain, ffmpeg), chain, time);
        await engine.UseAsync(
            context, session => sampler.SampleAsync(context, session, inputs, cancellationToken), cancellationToken);
        var next = await chain.FindNextAsync(first, cancellationToken);
        return new StageReport(Stopwatch.GetElapsedTime(begun).TotalSeconds / Math.Max(1, next - first), next);
    }
}
