using System.Text.Json.Nodes;

namespace WanTalk.Understudy.Tests.Replay;

/// <summary>A recorded scenario: what went over HTTP and the sockets, in order.</summary>
public sealed class Recording
{
    private Recording(string name, IReadOnlyList<JsonObject> entries) => (Name, Entries) = (name, entries);

    public string Name { get; }

    public IReadOnlyList<JsonObject> Entries { get; }

    public static string Folder => Path.Combine(AppContext.BaseDirectory, "recordings", "transcripts");

    public static async Task<Recording> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Folder, name + ".json"), cancellationToken);
        List<JsonObject> entries = [.. JsonNode.Parse(text)!.AsArray().Select(entry => (JsonObject)entry!)];
        RecordedBodies.Complete(name, entries);
        return new Recording(name, entries);
    }

    /// <summary>How a request is named in the list of deliberate differences: by its note, or else by method and path.</summary>
    public static string NameOf(JsonObject entry) => (string?)entry["note"] ?? $"{entry["method"]} {entry["path"]}";

    public static bool IsNote(JsonObject entry) => (string?)entry["kind"] == "note";

    public static bool IsOfClient(JsonObject entry) => (string?)entry["dir"] == "c>s";

    public static bool IsHttp(JsonObject entry) => (string?)entry["kind"] == "http";

    /// <summary>The answer to a request.</summary>
    public JsonObject AnswerTo(JsonObject request) => Entries.SkipWhile(entry => entry != request).First(entry =>
        IsHttp(entry)
        && (string?)entry["dir"] == "s>c"
        && (string?)entry["path"] == (string?)request["path"]
        && (string?)entry["method"] == (string?)request["method"]);

    /// <summary>The messages that a socket had heard before an entry.</summary>
    public List<JsonObject> Heard(string socket, int before) =>
        [.. Entries.Take(before)
            .Where(entry => (string?)entry["kind"] == "ws" && (string?)entry["dir"] == "s>c" && (string?)entry["conn"] == socket)
            .Select(entry => entry["binary_base64"] is { } binary
                ? BinaryMessage.Describe(Convert.FromBase64String((string)binary!))
                : entry["json"] as JsonObject)
            .OfType<JsonObject>()];
}
