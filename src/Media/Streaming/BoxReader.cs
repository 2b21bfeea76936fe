using System.Buffers.Binary;

namespace WanTalk.Media.Streaming;

/// <summary>Boxes of the ISO base media file format (ISO/IEC 14496-12, 4.2): a size of 4 bytes, a type of 4 letters, and the rest.</summary>
internal static class BoxReader
{
    /// <summary>The bytes of a box's size and type.</summary>
    public const int HeaderBytes = 8;

    /// <summary>The contents of the first box of a type among some.</summary>
    /// <param name="boxes">Boxes, one behind the other.</param>
    /// <param name="type">The type's four letters.</param>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static ReadOnlyMemory<byte> Get(ReadOnlyMemory<byte> boxes, string type) =>
        TryGet(boxes, type) ?? throw new InvalidDataException($"There is no box '{type}'.");

    /// <summary>The contents of the first box of a type among some; null where there is none.</summary>
    public static ReadOnlyMemory<byte>? TryGet(ReadOnlyMemory<byte> boxes, string type)
    {
        foreach (var (found, whole) in All(boxes))
        {
            if (found == type)
            {
                return whole[HeaderBytes..];
            }
        }

        return null;
    }

    /// <summary>Some boxes, each with its header.</summary>
    public static IEnumerable<(string Type, ReadOnlyMemory<byte> Whole)> All(ReadOnlyMemory<byte> boxes)
    {
        while (boxes.Length >= HeaderBytes)
        {
            var (size, type) = HeaderOf(boxes.Span);
            if (size < HeaderBytes || size > boxes.Length)
            {
                throw new InvalidDataException($"The box '{type}' says that it has {size} bytes.");
            }

            yield return (type, boxes[..(int)size]);
            boxes = boxes[(int)size..];
        }
    }

    /// <summary>Reads the contents of a file's box from the file, and of no other box of it.</summary>
    /// <param name="file">The file; it can be sought in.</param>
    /// <param name="type">The type's four letters.</param>
    /// <param name="most">The most bytes that it may have.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<byte[]> ReadAsync(Stream file, string type, long most, CancellationToken cancellationToken)
    {
        var header = new byte[2 * HeaderBytes];
        for (long at = 0; at + HeaderBytes <= file.Length;)
        {
            file.Position = at;
            var read = await file.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellationToken);
            var (size, found) = HeaderOf(header.AsSpan(0, read));
            var before = HeaderBytes;
            if (size == 1)
            {
                // More than 4 GiB: the size is behind the type.
                (size, before) = (BinaryPrimitives.ReadInt64BigEndian(header.AsSpan(HeaderBytes)), header.Length);
            }

            if (size < before || (found == type && size > most))
            {
                throw new InvalidDataException($"The box '{found}' says that it has {size} bytes.");
            }

            if (found == type)
            {
                var contents = new byte[size - before];
                file.Position = at + before;
                await file.ReadExactlyAsync(contents, cancellationToken);
                return contents;
            }

            at += size;
        }

        throw new InvalidDataException($"There is no box '{type}'.");
    }

    /// <summary>A number of 32 bits.</summary>
    public static uint UInt32(ReadOnlyMemory<byte> box, int at) => BinaryPrimitives.ReadUInt32BigEndian(box.Span[at..]);

    private static (long Size, string Type) HeaderOf(ReadOnlySpan<byte> box) =>
        (BinaryPrimitives.ReadUInt32BigEndian(box), System.Text.Encoding.Latin1.GetString(box[4..HeaderBytes]));
}
