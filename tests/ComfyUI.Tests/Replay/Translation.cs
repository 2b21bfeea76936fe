using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace WanTalk.ComfyUI.Tests.Replay;

/// <summary>Recorded JSON as another client gets it: with its own prompt id, and with the length that was trimmed away.</summary>
internal static partial class Translation
{
    /// <summary>Where a test wants a bare NaN; no JSON writer would write one.</summary>
    public const string NotANumber = "@NaN@";

    public static JsonNode? Translate(JsonNode? node, string recordedId, string id) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(
            member.Key,
            member.Key == "prompt_id" && IsText(member.Value, recordedId) ? id : Translate(member.Value, recordedId, id)))),
        JsonArray items => new JsonArray([.. items.Select(item => Translate(item, recordedId, id))]),
        JsonValue value when value.TryGetValue(out string? text) && Trimmed().Match(text) is { Success: true } match =>
            text.PadRight(int.Parse(match.Groups[1].Value), '.'),
        _ => node?.DeepClone(),
    };

    public static byte[] ToBytes(JsonNode? node) =>
        Encoding.UTF8.GetBytes((node?.ToJsonString() ?? "null").Replace($"\"{NotANumber}\"", "NaN", StringComparison.Ordinal));

    /// <summary>A binary message; the newer form of a preview names the prompt in it.</summary>
    public static byte[] TranslateBinary(byte[] frame, string recordedId, string id)
    {
        if (BinaryPrimitives.ReadUInt32BigEndian(frame) != 4)
            return frame;
        var length = (int)BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(4));
        var about = ToBytes(Translate(JsonNode.Parse(frame.AsSpan(8, length)), recordedId, id));
        var head = new byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(head, 4);
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(4), (uint)about.Length);
        return [.. head, .. about, .. frame.AsSpan(8 + length)];
    }

    private static bool IsText(JsonNode? node, string text) =>
        node is JsonValue value && value.TryGetValue(out string? found) && found == text;

    [GeneratedRegex(@"\(trimmed, (\d+) characters in all\)$")]
    private static partial Regex Trimmed();
}
