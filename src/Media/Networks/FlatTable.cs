using System.Buffers.Binary;

namespace WanTalk.Media.Networks;

/// <summary>
/// A table of a FlatBuffer (https://flatbuffers.dev/internals): fields are found through the table's list of offsets, and a field that
/// is not there has its default.
/// </summary>
/// <param name="Bytes">The whole buffer.</param>
/// <param name="Position">Where the table is in it.</param>
internal readonly record struct FlatTable(byte[] Bytes, int Position)
{
    /// <summary>The table that the buffer begins with.</summary>
    public static FlatTable Root(byte[] bytes) => new(bytes, BinaryPrimitives.ReadInt32LittleEndian(bytes));

    /// <summary>A 32-bit integer.</summary>
    public int Int(int field) => Find(field) is var at and > 0 ? Int32(at) : 0;

    /// <summary>A byte.</summary>
    public byte Byte(int field) => Find(field) is var at and > 0 ? Bytes[at] : (byte)0;

    /// <summary>A table in the table.</summary>
    public FlatTable? Table(int field) => Find(field) is var at and > 0 ? new FlatTable(Bytes, Follow(at)) : null;

    /// <summary>A list of tables.</summary>
    public FlatTable[] Tables(int field)
    {
        var (start, count) = List(field);
        var tables = new FlatTable[count];
        for (var i = 0; i < count; i++)
            tables[i] = new FlatTable(Bytes, Follow(start + (4 * i)));
        return tables;
    }

    /// <summary>A list of 32-bit integers.</summary>
    public int[] Ints(int field)
    {
        var (start, count) = List(field);
        var numbers = new int[count];
        for (var i = 0; i < count; i++)
            numbers[i] = Int32(start + (4 * i));
        return numbers;
    }

    /// <summary>A list of bytes.</summary>
    public ReadOnlySpan<byte> Raw(int field)
    {
        var (start, count) = List(field);
        return Bytes.AsSpan(start, count);
    }

    private (int Start, int Count) List(int field)
    {
        var at = Find(field);
        if (at == 0)
            return (0, 0);
        var list = Follow(at);
        return (list + 4, Int32(list));
    }

    private int Find(int field)
    {
        var offsets = Position - Int32(Position);
        var entry = 4 + (2 * field);
        if (entry >= UInt16(offsets))
            return 0;
        var offset = UInt16(offsets + entry);
        return offset == 0 ? 0 : Position + offset;
    }

    private int Follow(int at) => at + Int32(at);

    private int Int32(int at) => BinaryPrimitives.ReadInt32LittleEndian(Bytes.AsSpan(at));

    private int UInt16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(Bytes.AsSpan(at));
}
