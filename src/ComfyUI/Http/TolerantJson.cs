using System.Text.Json;
using System.Text.Json.Nodes;

namespace WanTalk.ComfyUI.Http;

/// <summary>
/// Reads JSON as Python writes it: bare NaN, Infinity and -Infinity, which the standard forbids, become null.
/// </summary>
internal static class TolerantJson
{
    private static readonly JsonDocumentOptions Documents = new() { MaxDepth = 256 };

    /// <summary>Parses UTF-8 JSON.</summary>
    /// <exception cref="JsonException">It is not JSON, even so.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> utf8) =>
        JsonNode.Parse(NeedsRepair(utf8) ? Repair(utf8) : utf8, documentOptions: Documents);

    private static bool NeedsRepair(ReadOnlySpan<byte> utf8) =>
        utf8.IndexOf("NaN"u8) >= 0 || utf8.IndexOf("Infinity"u8) >= 0;

    private static byte[] Repair(ReadOnlySpan<byte> utf8)
    {
        var repaired = new MemoryStream(utf8.Length + 64);
        var inString = false;
        for (var i = 0; i < utf8.Length; i++)
        {
            var current = utf8[i];
            if (inString && current == '\\' && i + 1 < utf8.Length)
            {
                repaired.Write(utf8.Slice(i++, 2));
                continue;
            }
            if (current == '"')
                inString = !inString;
            var token = inString ? 0 : TokenAt(utf8[i..]);
            if (token == 0)
            {
                repaired.WriteByte(current);
                continue;
            }
            repaired.Write("null"u8);
            i += token - 1;
        }
        return repaired.ToArray();
    }

    private static int TokenAt(ReadOnlySpan<byte> rest) =>
        rest.StartsWith("NaN"u8) ? 3
        : rest.StartsWith("Infinity"u8) ? 8
        : rest.StartsWith("-Infinity"u8) ? 9
        : 0;
}
