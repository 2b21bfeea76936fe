using System.Text.Json.Nodes;

namespace WanTalk.ComfyUI.Tests.Replay;

/// <summary>One submission in a recording: what was sent, answered, told on the socket, and kept in history.</summary>
public sealed class RecordedPrompt
{
    private static readonly string[] Ends = ["execution_success", "execution_error", "execution_interrupted"];

    public RecordedPrompt(Recording recording, RecordedExchange exchange)
    {
        Exchange = exchange;
        Id = (string?)(exchange.Answer["json"] as JsonObject)?["prompt_id"];
        Frames = Id is null ? [] : [.. FramesOf(recording.Entries, exchange.Index, Id)];
        History = Id is null ? null : HistoryIn(recording, Id);
        Graph = (exchange.Request["json"] as JsonObject)?["prompt"] as JsonObject ?? History?["prompt"]?[2] as JsonObject;
    }

    public RecordedExchange Exchange { get; }

    /// <summary>Its note, or its id where there is none.</summary>
    public string Title => Exchange.Note.Length > 0 ? Exchange.Note : Id ?? "";

    /// <summary>The id that the server gave or took; null if it was refused.</summary>
    public string? Id { get; }

    /// <summary>Whether the client chose the id.</summary>
    public bool IsIdChosen => (string?)((Exchange.Request["json"] as JsonObject)?["prompt_id"] as JsonValue)?.ToString() == Id;

    /// <summary>The graph, unless the recording leaves it out.</summary>
    public JsonObject? Graph { get; }

    /// <summary>What the socket told of it, in order, with what else came between.</summary>
    public IReadOnlyList<JsonObject> Frames { get; }

    /// <summary>The entry of history, where somebody asked for it.</summary>
    public JsonObject? History { get; }

    public bool IsInterrupted => Frames.Any(frame => TypeOf(frame) == "execution_interrupted");

    /// <summary>Whether the recording says how it ended.</summary>
    public bool HasEnd => History is not null || TellsEnd;

    /// <summary>Whether the socket told its end.</summary>
    public bool TellsEnd => Frames.Any(frame => Ends.Contains(TypeOf(frame)));

    /// <summary>A copy of the graph to send; empty where the recording leaves it out.</summary>
    public JsonObject GraphCopy() => (JsonObject?)Graph?.DeepClone() ?? [];

    public static string? TypeOf(JsonObject frame) => (string?)(frame["json"] as JsonObject)?["type"];

    public static JsonObject? DataOf(JsonObject frame) => (frame["json"] as JsonObject)?["data"] as JsonObject;

    /// <summary>Whether this is the prompt's last message: no node is running any more.</summary>
    public static bool IsLast(JsonObject frame) =>
        TypeOf(frame) == "executing" && DataOf(frame) is { } data && data.ContainsKey("prompt_id") && data["node"] is null;

    /// <summary>The history that the server must have had, put together from what it told.</summary>
    public JsonObject MakeHistory()
    {
        var outputs = new JsonObject();
        var messages = new JsonArray();
        foreach (var frame in Frames)
        {
            if (TypeOf(frame) == "executed" && DataOf(frame)!["output"] is JsonObject output)
                outputs[(string)DataOf(frame)!["node"]!] = output.DeepClone();
            if (TypeOf(frame) is { } type && type.StartsWith("execution_", StringComparison.Ordinal))
                messages.Add(new JsonArray(type, DataOf(frame)!.DeepClone()));
        }
        var isSuccess = (string?)messages[^1]![0] == "execution_success";
        return new JsonObject
        {
            ["prompt"] = new JsonArray(0, Id, Graph?.DeepClone(), new JsonObject { ["client_id"] = "recorded" }, new JsonArray()),
            ["outputs"] = outputs,
            ["status"] = new JsonObject
            {
                ["status_str"] = isSuccess ? "success" : "error",
                ["completed"] = isSuccess,
                ["messages"] = messages,
            },
            ["meta"] = new JsonObject(),
        };
    }

    /// <summary>The messages on the sockets of the client that submitted it, from submission to end.</summary>
    private static IEnumerable<JsonObject> FramesOf(IReadOnlyList<JsonObject> entries, int submitted, string id)
    {
        var own = Enumerable.Range(submitted, entries.Count - submitted).Where(i => IsOf(entries[i], id)).ToArray();
        if (own.Length == 0)
            yield break;
        var client = ClientOf((string)entries[own[0]]["conn"]!);
        var isRunning = false;
        // A namesake may still be running when it is submitted.
        var start = own.FirstOrDefault(i => TypeOf(entries[i]) == "execution_start", submitted);
        for (var i = submitted; i <= own[^1]; i++)
        {
            var entry = entries[i];
            var isHere = (string?)entry["kind"] == "ws" && (string?)entry["dir"] == "s>c" && ClientOf((string)entry["conn"]!) == client;
            if (!isHere || entry["event"] is not null || (i < start && IsOf(entry, id)))
                continue;
            isRunning |= IsOf(entry, id);
            var isBinary = entry.ContainsKey("binary_base64");
            var isStatus = TypeOf(entry) == "status" && !DataOf(entry)!.ContainsKey("sid");
            if (IsOf(entry, id) || isStatus || (isBinary && isRunning))
                yield return entry;
            if (IsOf(entry, id) && IsLast(entry))
                yield break;
        }
    }

    private static bool IsOf(JsonObject entry, string id) =>
        (string?)entry["kind"] == "ws" && (string?)entry["dir"] == "s>c" && (string?)DataOf(entry)?["prompt_id"] == id;

    /// <summary>"client-i#2" is the second socket of client-i.</summary>
    private static string ClientOf(string connection) => connection.Split('#')[0];

    private static JsonObject? HistoryIn(Recording recording, string id) => recording.Exchanges
        .Where(exchange => exchange.Path.StartsWith("/history/", StringComparison.Ordinal))
        .Select(exchange => (exchange.Answer["json"] as JsonObject)?[id] as JsonObject)
        .FirstOrDefault(entry => entry is not null);
}
