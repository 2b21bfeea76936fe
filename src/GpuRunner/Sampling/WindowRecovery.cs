using Microsoft.Extensions.Logging;
using WanTalk.ComfyUI.Safetensors;
using WanTalk.Core.Artifacts;
using WanTalk.GpuRunner.Engine;
using WanTalk.GpuRunner.Stages;
using WanTalk.Storage.Local;

namespace WanTalk.GpuRunner.Sampling;

/// <summary>
/// Commits the windows that a broken use of the engine had finished: while window k+1 is sampled, window k is still being encoded and
/// stored, and a kill at that moment would cost both.
/// <code>
/// engine   | window 4     | window 5   X
/// runner                  | encode 4   X        window 4 lies on the engine's disk: commit it, sample 5 again
/// </code>
/// A window counts only if its checkpoint says that it grew from the one that is committed.
/// </summary>
internal sealed class WindowRecovery(WindowCommitter committer, WindowChain chain, HomeLayout home, ILogger logger)
{
    /// <summary>Commits what can be had of the use that is noted for the take, and deletes the rest of it.</summary>
    public async Task RunAsync(StageContext context, EngineSession session, PieceInputs inputs, CancellationToken cancellationToken)
    {
        if (BrokenUse.Read(home, inputs.Request.Id, inputs.Take.Index) is not { } broken)
        {
            return;
        }

        var left = session.Of(broken.Talk, broken.RunId);
        await CommitAsync(context, left, inputs, broken, cancellationToken);
        await session.ReleaseAsync(left.Prefix, cancellationToken);
        BrokenUse.Forget(home, broken.Talk, broken.Take);
        new EngineUse(broken.Talk, broken.RunId).Forget(home);
    }

    private async Task CommitAsync(
        StageContext context, EngineSession left, PieceInputs inputs, BrokenUse broken, CancellationToken cancellationToken)
    {
        var window = await chain.FindNextAsync(inputs.Piece.FirstWindow, cancellationToken);
        var parent = window == 0 ? null : await chain.ReadAsync(window - 1, cancellationToken);
        while (window < inputs.End && await GrewFromAsync(left, window, parent, cancellationToken))
        {
            logger.LogInformation("{Work}: window {Window} had been sampled before and is committed", context.Request.Work, window);
            parent = await committer.CommitAsync(
                context, left, inputs, broken.Settings, window, parent, parent?.Seconds ?? 0, cancellationToken);
            window++;
        }
    }

    private static async Task<bool> GrewFromAsync(EngineSession left, int window, CommitRecord? parent, CancellationToken cancellationToken)
    {
        if (!await left.ExistsAsync(left.CheckpointOf(window), cancellationToken))
        {
            return false;
        }

        await using var checkpoint = await left.OpenAsync(left.CheckpointOf(window), cancellationToken);
        var header = await SafetensorsHeader.ReadAsync(checkpoint, cancellationToken);
        return (string?)header.Metadata?["parent"] == parent?.Checkpoint.Sha256;
    }
}
