using System.Text.Json.Nodes;
using WanTalk.ComfyUI.Messages;

namespace WanTalk.ComfyUI.Tests.Replay;

/// <summary>Every message that the real server was ever heard to send is read as what it is.</summary>
public sealed class RecordedMessageSpecs
{
    private static readonly Dictionary<string, Type> Types = new(StringComparer.Ordinal)
    {
        ["status"] = typeof(StatusMessage),
        ["feature_flags"] = typeof(FeatureFlagsMessage),
        ["execution_start"] = typeof(ExecutionStartMessage),
        ["execution_cached"] = typeof(ExecutionCachedMessage),
        ["executing"] = typeof(ExecutingMessage),
        ["progress"] = typeof(ProgressMessage),
        ["progress_state"] = typeof(ProgressStateMessage),
        ["executed"] = typeof(ExecutedMessage),
        ["execution_success"] = typeof(ExecutionSuccessMessage),
        ["execution_error"] = typeof(ExecutionErrorMessage),
        ["execution_interrupted"] = typeof(ExecutionInterruptedMessage),
    };

    /// <summary>By the type of a binary message. The only one that is deliberately ignored is 3, text of any node to everyone.</summary>
    private static readonly Dictionary<int, Type?> BinaryTypes = new()
    {
        [1] = typeof(PreviewMessage),
        [3] = null,
        [4] = typeof(PreviewMessage),
    };

    [Fact]
    public void Every_recorded_message_is_read_as_what_it_is()
    {
        var seen = new HashSet<string>();
        var recordings = Recording.Names.Select(Recording.Load);
        foreach (var (name, frame) in recordings.SelectMany(each => each.Entries.Where(IsMessage).Select(frame => (each.Name, frame))))
        {
            var isBinary = frame["binary_base64"] is not null;
            var type = isBinary ? $"binary {frame["binary_header"]!["event_type"]}" : (string)frame["json"]!["type"]!;
            var message = isBinary
                ? SocketMessageReader.ReadBinary(Convert.FromBase64String((string)frame["binary_base64"]!))
                : SocketMessageReader.ReadText(Translation.ToBytes(frame["json"]));
            seen.Add(type);
            var expected = isBinary ? BinaryTypes[(int)frame["binary_header"]!["event_type"]!] : Types[type];
            Assert.True(message?.GetType() == expected, $"{name}: {type} is read as {message}");
            if (message is PromptMessage of)
                Assert.Equal((string)frame["json"]!["data"]!["prompt_id"]!, of.PromptId);
        }

        Assert.Equal([.. Types.Keys.Concat(BinaryTypes.Keys.Select(type => $"binary {type}")).Order()], seen.Order());
    }

    private static bool IsMessage(JsonObject entry) =>
        (string?)entry["kind"] == "ws" && (string?)entry["dir"] == "s>c" && (entry["json"] ?? entry["binary_base64"]) is not null;
}
