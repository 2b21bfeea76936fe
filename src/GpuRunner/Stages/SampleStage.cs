using System.Diagnostics;
using Microsoft.Extensions.Logging;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Plans;
using WanTalk.Core.Publishing;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.GpuRunner.Engine;
using WanTalk.GpuRunner.Sampling;
using WanTalk.GpuRunner.Streaming;
using WanTalk.GpuRunner.Workflows;
using WanTalk.Media.Ffmpeg;

namespace WanTalk.GpuRunner.Stages;

/// <summary>
/// Samples a piece: goes on behind the last committed window, and ends when all windows of the piece are committed. Without a piece the
/// talk has a workflow of its own, which makes all of it.
/// </summary>
internal sealed class SampleStage(
    IArtifactStore store, IPublisher publisher, EngineAccess engine, FfmpegOptions ffmpeg, RunnerOptions options, TimeProvider time,
    ILogger<SampleStage> logger) : IStage
{
    private readonly WorkflowSampler _workflow = new(store, engine, ffmpeg);

    /// <inheritdoc/>
    public Stage Stage => Stage.Sample;

    /// <inheritdoc/>
    public async Task<StageReport> RunAsync(StageContext context, CancellationToken cancellationToken)
    {
        if (context.Request.Piece is not { } piece)
        {
            await _workflow.SampleAsync(context, cancellationToken);
            return StageReport.Empty;
        }

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
        await using var stream = BackgroundStream.Begin(
            store, publisher, context, inputs.Request, inputs.Plan, time, logger, cancellationToken);
        var committer = new WindowCommitter(store, chain, ffmpeg, stream);
        var recovery = new WindowRecovery(committer, chain, options.Home, logger);
        await new LadderSampler(new PieceSampler(store, committer, chain, options, time), recovery, chain, engine, options.Home, logger)
            .SampleAsync(context, inputs, cancellationToken);
        var next = await chain.FindNextAsync(first, cancellationToken);
        return new StageReport(Stopwatch.GetElapsedTime(begun).TotalSeconds / Math.Max(1, next - first), next);
    }
}
