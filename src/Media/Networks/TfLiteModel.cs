using System.Buffers.Binary;

namespace WanTalk.Media.Networks;

/// <summary>
/// A TFLite file as read: tensors and the operations between them, in order. Field numbers are those of TFLite's schema.fbs. Knows
/// 32-bit and 16-bit floats and 32-bit integers, which is what MediaPipe's face networks hold.
/// </summary>
internal sealed class TfLiteModel
{
    private const byte Float16 = 1;
    private readonly FlatTable[] _buffers;
    private readonly FlatTable[] _tensors;

    public TfLiteModel(byte[] file)
    {
        var root = FlatTable.Root(file);
        var graph = root.Tables(2)[0];
        _buffers = root.Tables(4);
        _tensors = graph.Tables(0);
        var codes = root.Tables(1).Select(code => (TfLiteOperation)Math.Max(code.Byte(0), code.Int(3))).ToArray();
        Shapes = [.. _tensors.Select(tensor => tensor.Ints(0))];
        Input = graph.Ints(1)[0];
        Outputs = graph.Ints(2);
        Steps = [.. graph.Tables(3).Select(step => new Step(codes[step.Int(0)], step.Ints(1), step.Ints(2), step.Table(4)))];
    }

    /// <summary>The shape of each tensor: batch, height, width, channels for pictures.</summary>
    public IReadOnlyList<int[]> Shapes { get; }

    /// <summary>The tensor that takes the picture.</summary>
    public int Input { get; }

    /// <summary>The tensors with the results.</summary>
    public IReadOnlyList<int> Outputs { get; }

    /// <summary>The operations, in the order in which they run.</summary>
    public IReadOnlyList<Step> Steps { get; }

    /// <summary>The numbers of a tensor that is stored in the file.</summary>
    public float[] Floats(int tensor)
    {
        var bytes = Stored(tensor);
        var isHalf = _tensors[tensor].Byte(1) == Float16;
        var numbers = new float[bytes.Length / (isHalf ? 2 : 4)];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = isHalf
                ? (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..])
                : BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]);
        }

        return numbers;
    }

    /// <summary>The integers of a tensor that is stored in the file.</summary>
    public int[] Integers(int tensor)
    {
        var bytes = Stored(tensor);
        var numbers = new int[bytes.Length / 4];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * i)..]);
        return numbers;
    }

    private ReadOnlySpan<byte> Stored(int tensor) => _buffers[_tensors[tensor].Int(2)].Raw(0);

    /// <summary>One operation.</summary>
    /// <param name="Operation">What is done.</param>
    /// <param name="Inputs">The tensors it reads.</param>
    /// <param name="Outputs">The tensors it writes.</param>
    /// <param name="Options">Its settings.</param>
    internal sealed record Step(TfLiteOperation Operation, int[] Inputs, int[] Outputs, FlatTable? Options);
}
