using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Talks;

namespace WanTalk.GpuRunner.Sampling;

/// <summary>The committed windows of a take.</summary>
internal sealed class WindowChain(IArtifactStore store, TalkPaths paths, int take)
{
    /// <summary>The commit record of a window; null when it is not committed.</summary>
    public Task<CommitRecord?> ReadAsync(int window, CancellationToken cancellationToken) =>
        store.TryReadJsonAsync<CommitRecord>(paths.Commit(take, window), cancellationToken);

    /// <summary>The first window, at or behind a given one, that is not committed.</summary>
    public async Task<int> FindNextAsync(int from, CancellationToken cancellationToken)
    {
        var window = from;
        while (await store.ExistsAsync(paths.Commit(take, window), cancellationToken))
        {
            window++;
        }

        return window;
    }

    /// <summary>
    /// Makes a window count. Records are created and never changed, and each is written by who holds the one before as it is committed, so
    /// that runners on the same take cannot interleave: who loses a window has nothing to go on from.
    /// </summary>
    /// <exception cref="TalkException">
    /// <see cref="ErrorCode.CommitConflict"/>: another runner committed it, or it grew from another checkpoint than the committed one.
    /// </exception>
    public async Task AppendAsync(CommitRecord record, CancellationToken cancellationToken)
    {
        var parent = record.Window == 0 ? "" : (await ReadAsync(record.Window - 1, cancellationToken))?.Checkpoint.Sha256;
        if (record.ParentSha256 != parent)
        {
            throw Conflict($"Window {record.Window} of take {take} did not grow from what is committed of window {record.Window - 1}.");
        }

        // A store that was asked again because its answer was lost finds the record that it wrote itself.
        if (!await store.TryCreateJsonAsync(paths.Commit(take, record.Window), record, cancellationToken)
            && (await ReadAsync(record.Window, cancellationToken))?.Attempt != record.Attempt)
        {
            throw Conflict($"Window {record.Window} of take {take} was committed by another runner.");
        }
    }

    private static TalkException Conflict(string what) => new(ErrorCode.CommitConflict, what);
}
