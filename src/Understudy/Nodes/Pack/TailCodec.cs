using System.Buffers.Binary;

namespace WanTalk.Understudy.Nodes.Pack;

/// <summary>
/// A window's last frames as the checkpoint keeps them: bfloat16 [3, frames, height, width] in -1..1. An 8-bit value v is v/127.5 - 1
/// rounded to bfloat16; its error is at most 1/512, a quarter of a step, so that decoding gives v again (tested for all 256).
/// </summary>
internal static class TailCodec
{
    private static readonly ushort[] Encoded = [.. Enumerable.Range(0, 256).Select(value => ToBfloat16((float)((value / 127.5) - 1)))];

    /// <summary>The bytes of a tail.</summary>
    public static long BytesOf(int frames, int width, int height) => 2L * 3 * frames * height * width;

    /// <summary>Turns frames of R G B bytes into the tensor's little-endian bytes, and passes them on row by row.</summary>
    public static void Encode(IReadOnlyList<byte[]> frames, int width, int height, Action<ReadOnlySpan<byte>> sink)
    {
        var row = new byte[2 * width];
        for (var channel = 0; channel < 3; channel++)
        {
            foreach (var frame in frames)
            {
                for (var y = 0; y < height; y++)
                {
                    for (var x = 0; x < width; x++)
                        BinaryPrimitives.WriteUInt16LittleEndian(row.AsSpan(2 * x), Encoded[frame[(3 * ((y * width) + x)) + channel]]);
                    sink(row);
                }
            }
        }
    }

    /// <summary>Turns the tensor's bytes, read in order, back into frames.</summary>
    public static List<byte[]> Decode(Stream tensor, int count, int width, int height)
    {
        var frames = Enumerable.Range(0, count).Select(_ => new byte[3 * width * height]).ToList();
        var row = new byte[2 * width];
        for (var channel = 0; channel < 3; channel++)
        {
            foreach (var frame in frames)
            {
                for (var y = 0; y < height; y++)
                {
                    tensor.ReadExactly(row);
                    for (var x = 0; x < width; x++)
                        frame[(3 * ((y * width) + x)) + channel] = ToByte(BinaryPrimitives.ReadUInt16LittleEndian(row.AsSpan(2 * x)));
                }
            }
        }
        return frames;
    }

    internal static ushort ToBfloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    internal static byte ToByte(ushort bfloat16)
    {
        var value = BitConverter.UInt32BitsToSingle((uint)bfloat16 << 16);
        return float.IsNaN(value) ? (byte)0 : (byte)Math.Clamp(Math.Round((value + 1) * 127.5), 0, 255);
    }
}
