using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using WanTalk.Understudy.Tests.Harness;

namespace WanTalk.Understudy.Tests.Replay;

/// <summary>What the recordings do not hold: bodies that were trimmed, and files of which they have only the digest.</summary>
public static partial class RecordedBodies
{
    /// <summary>A file that a node reads, so that its bytes must make sense; null for others.</summary>
    public static byte[]? FileNamed(string name) => name switch
    {
        "probe.png" => TalkInputs.Png(64, 48),
        "woman.png" => TalkInputs.Png(64, 64),
        "probe.wav" => TalkInputs.Wav(2),
        "woman.wav" => TalkInputs.Wav(3),
        _ => null,
    };

    /// <summary>
    /// Puts back what was trimmed: the graph of an earlier request with the changes that the note, the progress and the length tell. What
    /// follows without a recorded request is left out.
    /// </summary>
    public static void Complete(string recording, List<JsonObject> entries)
    {
        if (recording == "a3_vhs_video_combine")
        {
            var told = entries.Take(123).ToHashSet();
            entries.RemoveAll(entry => !told.Contains(entry) && (string?)entry["dir"] != "c>s");
            entries[59]["json"] = Changed(entries[5], graph => graph["3"]!["inputs"]!["amount"] = 11);
            entries[81]["json"] = Changed(entries[5], graph =>
                (graph["3"]!["inputs"]!["amount"], graph["6"]!["inputs"]!["save_output"]) = (12, false));
            entries[103]["json"] = Changed(entries[5], graph =>
            {
                graph["3"]!["inputs"]!["amount"] = 13;
                graph["6"]!["inputs"]!.AsObject().Remove("audio");
                graph.Remove("4");
                graph.Remove("5");
            });
        }
        else if (recording == "c2_infinitetalk_graph")
        {
            entries[9]["json"] = Changed(entries[3], _ => { });
            entries[32]["json"] = Changed(entries[3], graph => graph.Remove("293"));
        }
    }

    /// <summary>The length of a video depends on the encoder's version.</summary>
    public static string? WithoutLength(string header, JsonObject recorded, string? value) =>
        header == "Content-Range" && (string?)recorded["headers"]?["Content-Type"] == "video/mp4" && value is not null ? Long().Replace(value, "n") : value;

    private static JsonNode Changed(JsonObject request, Action<JsonObject> change)
    {
        var body = request["json"]!.DeepClone();
        change(body["prompt"]!.AsObject());
        return body;
    }

    [GeneratedRegex("[0-9]{4,}")]
    private static partial Regex Long();
}
