using System.Globalization;
using static WanTalk.Media.Streaming.BoxReader;

namespace WanTalk.Media.Streaming;

/// <summary>A sample of a track: a coded picture, or a frame of AAC.</summary>
/// <param name="Offset">Where its bytes are in the file.</param>
/// <param name="Bytes">How many.</param>
/// <param name="Duration">How long it lasts, in the track's timescale.</param>
/// <param name="IsSync">Whether decoding can begin with it.</param>
public readonly record struct Mp4Sample(long Offset, int Bytes, int Duration, bool IsSync);

/// <summary>
/// The one track of an MP4 that ffmpeg wrote: a window's H.264 or the speech's AAC. Only its index is read; decoding order has to be showing
/// order, as it is in both.
/// </summary>
public sealed class Mp4Track
{
    /// <summary>Bytes of an index that is not read any more: the AAC of ten hours has 7 MB.</summary>
    private const long LargestIndex = 64 << 20;

    private Mp4Track(ReadOnlyMemory<byte> moov)
    {
        var track = Get(moov, "trak");
        var media = Get(track, "mdia");
        var table = Get(Get(media, "minf"), "stbl");
        IsVideo = System.Text.Encoding.Latin1.GetString(Get(media, "hdlr").Span[8..12]) == "vide";
        // Version 1 of the header has times of 64 bits in front of it.
        var header = Get(media, "mdhd");
        Timescale = (int)UInt32(header, header.Span[0] == 1 ? 20 : 12);
        Entry = WithoutRates(Get(table, "stsd")[8..], IsVideo);
        var shape = Get(track, "tkhd");
        (Width, Height) = ((int)(UInt32(shape, shape.Length - 8) >> 16), (int)(UInt32(shape, shape.Length - 4) >> 16));
        MediaTime = TryGet(track, "edts") is { } edits ? (int)UInt32(Get(edits, "elst"), 12) : 0;
        if (TryGet(table, "ctts") is not null)
        {
            throw new InvalidDataException("The pictures are shown in another order than they are decoded in.");
        }

        Samples = SamplesOf(table);
    }

    /// <summary>Whether it is pictures; otherwise it is sound.</summary>
    public bool IsVideo { get; }

    /// <summary>Units a second.</summary>
    public int Timescale { get; }

    /// <summary>Pixels in a row; 0 for sound.</summary>
    public int Width { get; }

    /// <summary>Rows; 0 for sound.</summary>
    public int Height { get; }

    /// <summary>Where in the track showing begins, in its timescale: 1,024 for AAC, whose first frame only warms the decoder up.</summary>
    public int MediaTime { get; }

    /// <summary>Its samples.</summary>
    public IReadOnlyList<Mp4Sample> Samples { get; }

    /// <summary>How a player is told of the codec (RFC 6381): <c>avc1.640020</c>, <c>mp4a.40.2</c>.</summary>
    public string Codec => IsVideo
        ? string.Create(CultureInfo.InvariantCulture, $"avc1.{AvcC[1]:x2}{AvcC[2]:x2}{AvcC[3]:x2}")
        : "mp4a.40.2";

    /// <summary>The sample entry, without the bit rates in it, which differ from file to file.</summary>
    internal ReadOnlyMemory<byte> Entry { get; }

    private ReadOnlySpan<byte> AvcC => Get(Entry[(HeaderBytes + FixedBytes(true))..], "avcC").Span;

    /// <summary>Reads a file's index.</summary>
    /// <param name="file">The file; it can be sought in.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidDataException">It is no such file.</exception>
    public static async Task<Mp4Track> ReadAsync(Stream file, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new Mp4Track(await BoxReader.ReadAsync(file, "moov", LargestIndex, cancellationToken));
    }

    /// <summary>What stands in front of the boxes in a sample entry (14496-12, 12.1.3 and 12.2.3).</summary>
    private static int FixedBytes(bool isVideo) => isVideo ? 78 : 28;

    private static ReadOnlyMemory<byte> WithoutRates(ReadOnlyMemory<byte> entries, bool isVideo)
    {
        var (type, entry) = All(entries).First();
        var before = HeaderBytes + FixedBytes(isVideo);
        return new BoxWriter().Box(type, box =>
        {
            box.Bytes(entry[HeaderBytes..before]);
            foreach (var (inner, whole) in All(entry[before..]))
            {
                if (inner != "btrt")
                {
                    box.Bytes(whole);
                }
            }
        }).Written;
    }

    private static Mp4Sample[] SamplesOf(ReadOnlyMemory<byte> table)
    {
        var sizes = Get(table, "stsz");
        var (one, count) = (UInt32(sizes, 4), (int)UInt32(sizes, 8));
        var offsets = OffsetsOf(table, count, index => one > 0 ? (int)one : (int)UInt32(sizes, 12 + (4 * index)));
        var durations = DurationsOf(Get(table, "stts"), count);
        // Without such a table, every sample is one to begin with.
        var syncs = TryGet(table, "stss") is { } sync ? Enumerable.Range(0, (int)UInt32(sync, 4)).Select(at => UInt32(sync, 8 + (4 * at)) - 1).ToHashSet() : null;
        return [.. offsets.Select((at, index) => new Mp4Sample(at.Offset, at.Bytes, durations[index], syncs?.Contains((uint)index) ?? true))];
    }

    private static int[] DurationsOf(ReadOnlyMemory<byte> runs, int count)
    {
        var durations = new int[count];
        var sample = 0;
        for (var run = 0; run < UInt32(runs, 4); run++)
        {
            var (length, duration) = ((int)UInt32(runs, 8 + (8 * run)), (int)UInt32(runs, 12 + (8 * run)));
            durations.AsSpan(sample, length).Fill(duration);
            sample += length;
        }

        return durations;
    }

    /// <summary>Samples lie in chunks, one behind the other; the first table counts each chunk's, the second says where it begins.</summary>
    private static (long Offset, int Bytes)[] OffsetsOf(ReadOnlyMemory<byte> table, int count, Func<int, int> bytesOf)
    {
        var isLong = TryGet(table, "stco") is null;
        var (runs, chunks) = (Get(table, "stsc"), Get(table, isLong ? "co64" : "stco"));
        var (offsets, sample, run) = (new (long, int)[count], 0, 0);
        for (var chunk = 0; chunk < UInt32(chunks, 4); chunk++)
        {
            while (run + 1 < UInt32(runs, 4) && UInt32(runs, 8 + (12 * (run + 1))) <= chunk + 1)
            {
                run++;
            }

            var at = isLong ? ((long)UInt32(chunks, 8 + (8 * chunk)) << 32) + UInt32(chunks, 12 + (8 * chunk)) : UInt32(chunks, 8 + (4 * chunk));
            for (var left = UInt32(runs, 12 + (12 * run)); left > 0; left--)
            {
                offsets[sample] = (at, bytesOf(sample));
                at += bytesOf(sample++);
            }
        }

        return offsets;
    }
}
