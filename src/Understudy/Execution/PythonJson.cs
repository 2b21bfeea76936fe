using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WanTalk.Understudy.Execution;

/// <summary>
/// Writes JSON as Python does: NaN and the infinities stand there bare, which the standard forbids. In trees they are marked strings,
/// so that trees with them can be copied and kept as text.
/// </summary>
internal static class PythonJson
{
    /// <summary>A private character that begins such a string.</summary>
    private const char Mark = '\uE0F1';

    private static readonly byte[] Opening = Encoding.ASCII.GetBytes($"\"\\u{(int)Mark:X4}");

    /// <summary>A number for a tree, whatever it is.</summary>
    public static JsonNode Number(double value) => double.IsFinite(value)
        ? JsonValue.Create(value)
        : JsonValue.Create(Mark + (double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity"));

    /// <summary>The tree's bytes.</summary>
    public static byte[] Serialize(JsonNode? node)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(node);
        return bytes.AsSpan().IndexOf(Opening) < 0 ? bytes : Bare(bytes);
    }

    private static byte[] Bare(ReadOnlySpan<byte> bytes)
    {
        var bare = new MemoryStream(bytes.Length);
        for (int at; (at = bytes.IndexOf(Opening)) >= 0;)
        {
            bare.Write(bytes[..at]);
            bytes = bytes[(at + Opening.Length)..];
            var end = bytes.IndexOf((byte)'"');
            bare.Write(bytes[..end]);
            bytes = bytes[(end + 1)..];
        }
        bare.Write(bytes);
        return bare.ToArray();
    }
}
