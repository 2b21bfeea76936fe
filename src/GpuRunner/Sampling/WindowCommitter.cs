using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Quotes;
using WanTalk.Core.Sampling;
using WanTalk.GpuRunner.Engine;
using WanTalk.GpuRunner.Stages;
using WanTalk.GpuRunner.Streaming;
using WanTalk.GpuRunner.Telemetry;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Windows;

namespace WanTalk.GpuRunner.Sampling;

/// <summary>Makes a sampled window count: encodes the frames it keeps, stores segment and checkpoint, and writes the commit record last.</summary>
internal sealed class WindowCommitter(IArtifactStore store, WindowChain chain, FfmpegOptions ffmpeg, BackgroundStream? stream = null)
{
    private readonly WindowEncoder _encoder = new(ffmpeg);

    /// <summary>Commits a window that is complete on the engine.</summary>
    /// <param name="context">The attempt.</param>
    /// <param name="session">The engine.</param>
    /// <param name="inputs">The piece.</param>
    /// <param name="settings">What it was made with of what may change from window to window.</param>
    /// <param name="window">The window.</param>
    /// <param name="parent">The record of the window before; null for window 0.</param>
    /// <param name="seconds">How long it took to sample.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TalkException">Another runner committed it: <see cref="ErrorCode.CommitConflict"/>; nothing of this one is left.</exception>
    public async Task<CommitRecord> CommitAsync(
        StageContext context, EngineSession session, PieceInputs inputs, WindowSettings settings, int window, CommitRecord? parent,
        double seconds, CancellationToken cancellationToken)
    {
        var (paths, take) = (context.Paths, inputs.Piece.Take);
        using var span = RunnerTelemetry.Commit(take, window);
        var frames = inputs.Windows.Keep(window);
        var segment = await StoreSegmentAsync(context, session, inputs, window, paths.Segment(take, window, session.RunId), cancellationToken);
        var checkpoint = await StoreCheckpointAsync(session, window, paths.Checkpoint(take, window, session.RunId), cancellationToken);
        var record = new CommitRecord(window, session.RunId, frames, segment, checkpoint, parent?.Checkpoint.Sha256 ?? "", seconds, settings)
        {
            Used = UsedWith(session.Engine.Gpu, seconds, parent),
        };
        try
        {
            await chain.AppendAsync(record, cancellationToken);
        }
        catch (TalkException lost) when (lost.Error.Code == ErrorCode.CommitConflict)
        {
            // The names are this use's own: nobody else's record has them.
            await store.DeleteAsync(new ArtifactPath(segment.Path), cancellationToken);
            await store.DeleteAsync(new ArtifactPath(checkpoint.Path), cancellationToken);
            throw;
        }

        RunnerTelemetry.Committed();
        stream?.Add(take, window);
        await session.ReleaseAsync(session.WindowPrefix(window), cancellationToken);
        await ForgetAsync(window - 2, cancellationToken);
        return record;
    }

    private static IReadOnlyList<GpuUse> UsedWith(string? gpu, double seconds, CommitRecord? parent)
    {
        var before = parent?.Used ?? [];
        return gpu is null ? before : GpuUse.Sum(before.Append(new GpuUse(gpu, 1, seconds)));
    }

    private async Task<StoredFile> StoreSegmentAsync(
        StageContext context, EngineSession session, PieceInputs inputs, int window, ArtifactPath path, CancellationToken cancellationToken)
    {
        var file = Path.Combine(context.Scratch, "segment.mp4");
        var size = inputs.Plan.EffectiveSize;
        var kept = new WindowFrames(size.Width, size.Height, inputs.Windows.Skip(window), inputs.Windows.Keep(window));
        await using (var lossless = await session.OpenAsync(session.FramesOf(window), cancellationToken))
        {
            await _encoder.EncodeAsync(lossless, kept, file, cancellationToken);
        }

        await using var content = File.OpenRead(file);
        return await store.StoreHashedAsync(content, path, cancellationToken);
    }

    private async Task<StoredFile> StoreCheckpointAsync(
        EngineSession session, int window, ArtifactPath path, CancellationToken cancellationToken)
    {
        await using var content = await session.OpenAsync(session.CheckpointOf(window), cancellationToken);
        return await store.StoreHashedAsync(content, path, cancellationToken);
    }

    /// <summary>Only the two newest checkpoints of a take are kept: nothing grows from the older ones.</summary>
    private async Task ForgetAsync(int window, CancellationToken cancellationToken)
    {
        if (window >= 0 && await chain.ReadAsync(window, cancellationToken) is { } old)
        {
            await store.DeleteAsync(new ArtifactPath(old.Checkpoint.Path), cancellationToken);
        }
    }
}
