using System.Buffers.Binary;
using System.Text;

namespace WanTalk.Core.Sniffing;

/// <summary>Tells what a file is by its first bytes; names are never trusted.</summary>
public static class MediaSniffer
{
    /// <summary>As many first bytes as are looked at. Fewer are fine.</summary>
    public const int BytesNeeded = 512;

    /// <summary>Tells the kind from the first bytes.</summary>
    /// <param name="start">The first <see cref="BytesNeeded"/> bytes, or all there are.</param>
    public static MediaKind Sniff(ReadOnlySpan<byte> start)
    {
        if (start.Length > BytesNeeded)
            start = start[..BytesNeeded];
        return Picture(start) ?? Recording(start) ?? (IsText(start) ? MediaKind.Text : MediaKind.Unknown);
    }

    /// <summary>Whether it is a picture.</summary>
    public static bool IsPicture(MediaKind kind) => kind is >= MediaKind.Png and <= MediaKind.Heif;

    /// <summary>Whether it may hold speech. Unknown kinds may: ffmpeg knows more of them than this list.</summary>
    public static bool MayHoldSpeech(MediaKind kind) => kind != MediaKind.Text && !IsPicture(kind);

    private static MediaKind? Picture(ReadOnlySpan<byte> b)
    {
        if (b.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
            return MediaKind.Png;
        if (b.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return MediaKind.Jpeg;
        if (IsRiff(b, "WEBP"u8))
            return MediaKind.Webp;
        if (b.StartsWith("GIF87a"u8) || b.StartsWith("GIF89a"u8))
            return MediaKind.Gif;
        if (b.StartsWith("BM"u8) && b.Length >= 10 && b[6..10].SequenceEqual((ReadOnlySpan<byte>)[0, 0, 0, 0]))
            return MediaKind.Bmp;
        if (b.StartsWith("II*\0"u8) || b.StartsWith("MM\0*"u8))
            return MediaKind.Tiff;
        return IsHeif(b) ? MediaKind.Heif : null;
    }

    private static MediaKind? Recording(ReadOnlySpan<byte> b)
    {
        if (IsRiff(b, "WAVE"u8))
            return MediaKind.Wav;
        if (IsRiff(b, "AVI "u8))
            return MediaKind.Avi;
        if (b.StartsWith("fLaC"u8))
            return MediaKind.Flac;
        if (b.StartsWith("OggS"u8))
            return MediaKind.Ogg;
        if (b.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]))
            return MediaKind.Matroska;
        if (b.StartsWith("FORM"u8) && b.Length >= 12 && (b[8..12].SequenceEqual("AIFF"u8) || b[8..12].SequenceEqual("AIFC"u8)))
            return MediaKind.Aiff;
        if (HasBox(b, "ftyp"u8) || HasBox(b, "moov"u8) || HasBox(b, "mdat"u8) || HasBox(b, "wide"u8))
            return MediaKind.Mp4;
        if (b.StartsWith("ID3"u8))
            return MediaKind.Mp3;
        return Mpeg(b);
    }

    /// <summary>An MPEG audio header: eleven set bits, then version, layer, bit rate and sample rate that exist (ISO 11172-3, 2.4.1.3).</summary>
    private static MediaKind? Mpeg(ReadOnlySpan<byte> b)
    {
        if (b.Length < 4)
            return null;
        var header = BinaryPrimitives.ReadUInt32BigEndian(b);
        if ((header & 0xFFF60000) == 0xFFF00000)
            return MediaKind.Aac;
        var (version, layer, bitRate, sampleRate) = ((header >> 19) & 3, (header >> 17) & 3, (header >> 12) & 15, (header >> 10) & 3);
        return header >> 21 == 0x7FF && version != 1 && layer == 1 && bitRate != 15 && sampleRate != 3 ? MediaKind.Mp3 : null;
    }

    private static bool IsRiff(ReadOnlySpan<byte> b, ReadOnlySpan<byte> form) =>
        b.Length >= 12 && (b.StartsWith("RIFF"u8) || b.StartsWith("RF64"u8) || b.StartsWith("RIFX"u8)) && b[8..12].SequenceEqual(form);

    private static bool HasBox(ReadOnlySpan<byte> b, ReadOnlySpan<byte> type) => b.Length >= 8 && b[4..8].SequenceEqual(type);

    private static bool IsHeif(ReadOnlySpan<byte> b)
    {
        if (!HasBox(b, "ftyp"u8) || b.Length < 12)
            return false;
        var brand = b[8..12];
        return brand.SequenceEqual("heic"u8) || brand.SequenceEqual("heix"u8) || brand.SequenceEqual("mif1"u8)
            || brand.SequenceEqual("msf1"u8) || brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8);
    }

    private static bool IsText(ReadOnlySpan<byte> b)
    {
        if (b.IsEmpty)
            return false;
        if (b.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || b.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return b.Length % 2 == 0 && IsPrintableUtf16(b[0] == 0xFF ? Encoding.Unicode : Encoding.BigEndianUnicode, b[2..]);

        // The end may cut a character of up to four bytes in half.
        for (var cut = 0; cut < 4 && cut < b.Length; cut++)
        {
            var whole = b[..^cut];
            if (System.Text.Unicode.Utf8.IsValid(whole))
                return IsPrintable(Encoding.UTF8.GetString(whole));
            if (b.Length < BytesNeeded)
                return false;
        }

        return false;
    }

    /// <summary>The end may cut a pair of surrogates in half, which is decoded as one replacement character.</summary>
    private static bool IsPrintableUtf16(Encoding encoding, ReadOnlySpan<byte> b)
    {
        var text = encoding.GetString(b);
        return IsPrintable(b.Length == BytesNeeded - 2 && text.EndsWith('\uFFFD') ? text[..^1] : text);
    }

    private static bool IsPrintable(string text)
    {
        foreach (var c in text)
        {
            if (c == '\uFFFD' || (char.IsControl(c) && c is not ('\t' or '\n' or '\r' or '\f')))
                return false;
        }

        return true;
    }
}
