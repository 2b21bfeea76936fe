using System.Globalization;
using System.Text;
using WanTalk.Core.Plans;
using WanTalk.Core.Talks;
using WanTalk.Core.Windows;

namespace WanTalk.Core.Streaming;

/// <summary>
/// A stream's playlists (HTTP Live Streaming, RFC 8216). All of them follow from the plan and the segments that can be played; they only
/// ever grow at their end (EVENT), and with the last segment they are whole (VOD). Pictures and speech list as many segments, since both have
/// to be of one type and to end at the same time (6.2.4).
/// </summary>
public static class StreamPlaylists
{
    /// <summary>The name of the one that players are given.</summary>
    public const string Index = "index.m3u8";

    /// <summary>The name of the one with the pictures' segments.</summary>
    public const string Video = "video.m3u8";

    /// <summary>The name of the one with the speech's segments.</summary>
    public const string Audio = "audio.m3u8";

    /// <summary>What playlists are served as.</summary>
    public const string MediaType = "application/vnd.apple.mpegurl";

    // EXT-X-MAP with plain segments is of version 6.
    private const int Version = 6;
    private const long MicrosecondsPerSecond = 1_000_000;

    // Who begins while it grows sees it from its start; without this, players begin a few seconds before its end. It is in the playlists of
    // segments only: ffmpeg takes any that has it for one of them, and would find each stream twice.
    private const string FromTheStart = "#EXT-X-START:TIME-OFFSET=0";

    /// <summary>Their names, that which players are given last.</summary>
    public static IReadOnlyList<string> Names { get; } = [Audio, Video, Index];

    /// <summary>What a header or a segment is served as, by its name.</summary>
    public static string FileMediaType(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.EndsWith(".m4s", StringComparison.Ordinal) ? "video/iso.segment" : "video/mp4";
    }

    /// <summary>The text of a playlist; null when there is none of that name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="plan">The talk's plan.</param>
    /// <param name="snapshot">The segments that can be played, at least one.</param>
    public static string? Text(string name, TalkPlan plan, StreamSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(snapshot);
        var order = new PlayOrder(plan);
        return name switch
        {
            Index => IndexText(plan.EffectiveSize, order, snapshot),
            Video => MediaText(order, snapshot, snapshot.VideoHeader, VideoLines(order, snapshot)),
            Audio => MediaText(order, snapshot, snapshot.AudioHeader, AudioLines(snapshot)),
            _ => null,
        };
    }

    /// <summary>The bit rates are those of the segments so far: what is not made yet has none.</summary>
    private static string IndexText(FrameSize size, PlayOrder order, StreamSnapshot snapshot)
    {
        var frames = order.FramesBefore(snapshot.Count - 1) + order.Frames(snapshot.Count - 1);
        var average = ((snapshot.Bytes * 8 * WindowArithmetic.FramesPerSecond) + frames - 1) / frames;
        return string.Create(CultureInfo.InvariantCulture, $"""
            #EXTM3U
            #EXT-X-VERSION:{Version}
            #EXT-X-INDEPENDENT-SEGMENTS
            #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="speech",NAME="Speech",DEFAULT=YES,AUTOSELECT=YES,URI="{Audio}"
            #EXT-X-STREAM-INF:BANDWIDTH={snapshot.PeakBitRate},AVERAGE-BANDWIDTH={average},CODECS="{snapshot.Codecs}",RESOLUTION={size.Width}x{size.Height},FRAME-RATE={WindowArithmetic.FramesPerSecond}.000,AUDIO="speech"
            {Video}

            """);
    }

    private static string MediaText(PlayOrder order, StreamSnapshot snapshot, string header, IEnumerable<(string Seconds, string Address)> lines)
    {
        var isWhole = snapshot.Count == order.Count;
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"""
            #EXTM3U
            #EXT-X-VERSION:{Version}
            #EXT-X-TARGETDURATION:{order.TargetSeconds}
            #EXT-X-PLAYLIST-TYPE:{(isWhole ? "VOD" : "EVENT")}
            #EXT-X-INDEPENDENT-SEGMENTS
            {FromTheStart}
            #EXT-X-MAP:URI="{header}"

            """));
        foreach (var (seconds, address) in lines)
        {
            text.Append(CultureInfo.InvariantCulture, $"#EXTINF:{seconds},\n{address}\n");
        }

        return text.Append(isWhole ? "#EXT-X-ENDLIST\n" : "").ToString();
    }

    /// <summary>A frame is 0.04 s: two digits are exact.</summary>
    private static IEnumerable<(string Seconds, string Address)> VideoLines(PlayOrder order, StreamSnapshot snapshot) =>
        snapshot.Segments.Select((segment, place) =>
            ((order.Frames(place) / (decimal)WindowArithmetic.FramesPerSecond).ToString("0.00", CultureInfo.InvariantCulture), segment.Video));

    /// <summary>A sample is no round part of a second: each end is rounded to a microsecond, so that what is lost does not add up.</summary>
    private static IEnumerable<(string Seconds, string Address)> AudioLines(StreamSnapshot snapshot)
    {
        long samples = 0;
        foreach (var segment in snapshot.Segments)
        {
            var begin = Microseconds(samples);
            samples += segment.Samples;
            yield return (((Microseconds(samples) - begin) / (decimal)MicrosecondsPerSecond).ToString("0.000000", CultureInfo.InvariantCulture), segment.Audio);
        }
    }

    private static long Microseconds(long samples) => samples * MicrosecondsPerSecond / WindowArithmetic.SpeechSampleRate;
}
