using System.Buffers.Binary;

namespace WanTalk.Media.Streaming;

/// <summary>Writes boxes of the ISO base media file format; sizes are filled in when a box is closed.</summary>
internal sealed class BoxWriter
{
    private byte[] _bytes = new byte[1024];

    /// <summary>How many bytes were written.</summary>
    public int Length { get; private set; }

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>Writes a box.</summary>
    /// <param name="type">The type's four letters.</param>
    /// <param name="contents">Writes what is in it.</param>
    public BoxWriter Box(string type, Action<BoxWriter> contents)
    {
        var start = Length;
        U32(0).Letters(type);
        contents(this);
        Patch(start, Length - start);
        return this;
    }

    /// <summary>Writes a box with a version and flags.</summary>
    public BoxWriter FullBox(string type, int version, int flags, Action<BoxWriter> contents) =>
        Box(type, box => contents(box.U32(((long)version << 24) | (uint)flags)));

    /// <summary>Writes letters.</summary>
    public BoxWriter Letters(string text)
    {
        foreach (var letter in text)
        {
            Take(1)[0] = (byte)letter;
        }

        return this;
    }

    /// <summary>Writes zeros.</summary>
    public BoxWriter Zeros(int bytes)
    {
        Take(bytes).Clear();
        return this;
    }

    /// <summary>Writes a number of 16 bits.</summary>
    public BoxWriter U16(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Take(sizeof(ushort)), checked((ushort)value));
        return this;
    }

    /// <summary>Writes a number of 32 bits.</summary>
    public BoxWriter U32(long value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Take(sizeof(uint)), checked((uint)value));
        return this;
    }

    /// <summary>Writes a number of 64 bits.</summary>
    public BoxWriter U64(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(Take(sizeof(long)), value);
        return this;
    }

    /// <summary>Writes bytes.</summary>
    public BoxWriter Bytes(ReadOnlyMemory<byte> bytes)
    {
        bytes.Span.CopyTo(Take(bytes.Length));
        return this;
    }

    /// <summary>Writes a number of 32 bits over what was written before.</summary>
    public void Patch(int at, int value) => BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(at), value);

    private Span<byte> Take(int count)
    {
        if (Length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(Length + count, 2 * _bytes.Length));
        }

        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }
}
