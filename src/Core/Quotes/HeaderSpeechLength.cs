using System.Buffers.Binary;
using WanTalk.Core.Errors;
using WanTalk.Core.Windows;

namespace WanTalk.Core.Quotes;

/// <summary>
/// Reads the length of a speech from its header, where that is exact: WAV with samples of fixed size (Microsoft's "Multimedia Programming
/// Interface and Data Specifications 1.0" and WAVEFORMATEXTENSIBLE) and FLAC (RFC 9639, 8.2). For hosts that cannot decode.
/// </summary>
public sealed class HeaderSpeechLength : ISpeechLength
{
    private const ushort Pcm = 1;
    private const ushort FloatingPoint = 3;
    private const ushort Extensible = 0xFFFE;
    private const int FormatBytes = 16;
    private const int StreamInfoBytes = 18;

    // WAV writers that cannot seek leave one of these sizes, or 0, where the real one belongs.
    private const uint PlaceholderFrom = 0x7FFF_F000;

    // Far more than a real file has in front of its samples, so that a hostile one ends the search soon.
    private const int MaxChunks = 256;
    private const long MaxSkippedBytes = 16 << 20;

    /// <inheritdoc/>
    public async Task<SpeechExtent> MeasureAsync(Stream speech, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(speech);
        var head = new byte[12];
        var length = await TryFillAsync(speech, head.AsMemory(0, 4), cancellationToken)
            ? head.AsSpan(0, 4).SequenceEqual("fLaC"u8) ? await OfFlacAsync(speech, cancellationToken)
            : head.AsSpan(0, 4).SequenceEqual("RIFF"u8)
                && await TryFillAsync(speech, head.AsMemory(4, 8), cancellationToken)
                && head.AsSpan(8, 4).SequenceEqual("WAVE"u8)
                ? await OfWavAsync(speech, cancellationToken) : null
            : null;
        return length is { Samples: > 0, Rate: > 0 } known
            ? new SpeechExtent(InSpeechRate(known.Samples, known.Rate))
            : throw new TalkException(ErrorCode.SpeechLengthUnknown,
                "This host reads the length of WAV and FLAC only, from their headers. Give audio_seconds, the speech's length in seconds.");
    }

    private static long InSpeechRate(long samples, long rate) =>
        (long)((((Int128)samples * WindowArithmetic.SpeechSampleRate) + (rate / 2)) / rate);

    private static async Task<(long Samples, long Rate)?> OfWavAsync(Stream speech, CancellationToken cancellationToken)
    {
        var (chunk, format, hasFormat) = (new byte[8], new byte[FormatBytes], false);
        long skipped = 0;
        for (var count = 0; count < MaxChunks && await TryFillAsync(speech, chunk, cancellationToken); count++)
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(chunk.AsSpan(4));
            if (chunk.AsSpan(0, 4).SequenceEqual("data"u8))
            {
                return hasFormat ? OfData(format, size, speech) : null;
            }

            var left = (long)size + (size % 2);
            if (chunk.AsSpan(0, 4).SequenceEqual("fmt "u8))
            {
                hasFormat = size >= FormatBytes && await TryFillAsync(speech, format, cancellationToken);
                left -= FormatBytes;
            }

            skipped += left;
            if (left < 0 || skipped > MaxSkippedBytes || !await TrySkipAsync(speech, left, cancellationToken))
            {
                return null;
            }
        }

        return null;
    }

    private static (long Samples, long Rate)? OfData(ReadOnlySpan<byte> format, uint size, Stream speech)
    {
        var frame = BinaryPrimitives.ReadUInt16LittleEndian(format[12..]);
        if (BinaryPrimitives.ReadUInt16LittleEndian(format) is not (Pcm or FloatingPoint or Extensible) || frame == 0)
        {
            return null;
        }

        var isOpen = size is 0 or >= PlaceholderFrom;
        return speech.CanSeek ? (Math.Min(isOpen ? long.MaxValue : size, speech.Length - speech.Position) / frame, RateOf(format))
            : isOpen ? null
            : (size / frame, RateOf(format));
    }

    private static long RateOf(ReadOnlySpan<byte> format) => BinaryPrimitives.ReadUInt32LittleEndian(format[4..]);

    private static async Task<(long Samples, long Rate)?> OfFlacAsync(Stream speech, CancellationToken cancellationToken)
    {
        // The first block is STREAMINFO: a header of 4 bytes, 10 bytes of sizes, then 20 bits of rate, 8 of others and 36 of samples.
        var block = new byte[4 + StreamInfoBytes];
        return await TryFillAsync(speech, block, cancellationToken) && (block[0] & 0x7F) == 0
            && BinaryPrimitives.ReadUInt64BigEndian(block.AsSpan(14)) is var packed
            ? ((long)(packed & 0xF_FFFF_FFFF), (long)(packed >> 44))
            : null;
    }

    private static async Task<bool> TryFillAsync(Stream stream, Memory<byte> buffer, CancellationToken cancellationToken) =>
        await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken) == buffer.Length;

    private static async Task<bool> TrySkipAsync(Stream stream, long bytes, CancellationToken cancellationToken)
    {
        var buffer = new byte[Math.Min(bytes, 64 << 10)];
        for (var left = bytes; left > 0; left -= buffer.Length)
        {
            if (!await TryFillAsync(stream, buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken))
            {
                return false;
            }
        }

        return true;
    }
}
