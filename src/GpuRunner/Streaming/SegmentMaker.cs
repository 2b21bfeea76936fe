using System.Collections.Concurrent;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Plans;
using WanTalk.Core.Publishing;
using WanTalk.Core.Streaming;
using WanTalk.Core.Talks;
using WanTalk.Core.Windows;
using WanTalk.GpuRunner.Stages;
using WanTalk.Media.Streaming;

namespace WanTalk.GpuRunner.Streaming;

/// <summary>
/// Makes a committed window's segments of pictures and speech, and publishes them under names that say their hashes: whoever does it again
/// comes to the same files. The record that names both is written last.
/// </summary>
internal sealed class SegmentMaker(
    IArtifactStore store, IPublisher publisher, TalkPaths paths, string talk, TalkPlan plan, string scratch) : IAsyncDisposable
{
    private readonly PlayOrder _order = new(plan);
    private readonly ConcurrentDictionary<string, string> _headers = [];
    private (Stream File, Mp4Track Track)? _speech;

    /// <summary>The record of the window at a place, made if it has to be; null while the window is not committed.</summary>
    public async Task<StreamSegment?> GetAsync(int place, CancellationToken cancellationToken)
    {
        var (take, window) = _order.At(place);
        var record = paths.StreamSegment(take, window);
        if (await store.TryReadJsonAsync<StreamSegment>(record, cancellationToken) is { } there)
        {
            return there;
        }

        if (await store.TryReadJsonAsync<CommitRecord>(paths.Commit(take, window), cancellationToken) is not { } commit)
        {
            return null;
        }

        var made = await MakeAsync(place, new ArtifactPath(commit.Segment.Path), cancellationToken);
        return await store.TryCreateJsonAsync(record, made, cancellationToken)
            ? made
            : await store.ReadJsonAsync<StreamSegment>(record, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_speech is { } speech)
        {
            await speech.File.DisposeAsync();
        }
    }

    private async Task<StreamSegment> MakeAsync(int place, ArtifactPath window, CancellationToken cancellationToken)
    {
        await using var pictures = await store.OpenRequiredAsync(window, cancellationToken);
        var track = await Mp4Track.ReadAsync(pictures, cancellationToken);
        if (track.Samples.Count != _order.Frames(place))
        {
            throw new InvalidDataException($"{window} has {track.Samples.Count} frames and not {_order.Frames(place)}.");
        }

        var begin = (long)_order.FramesBefore(place) * track.Timescale / WindowArithmetic.FramesPerSecond;
        var (videoFile, audioFile) = (Path.Combine(scratch, "video.m4s"), Path.Combine(scratch, "audio.m4s"));
        await WriteAsync(videoFile, target => FragmentedMp4.WriteAsync(
            track, pictures, 0, track.Samples.Count, place + 1, begin, target, cancellationToken));

        var (speechFile, speech) = _speech ??= await OpenSpeechAsync(cancellationToken);
        var first = FirstFrameOf(speech, place);
        var end = place + 1 < _order.Count ? FirstFrameOf(speech, place + 1) : speech.Samples.Count;
        await WriteAsync(audioFile, target => FragmentedMp4.WriteAsync(
            speech, speechFile, first, end - first, place + 1, DurationOf(speech, 0, first), target, cancellationToken));

        var headers = Task.WhenAll(HeaderAsync(track, cancellationToken), HeaderAsync(speech, cancellationToken));
        var segments = Task.WhenAll(PublishAsync(videoFile, ".m4s", cancellationToken), PublishAsync(audioFile, ".m4s", cancellationToken));
        await Task.WhenAll(headers, segments);
        return new StreamSegment(
            (await segments)[0], (await segments)[1], (int)DurationOf(speech, first, end), new FileInfo(videoFile).Length + new FileInfo(audioFile).Length)
        {
            VideoHeader = (await headers)[0],
            AudioHeader = (await headers)[1],
            Codecs = $"{track.Codec},{speech.Codec}",
        };
    }

    private int FirstFrameOf(Mp4Track speech, int place) =>
        SpeechSegments.FirstFrame(speech, (long)_order.FramesBefore(place) * speech.Timescale / WindowArithmetic.FramesPerSecond);

    private static long DurationOf(Mp4Track track, int first, int end)
    {
        long sum = 0;
        for (var sample = first; sample < end; sample++)
        {
            sum += track.Samples[sample].Duration;
        }

        return sum;
    }

    private async Task<(Stream File, Mp4Track Track)> OpenSpeechAsync(CancellationToken cancellationToken)
    {
        var file = await store.OpenRequiredAsync(paths.SpeechAac, cancellationToken);
        return (file, await Mp4Track.ReadAsync(file, cancellationToken));
    }

    /// <summary>The address of a track's header, which is published once.</summary>
    private async Task<string> HeaderAsync(Mp4Track track, CancellationToken cancellationToken)
    {
        if (_headers.TryGetValue(track.Codec, out var known))
        {
            return known;
        }

        var file = Path.Combine(scratch, track.IsVideo ? "video.mp4" : "audio.mp4");
        await WriteAsync(file, target => target.WriteAsync(FragmentedMp4.Header(track), cancellationToken).AsTask());
        var address = await PublishAsync(file, ".mp4", cancellationToken);
        return _headers.GetOrAdd(track.Codec, address);
    }

    private static async Task WriteAsync(string file, Func<Stream, Task> write)
    {
        await using var target = File.Create(file);
        await write(target);
    }

    /// <summary>Publishes a file where players get it, or puts it beside the playlists that the host hands out.</summary>
    private async Task<string> PublishAsync(string file, string extension, CancellationToken cancellationToken)
    {
        var name = await StoredContent.HashFileAsync(file, cancellationToken) + extension;
        if (publisher.ServesPlayers)
        {
            var url = await publisher.PublishAsync(
                $"{talk}/hls/{name}", _ => Task.FromResult<Stream>(File.OpenRead(file)), new FileInfo(file).Length, cancellationToken);
            return url.AbsoluteUri;
        }

        if (!await store.ExistsAsync(paths.StreamFile(name), cancellationToken))
        {
            await store.StoreFileAsync(file, paths.StreamFile(name), cancellationToken);
        }

        return name;
    }
}
