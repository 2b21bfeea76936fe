using WanTalk.Core.Artifacts;
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
}
