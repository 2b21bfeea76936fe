using System.Text.Json.Serialization;
using WanTalk.Core.Windows;

namespace WanTalk.Core.Streaming;

/// <summary>
/// What makes a window's segments count: <c>hls/segments/00-0007.json</c>, written create-only once both can be had.
/// </summary>
/// <param name="Video">Where the pictures' segment is: a name beside the playlists, or an address.</param>
/// <param name="Audio">Where the speech's segment is.</param>
/// <param name="Samples">How long the speech's segment is, in samples at 48 kHz.</param>
/// <param name="Bytes">The size of both.</param>
public sealed record StreamSegment(string Video, string Audio, int Samples, long Bytes)
{
    /// <summary>Where the header of the pictures' segments is; the same for each of a talk.</summary>
    public required string VideoHeader { get; init; }

    /// <summary>Where the header of the speech's segments is.</summary>
    public required string AudioHeader { get; init; }

    /// <summary>The codecs of both, as RFC 6381 names them.</summary>
    public required string Codecs { get; init; }
}

/// <summary>
/// The segments that can be played, in order and without a gap: <c>hls/playlists/00007.json</c> has the first seven. It says the same
/// whoever writes it, since it follows from the segments' records, and those are never changed.
/// </summary>
/// <param name="VideoHeader">Where the header of the pictures' segments is.</param>
/// <param name="AudioHeader">Where the header of the speech's segments is.</param>
/// <param name="Codecs">The codecs of both.</param>
/// <param name="Bytes">The size of all segments.</param>
/// <param name="PeakBitRate">The highest bit rate of a segment, in bits a second.</param>
/// <param name="Segments">The segments.</param>
public sealed record StreamSnapshot(
    string VideoHeader, string AudioHeader, string Codecs, long Bytes, long PeakBitRate, IReadOnlyList<ListedSegment> Segments)
{
    /// <summary>How many segments there are.</summary>
    [JsonIgnore]
    public int Count => Segments.Count;

    /// <summary>One more.</summary>
    /// <param name="before">What there is; null for nothing yet.</param>
    /// <param name="next">The segment behind it.</param>
    /// <param name="frames">That segment's frames.</param>
    public static StreamSnapshot Append(StreamSnapshot? before, StreamSegment next, int frames)
    {
        ArgumentNullException.ThrowIfNull(next);
        var rate = ((next.Bytes * 8 * WindowArithmetic.FramesPerSecond) + frames - 1) / frames;
        var listed = new ListedSegment(next.Video, next.Audio, next.Samples);
        return before is null
            ? new StreamSnapshot(next.VideoHeader, next.AudioHeader, next.Codecs, next.Bytes, rate, [listed])
            : before with { Bytes = before.Bytes + next.Bytes, PeakBitRate = Math.Max(before.PeakBitRate, rate), Segments = [.. before.Segments, listed] };
    }
}

/// <summary>A segment that can be played.</summary>
/// <param name="Video">Where its pictures are.</param>
/// <param name="Audio">Where its speech is.</param>
/// <param name="Samples">How long its speech is, in samples at 48 kHz.</param>
public sealed record ListedSegment(string Video, string Audio, int Samples);

/// <summary>Where a talk's stream is: <c>hls/stream.json</c>, written create-only once it can be played.</summary>
/// <param name="Url">The address of its playlist; null when the host hands it out.</param>
public sealed record StreamFacts(string? Url);
