using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace WanTalk.Understudy.Tests.Replay;

/// <summary>
/// Brings an answer or a message into a form in which a recorded and a replayed one are equal: without times, counters, ids that the
/// server made up, tracebacks, tooltips, and orders that vary between processes of the real server.
/// </summary>
public sealed partial class Mask
{
    private static readonly HashSet<string> Dropped =
    [
        "timestamp", "create_time", "execution_start_time", "execution_end_time", "number", "priority", "traceback",
        // What is for the page in the browser: texts, ComfyUI's manager, inputs that the page fills in.
        "tooltip", "description", "search_aliases", "hidden", "extension",
    ];

    private static readonly HashSet<string> Unordered = ["dependent_outputs", "current_outputs", "executed", "nodes", "queue_pending"];
    private readonly Dictionary<string, string> _recordedIds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _tags = new(StringComparer.Ordinal);

    /// <summary>The folder of the replaying server, which stands for that of the recorded one.</summary>
    public string? Root { get; init; }

    /// <summary>Says that the replay's prompt stands for the recorded one.</summary>
    public void Learn(string recorded, string replayed) => _recordedIds[replayed] = recorded;

    /// <summary>Says which tag the replaying server gave a file in the place of the recorded one.</summary>
    public void LearnTag(string recorded, string replayed) => _tags[recorded] = replayed;

    /// <summary>A request's header with the replaying server's tag where the recorded one stands.</summary>
    public string TagFor(string header) => _tags.GetValueOrDefault(header, header);

    /// <summary>The recorded id that a replayed one stands for.</summary>
    public string RecordedIdOf(string replayed) => _recordedIds.GetValueOrDefault(replayed, replayed);

    /// <summary>The name of a preview as the understudy gives it, in a request's path.</summary>
    public static string TranslatePreview(string path) => PreviewLetters().Replace(path, "ComfyUI_temp_wntlk_");

    /// <summary>A header without the letters that are drawn for previews, and the number that goes with them.</summary>
    public static string? WithoutPreview(string? header) => header is null ? null : PreviewName().Replace(header, "ComfyUI_temp_*_*_");

    /// <summary>The replayed id that stands for a recorded one, in a request's text.</summary>
    public string Translate(string text)
    {
        foreach (var (replayed, recorded) in _recordedIds)
        {
            if (recorded.Length is 32 or 36)
                text = text.Replace(recorded, replayed, StringComparison.Ordinal);
        }
        return text;
    }

    public string Apply(JsonNode? node) => Canonical(node, "");

    /// <summary>What is said, but not its values: the names, with the kinds of what they stand for.</summary>
    public static string Shape(JsonNode? node) => node switch
    {
        JsonObject members => "{" + string.Join(",", members
            .Select(member => $"{member.Key}:{Shape(member.Value)}")
            .Order(StringComparer.Ordinal)) + "}",
        JsonArray => "[]",
        _ => "",
    };

    private string Canonical(JsonNode? node, string name) => node switch
    {
        null => "null",
        JsonObject members => "{" + string.Join(",", members
            .Where(member => !Dropped.Contains(member.Key))
            .Select(member => $"{Text(member.Key)}:{Canonical(member.Value, member.Key)}")
            .Order(StringComparer.Ordinal)) + "}",
        JsonArray items => Canonical(items, name),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.Number => Number(node.ToJsonString()),
            JsonValueKind.String => Text(node.GetValue<string>()),
            _ => node.ToJsonString(),
        },
    };

    private string Canonical(JsonArray items, string name)
    {
        var parts = items.Select(item => Canonical(item, "")).ToList();
        // [number, id, graph, extra_data, outputs]
        if (items is [JsonValue first, JsonValue, JsonObject, JsonObject, JsonArray] && first.GetValueKind() == JsonValueKind.Number)
        {
            parts[0] = "number";
            parts[4] = string.Join(",", items[4]!.AsArray().Select(output => output!.ToString()).Order(StringComparer.Ordinal));
        }
        // A description of an input of which nothing is left but its type.
        if (parts is [_, "{}"])
            parts.RemoveAt(1);
        if (Unordered.Contains(name))
            parts.Sort(StringComparer.Ordinal);
        return $"[{string.Join(",", parts)}]";
    }

    private string Text(string text)
    {
        // A value that is no constant: a tensor, or what stands for it here.
        if (Value().IsMatch(text))
            return "value";
        text = _recordedIds.GetValueOrDefault(text, text);
        text = PreviewName().Replace(text, "ComfyUI_temp_*_*_");
        if (Root is not null)
            text = text.Replace(Root, "<comfyui>", StringComparison.Ordinal);
        return SessionId().IsMatch(text) ? "\"session\"" : $"\"{text}\"";
    }

    private static string Number(string json) =>
        decimal.TryParse(json, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number.ToString("0.##########", CultureInfo.InvariantCulture) : json;

    [GeneratedRegex("ComfyUI_temp_[a-z]{5}_[0-9]{5}_")]
    private static partial Regex PreviewName();

    [GeneratedRegex("ComfyUI_temp_[a-z]{5}_")]
    private static partial Regex PreviewLetters();

    [GeneratedRegex(@"^tensor\(|^<\w+Value>$")]
    private static partial Regex Value();

    [GeneratedRegex("^[0-9a-f]{32}$")]
    private static partial Regex SessionId();
}
