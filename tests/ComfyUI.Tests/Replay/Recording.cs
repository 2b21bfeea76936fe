using System.Text.Json.Nodes;

namespace WanTalk.ComfyUI.Tests.Replay;

/// <summary>A recording of the real server: what went over HTTP and the sockets, in order.</summary>
public sealed class Recording
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "recordings", "transcripts");

    private Recording(string name)
    {
        Name = name;
        Entries = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, name + ".json"))) is JsonArray entries
            ? [.. entries.Select(entry => (JsonObject)entry!)]
            : [];
        Exchanges = [.. Pair(Entries)];
        var submissions = Exchanges.Where(exchange => exchange.Method == "POST" && exchange.Path == "/prompt");
        Prompts = [.. submissions.Select(exchange => new RecordedPrompt(this, exchange))];
    }

    /// <summary>Every recording that there is; some are only a table of how often a race was lost.</summary>
    public static IReadOnlyList<string> Names =>
        [.. Directory.EnumerateFiles(Folder, "*.json").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)!];

    public string Name { get; }

    public IReadOnlyList<JsonObject> Entries { get; }

    public IReadOnlyList<RecordedExchange> Exchanges { get; }

    public IReadOnlyList<RecordedPrompt> Prompts { get; }

    public static Recording Load(string name) => new(name);

    /// <summary>The prompt whose note, or else id, begins so.</summary>
    public RecordedPrompt Prompt(string beginning) => Prompts.First(prompt => prompt.Title.StartsWith(beginning, StringComparison.Ordinal));

    private static IEnumerable<RecordedExchange> Pair(IReadOnlyList<JsonObject> entries)
    {
        var taken = new HashSet<int>();
        for (var i = 0; i < entries.Count; i++)
        {
            if ((string?)entries[i]["kind"] != "http" || (string?)entries[i]["dir"] != "c>s")
                continue;
            var answer = Enumerable.Range(i + 1, entries.Count - i - 1).First(j => !taken.Contains(j) && IsAnswer(entries[j], entries[i]));
            taken.Add(answer);
            yield return new RecordedExchange(i, entries[i], entries[answer]);
        }
    }

    private static bool IsAnswer(JsonObject entry, JsonObject request) =>
        (string?)entry["kind"] == "http" && (string?)entry["dir"] == "s>c"
        && (string?)entry["method"] == (string?)request["method"] && (string?)entry["path"] == (string?)request["path"];
}

/// <summary>A recorded request and its answer.</summary>
public sealed record RecordedExchange(int Index, JsonObject Request, JsonObject Answer)
{
    public string Note => (string?)Request["note"] ?? "";

    public string Method => (string)Request["method"]!;

    public string Path => (string)Request["path"]!;

    /// <summary>The status of the answer; 0 if there was nobody to answer.</summary>
    public int Status => (int?)Answer["status"] ?? 0;
}
