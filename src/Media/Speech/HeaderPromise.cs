using System.Buffers.Binary;

namespace WanTalk.Media.Speech;

/// <summary>
/// The length that a WAV or MP3 header promises, in seconds. ffprobe cannot be asked: for a cut WAV it reports what is left, and for an MP3
/// without a Xing header it estimates from the bit rate, which is no promise.
/// </summary>
internal static class HeaderPromise
{
    // MP3: an ID3 tag is skipped by its length, and the first header is looked for in as many bytes behind it.
    private const int SearchBytes = 64 * 1024;

    // WAV writers that cannot seek leave one of these sizes, or 0, where the real one belongs.
    private const uint PlaceholderFrom = 0x7FFF_F000;

    // Far more blocks than a real file has in front of its audio, so that a hostile one ends the search soon.
    private const int MaxBlocks = 256;

    private static readonly int[] SampleRates = [44_100, 48_000, 32_000];

    /// <summary>What a RIFF WAVE file promises; null when it holds all of it, or leaves its size open.</summary>
    public static async Task<double?> OfWavAsync(Stream file, CancellationToken cancellationToken)
    {
        var header = new byte[28];
        if (await ReadAtAsync(file, 0, header.AsMemory(0, 12), cancellationToken) < 12 || !header.AsSpan(0, 4).SequenceEqual("RIFF"u8))
            return null;
        long at = 12;
        uint bytesPerSecond = 0;
        for (var block = 0; block < MaxBlocks && await ReadAtAsync(file, at, header, cancellationToken) >= 8; block++)
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4));
            if (header.AsSpan(0, 4).SequenceEqual("fmt "u8))
                bytesPerSecond = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(16));
            if (header.AsSpan(0, 4).SequenceEqual("data"u8))
                return size < PlaceholderFrom && bytesPerSecond > 0 && at + 8 + size > file.Length ? size / (double)bytesPerSecond : null;
            at += 8 + size + (size % 2);
        }

        return null;
    }

    /// <summary>What an MP3's Xing, Info or VBRI header promises; null without one.</summary>
    public static async Task<double?> OfMp3Async(Stream file, CancellationToken cancellationToken)
    {
        var buffer = new byte[SearchBytes];
        long at = 0;
        var count = await ReadAtAsync(file, at, buffer, cancellationToken);
        for (var tag = 0; tag < MaxBlocks && count >= 10 && buffer.AsSpan(0, 3).SequenceEqual("ID3"u8); tag++)
        {
            at += 10 + ((buffer[6] & 0x7F) << 21) + ((buffer[7] & 0x7F) << 14) + ((buffer[8] & 0x7F) << 7) + (buffer[9] & 0x7F);
            count = await ReadAtAsync(file, at, buffer, cancellationToken);
        }

        return OfMp3(buffer.AsSpan(0, count));
    }

    /// <summary>As <see cref="OfMp3Async"/>, of bytes behind the ID3 tags.</summary>
    internal static double? OfMp3(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i + 200 < bytes.Length; i++)
        {
            // Layer III with a sample rate that exists (ISO 11172-3, 2.4.1.3; version 2.5 is MPEG's extension).
            var (version, rate) = ((bytes[i + 1] >> 3) & 3, (bytes[i + 2] >> 2) & 3);
            if (bytes[i] != 0xFF || (bytes[i + 1] & 0xE6) != 0xE2 || version == 1 || rate == 3)
                continue;
            var (mpeg1, mono) = (version == 3, bytes[i + 3] >> 6 == 3);
            var sideInformation = mpeg1 ? (mono ? 17 : 32) : (mono ? 9 : 17);
            if (Frames(bytes[(i + 4)..], sideInformation) is not { } frames)
                return null;
            var sampleRate = SampleRates[rate] / (version switch { 3 => 1, 2 => 2, _ => 4 });
            return frames * (mpeg1 ? 1152.0 : 576.0) / sampleRate;
        }

        return null;
    }

    private static uint? Frames(ReadOnlySpan<byte> afterHeader, int sideInformation)
    {
        var xing = afterHeader[sideInformation..];
        if ((xing.StartsWith("Xing"u8) || xing.StartsWith("Info"u8)) && (xing[7] & 1) == 1)
            return BinaryPrimitives.ReadUInt32BigEndian(xing[8..]);
        var vbri = afterHeader[32..];
        return vbri.StartsWith("VBRI"u8) ? BinaryPrimitives.ReadUInt32BigEndian(vbri[14..]) : null;
    }

    private static async Task<int> ReadAtAsync(Stream file, long at, Memory<byte> into, CancellationToken cancellationToken)
    {
        if (at >= file.Length)
            return 0;
        file.Position = at;
        return await file.ReadAtLeastAsync(into, into.Length, throwOnEndOfStream: false, cancellationToken);
    }
}
