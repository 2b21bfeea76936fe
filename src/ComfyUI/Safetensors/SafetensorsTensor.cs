namespace WanTalk.ComfyUI.Safetensors;

/// <summary>A tensor's place in a file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DType">The type of its elements, as the format names it: "F32", "BF16", "U8" and so on.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Start">Its first byte, counted from the end of the header.</param>
/// <param name="Length">Its length in bytes.</param>
public sealed record SafetensorsTensor(string Name, string DType, IReadOnlyList<long> Shape, long Start, long Length)
{
    /// <summary>The bytes of one row: of everything behind the first dimension.</summary>
    public long RowBytes => Shape.Count > 0 && Shape[0] > 0 ? Length / Shape[0] : Length;

    /// <summary>The bytes of one element of a type; 0 for an unknown type.</summary>
    internal static int SizeOf(string dtype) => dtype switch
    {
        "BOOL" or "U8" or "I8" or "F8_E5M2" or "F8_E4M3" => 1,
        "U16" or "I16" or "F16" or "BF16" => 2,
        "U32" or "I32" or "F32" => 4,
        "U64" or "I64" or "F64" => 8,
        _ => 0,
    };

    /// <summary>The bytes of a tensor of this type and shape; null if the type is unknown, a dimension is negative or it overflows.</summary>
    internal static long? BytesOf(string dtype, IReadOnlyList<long> shape)
    {
        long bytes = SizeOf(dtype);
        if (bytes == 0)
            return null;
        foreach (var dimension in shape)
        {
            if (dimension < 0 || (dimension > 0 && bytes > long.MaxValue / dimension))
                return null;
            bytes *= dimension;
        }
        return bytes;
    }
}
