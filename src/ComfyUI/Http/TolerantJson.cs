using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace WanTalk.ComfyUI.Http;

/// <summary>
/// Reads JSON as Python writes it: bare NaN, Infinity and -Infinity, which the standard forbids, become null; half a surrogate pair, which
/// Python writes for a file name that is not UTF-8, and bytes that are not UTF-8 become the replacement character.
/// </summary>
internal static class TolerantJson
{
    private const int EscapeLength = 6;

    private static readonly JsonDocumentOptions Documents = new() { MaxDepth = 256, AllowDuplicateProperties = false };

    /// <summary>Parses UTF-8 JSON.</summary>
    /// <exception cref="JsonException">It is not JSON, even so.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
            utf8 = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(utf8));
        return JsonNode.Parse(NeedsRepair(utf8) ? Repair(utf8) : utf8, documentOptions: Documents);
    }

    private static bool NeedsRepair(ReadOnlySpan<byte> utf8) =>
        utf8.IndexOf("NaN"u8) >= 0 || utf8.IndexOf("Infinity"u8) >= 0 || utf8.IndexOf("\\ud"u8) >= 0 || utf8.IndexOf("\\uD"u8) >= 0;

    private static byte[] Repair(ReadOnlySpan<byte> utf8)
    {
        var repaired = new MemoryStream(utf8.Length + 64);
        var inString = false;
        for (var i = 0; i < utf8.Length; i++)
        {
            var current = utf8[i];
            if (inString && current == '\\' && i + 1 < utf8.Length)
            {
                i += RepairEscape(utf8[i..], repaired) - 1;
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

    /// <summary>Writes the escape that stands here, repaired, and gives the length that it had.</summary>
    private static int RepairEscape(ReadOnlySpan<byte> rest, MemoryStream repaired)
    {
        if (SurrogateAt(rest) is not { } first)
        {
            repaired.Write(rest[..2]);
            return 2;
        }
        var isPair = char.IsHighSurrogate(first) && SurrogateAt(rest[EscapeLength..]) is { } second && char.IsLowSurrogate(second);
        var length = isPair ? 2 * EscapeLength : EscapeLength;
        repaired.Write(isPair ? rest[..length] : "\\ufffd"u8);
        return length;
    }

    private static char? SurrogateAt(ReadOnlySpan<byte> rest)
    {
        if (rest.Length < EscapeLength || rest[0] != '\\' || rest[1] != 'u')
            return null;
        var isHex = Utf8Parser.TryParse(rest[2..EscapeLength], out ushort unit, out var read, 'x') && read == EscapeLength - 2;
        return isHex && char.IsSurrogate((char)unit) ? (char)unit : null;
    }

    private static int TokenAt(ReadOnlySpan<byte> rest) =>
        rest.StartsWith("NaN"u8) ? 3
        : rest.StartsWith("Infinity"u8) ? 8
        : rest.StartsWith("-Infinity"u8) ? 9
        : 0;
}
