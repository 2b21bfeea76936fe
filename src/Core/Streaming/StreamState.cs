using WanTalk.Core.Artifacts;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Streaming;

/// <summary>Finds the newest state of a talk's stream.</summary>
public static class StreamState
{
    // Two newer ones are written before one is deleted, so a reader that found it gone twice would have slept through four windows.
    private const int MostLooks = 5;

    /// <summary>The newest state; null while nothing can be played.</summary>
    /// <param name="store">The artifacts.</param>
    /// <param name="paths">The talk's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<StreamSnapshot?> ReadNewestAsync(IArtifactStore store, TalkPaths paths, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(paths);
        for (var looks = 0; looks < MostLooks; looks++)
        {
            if ((await ListAsync(store, paths, cancellationToken)).LastOrDefault() is not { Value: not null } newest)
            {
                return null;
            }

            if (await store.TryReadJsonAsync<StreamSnapshot>(newest, cancellationToken) is { } snapshot)
            {
                return snapshot;
            }
        }

        return null;
    }

    /// <summary>Deletes the states that nobody looks for any more: all but the two newest.</summary>
    public static async Task ForgetAsync(IArtifactStore store, TalkPaths paths, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        foreach (var old in (await ListAsync(store, paths, cancellationToken)).SkipLast(2))
        {
            await store.DeleteAsync(old, cancellationToken);
        }
    }

    private static async Task<List<ArtifactPath>> ListAsync(IArtifactStore store, TalkPaths paths, CancellationToken cancellationToken)
    {
        var found = new List<ArtifactPath>();
        await foreach (var artifact in store.ListAsync(paths.StreamSnapshots, cancellationToken))
        {
            found.Add(artifact.Path);
        }

        return found;
    }
}
