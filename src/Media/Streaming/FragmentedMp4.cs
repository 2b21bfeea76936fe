namespace WanTalk.Media.Streaming;

/// <summary>
/// Makes segments for HTTP Live Streaming (RFC 8216, 3.3) of what is encoded already: a header once, and fragments with the samples' very
/// bytes behind it (ISO/IEC 14496-12, 8.8). No program runs, and nothing of the machine is in the bytes: same samples, same bytes.
/// </summary>
public static class FragmentedMp4
{
    private const int SyncSample = 0x02000000;
    private const int OtherSample = 0x01010000;
    private const int CopyBytes = 81920;

    /// <summary>The header of a track: what <c>EXT-X-MAP</c> names. It is the same for each of a talk's windows.</summary>
    public static ReadOnlyMemory<byte> Header(Mp4Track track)
    {
        ArgumentNullException.ThrowIfNull(track);
        return new BoxWriter()
            .Box("ftyp", box => box.Letters("iso6").U32(0).Letters("iso6").Letters("mp41"))
            .Box("moov", moov => moov
                .FullBox("mvhd", 0, 0, box => Matrix(box.Zeros(8).U32(track.Timescale).U32(0).U32(0x00010000).U16(0x0100).Zeros(10)).Zeros(24).U32(2))
                .Box("trak", box => Track(box, track))
                .Box("mvex", box => box.FullBox("trex", 0, 0, trex => trex.U32(1).U32(1).Zeros(12))))
            .Written;
    }

    /// <summary>Writes a fragment with some of a track's samples.</summary>
    /// <param name="track">The track.</param>
    /// <param name="file">The file that it is in; it can be sought in. The samples lie in it one behind the other.</param>
    /// <param name="first">The first sample, from 0.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="number">The fragment's number, from 1.</param>
    /// <param name="decodeTime">When it begins, in the track's timescale.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task WriteAsync(
        Mp4Track track, Stream file, int first, int count, int number, long decodeTime, Stream target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(track);
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Mp4Sample[] samples = [.. track.Samples.Skip(first).Take(count)];
        var bytes = samples.Sum(sample => (long)sample.Bytes);
        var head = new BoxWriter();
        head.Box("moof", moof => moof
            .FullBox("mfhd", 0, 0, box => box.U32(number))
            .Box("traf", traf =>
            {
                traf.FullBox("tfhd", 0, 0x020000, box => box.U32(1)).FullBox("tfdt", 1, 0, box => box.U64(decodeTime));
                Run(traf, samples);
            }));
        head.U32(bytes + BoxReader.HeaderBytes).Letters("mdat");
        // Where the samples are is counted from the start of the box 'moof'; it is the first number behind that of the run's samples.
        head.Patch(head.Length - BoxReader.HeaderBytes - (samples.Length * 12) - 4, head.Length);
        await target.WriteAsync(head.Written, cancellationToken);
        await CopyAsync(file, samples, target, cancellationToken);
    }

    private static void Run(BoxWriter traf, Mp4Sample[] samples) => traf.FullBox("trun", 0, 0x701, box =>
    {
        box.U32(samples.Length).U32(0);
        foreach (var sample in samples)
        {
            box.U32(sample.Duration).U32(sample.Bytes).U32(sample.IsSync ? SyncSample : OtherSample);
        }
    });

    /// <summary>Copies samples; those that lie one behind the other at once.</summary>
    private static async Task CopyAsync(Stream file, Mp4Sample[] samples, Stream target, CancellationToken cancellationToken)
    {
        var buffer = new byte[CopyBytes];
        for (var next = 0; next < samples.Length;)
        {
            var (begin, end) = (samples[next].Offset, samples[next].Offset);
            while (next < samples.Length && samples[next].Offset == end)
            {
                end += samples[next++].Bytes;
            }

            file.Position = begin;
            for (var left = end - begin; left > 0;)
            {
                var part = buffer.AsMemory(0, (int)Math.Min(left, buffer.Length));
                await file.ReadExactlyAsync(part, cancellationToken);
                await target.WriteAsync(part, cancellationToken);
                left -= part.Length;
            }
        }
    }

    private static void Track(BoxWriter trak, Mp4Track track)
    {
        trak.FullBox("tkhd", 0, 3, box => Matrix(box.Zeros(8).U32(1).Zeros(20).U16(track.IsVideo ? 0 : 0x0100).U16(0))
            .U32((long)track.Width << 16).U32((long)track.Height << 16));
        if (track.MediaTime > 0)
        {
            // A duration of 0: to the end, which a header does not know.
            trak.Box("edts", box => box.FullBox("elst", 0, 0, edit => edit.U32(1).U32(0).U32(track.MediaTime).U16(1).U16(0)));
        }

        trak.Box("mdia", mdia => mdia
            .FullBox("mdhd", 0, 0, box => box.Zeros(8).U32(track.Timescale).U32(0).U16(0x55c4).U16(0))
            .FullBox("hdlr", 0, 0, box => box.U32(0).Letters(track.IsVideo ? "vide" : "soun").Zeros(13))
            .Box("minf", minf => Tables(
                track.IsVideo ? minf.FullBox("vmhd", 0, 1, box => box.Zeros(8)) : minf.FullBox("smhd", 0, 0, box => box.Zeros(4)), track)));
    }

    /// <summary>The header's tables are empty: fragments have their own.</summary>
    private static void Tables(BoxWriter minf, Mp4Track track) => minf
        .Box("dinf", dinf => dinf.FullBox("dref", 0, 0, dref => dref.U32(1).FullBox("url ", 0, 1, _ => { })))
        .Box("stbl", stbl => stbl
            .FullBox("stsd", 0, 0, box => box.U32(1).Bytes(track.Entry))
            .FullBox("stts", 0, 0, box => box.U32(0))
            .FullBox("stsc", 0, 0, box => box.U32(0))
            .FullBox("stsz", 0, 0, box => box.U32(0).U32(0))
            .FullBox("stco", 0, 0, box => box.U32(0)));

    /// <summary>Nothing is turned or stretched.</summary>
    private static BoxWriter Matrix(BoxWriter box) => box.U32(0x00010000).Zeros(12).U32(0x00010000).Zeros(12).U32(0x40000000);
}
