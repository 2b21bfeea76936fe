using System.Text;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Plans;
using WanTalk.Core.Publishing;
using WanTalk.Core.Streaming;
using WanTalk.Core.Talks;

namespace WanTalk.GpuRunner.Streaming;

/// <summary>
/// A talk's stream, which any runner may carry on at any moment:
/// <code>
/// 0007.json committed ─> segments published ─> their record ─> state with one more ─> playlists
///                        (names are hashes)     (create-only)   (create-only)          (the newest wins)
/// </code>
/// A state lists what has a record, in order and up to the first gap. Records are never changed or deleted, so two runners that come to the
/// same number of segments have the same state, and a later look never finds fewer: no playlist goes back or names what is not there. A kill
/// between two arrows leaves what the next window's runner, or assemble at the latest, makes up for.
/// </summary>
internal sealed class TalkStream(IArtifactStore store, IPublisher publisher, TalkPaths paths, string talk, TalkPlan plan, string scratch) : IAsyncDisposable
{
    private readonly PlayOrder _order = new(plan);
    private readonly SegmentMaker _maker = new(store, publisher, paths, talk, plan, scratch);
    private int _published;

    /// <summary>Publishes a window that was just committed, and whatever can be played by it.</summary>
    public async Task AddAsync(int take, int window, CancellationToken cancellationToken)
    {
        await _maker.GetAsync(_order.PlaceOf(take, window), cancellationToken);
        await AdvanceAsync(cancellationToken);
    }

    /// <summary>Publishes all that is committed in order.</summary>
    public async Task AdvanceAsync(CancellationToken cancellationToken)
    {
        var before = await StreamState.ReadNewestAsync(store, paths, cancellationToken);
        var now = before;
        while ((now?.Count ?? 0) < _order.Count && await _maker.GetAsync(now?.Count ?? 0, cancellationToken) is { } next)
        {
            now = StreamSnapshot.Append(now, next, _order.Frames(now?.Count ?? 0));
        }

        if (now is null)
        {
            return;
        }

        if (now != before)
        {
            await store.TryCreateJsonAsync(paths.StreamSnapshot(now.Count), now, cancellationToken);
            await StreamState.ForgetAsync(store, paths, cancellationToken);
        }

        if (now.Count > _published)
        {
            await PublishAsync(now, cancellationToken);
            _published = now.Count;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _maker.DisposeAsync();

    private async Task PublishAsync(StreamSnapshot state, CancellationToken cancellationToken)
    {
        var media = StreamPlaylists.Names.Where(name => name != StreamPlaylists.Index);
        await Task.WhenAll(media.Select(name => PublishAsync(name, state, cancellationToken)));
        var address = await PublishAsync(StreamPlaylists.Index, state, cancellationToken);
        await store.TryCreateJsonAsync(paths.StreamFacts, new StreamFacts(address?.AbsoluteUri), cancellationToken);
        foreach (var name in state.Count == _order.Count ? StreamPlaylists.Names : [])
        {
            using var text = new MemoryStream(Encoding.UTF8.GetBytes(StreamPlaylists.Text(name, plan, state)!), writable: false);
            await store.TryCreateAsync(paths.StreamFile(name), text, cancellationToken);
        }
    }

    private Task<Uri?> PublishAsync(string name, StreamSnapshot state, CancellationToken cancellationToken) =>
        publisher.PublishPlaylistAsync($"{talk}/hls/{name}", StreamPlaylists.Text(name, plan, state)!, state.Count, cancellationToken);
}
