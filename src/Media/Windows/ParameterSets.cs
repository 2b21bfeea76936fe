using System.Buffers.Binary;

namespace WanTalk.Media.Windows;

/// <summary>Reads the H.264 parameter sets of a segment: its avcC box (ISO/IEC 14496-15, 5.3.3.1), which is in front of the pictures.</summary>
internal static class ParameterSets
{
    // A segment's header is about 1 KB plus 4 bytes a frame, and the box is in its first half.
    private const int HeaderBytes = 4096;

    /// <summary>The box's contents; null when it is not there.</summary>
    public static async Task<byte[]?> ReadAsync(string segmentMp4, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(segmentMp4, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous);
        var start = new byte[HeaderBytes];
        var count = await file.ReadAtLeastAsync(start, HeaderBytes, throwOnEndOfStream: false, cancellationToken);
        return Find(start.AsSpan(0, count));
    }

    private static byte[]? Find(ReadOnlySpan<byte> start)
    {
        var type = start.IndexOf("avcC"u8);
        if (type < 4)
            return null;
        var size = BinaryPrimitives.ReadUInt32BigEndian(start[(type - 4)..]);
        return size >= 8 && type - 4 + size <= start.Length ? start[(type + 4)..(int)(type - 4 + size)].ToArray() : null;
    }
}
