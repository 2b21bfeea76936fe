using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using WanTalk.ComfyUI.Http;

namespace WanTalk.ComfyUI.Messages;

/// <summary>Turns what arrives on the socket into messages; whatever it does not know is null, never an exception.</summary>
internal static class SocketMessageReader
{
    /// <summary>Reads a text frame.</summary>
    public static SocketMessage? ReadText(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return TolerantJson.Parse(utf8) is JsonObject message && message.Object("data") is { } data
                ? Read(message.Text("type") ?? "", data)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// Reads a binary frame: a big-endian type (1 = picture, 4 = picture with metadata; 3, text of any node to everyone, is nothing to us),
    /// then its body.
    /// </summary>
    public static SocketMessage? ReadBinary(ReadOnlyMemory<byte> frame)
    {
        if (frame.Length < 8)
            return null;
        var kind = BinaryPrimitives.ReadUInt32BigEndian(frame.Span);
        var second = BinaryPrimitives.ReadUInt32BigEndian(frame.Span[4..]);
        return kind switch
        {
            1 when second is 1 or 2 => new PreviewMessage(null, null, second == 1 ? "image/jpeg" : "image/png", frame[8..]),
            4 when second <= frame.Length - 8 => ReadPreviewWithMetadata(frame.Slice(8, (int)second), frame[(8 + (int)second)..]),
            _ => null,
        };
    }

    /// <summary>Reads the data of a message; history keeps the same pairs of type and data.</summary>
    public static SocketMessage? Read(string type, JsonObject data)
    {
        if (type == "status")
        {
            var remaining = data.Object("status")?.Object("exec_info")?.Number("queue_remaining");
            return remaining is null ? null : new StatusMessage((int)remaining, data.Text("sid"));
        }
        if (type == "feature_flags")
            return new FeatureFlagsMessage(data);
        var prompt = data.Text("prompt_id");
        if (type == "executing")
            return new ExecutingMessage(prompt, data.Text("node"));
        return prompt is null ? null : ReadOfPrompt(type, prompt, data);
    }

    private static SocketMessage? ReadOfPrompt(string type, string prompt, JsonObject data) => type switch
    {
        "execution_start" => new ExecutionStartMessage(prompt),
        "execution_cached" => new ExecutionCachedMessage(prompt, data.Texts("nodes")),
        "progress" => new ProgressMessage(prompt, data.Text("node") ?? "", data.Number("value") ?? 0, data.Number("max") ?? 0),
        "progress_state" => new ProgressStateMessage(prompt, ReadNodes(data.Object("nodes"))),
        "executed" => new ExecutedMessage(prompt, data.Text("node") ?? "", data.Object("output")),
        "execution_success" => new ExecutionSuccessMessage(prompt),
        "execution_error" => new ExecutionErrorMessage(
            prompt,
            data.Text("node_id") ?? "",
            data.Text("node_type") ?? "",
            data.Text("exception_type") ?? "",
            (data.Text("exception_message") ?? "").TrimEnd(),
            data.Texts("traceback"))
        {
            Executed = data.Texts("executed"),
            Inputs = data.Object("current_inputs"),
        },
        "execution_interrupted" => new ExecutionInterruptedMessage(prompt, data.Text("node_id") ?? "", data.Text("node_type") ?? ""),
        "wantalk.window" when data.Number("window") is { } window =>
            new WindowMessage(prompt, data.Text("node") ?? "", (int)window, WanTalkFiles.Read(data["files"])),
        _ => null,
    };

    private static List<NodeProgress> ReadNodes(JsonObject? nodes)
    {
        var progress = new List<NodeProgress>();
        foreach (var (id, node) in nodes ?? [])
        {
            if (node is JsonObject state)
                progress.Add(new NodeProgress(id, state.Text("state") ?? "", state.Number("value") ?? 0, state.Number("max") ?? 0));
        }
        return progress;
    }

    private static PreviewMessage? ReadPreviewWithMetadata(ReadOnlyMemory<byte> metadata, ReadOnlyMemory<byte> picture)
    {
        try
        {
            return TolerantJson.Parse(metadata.Span) is JsonObject about
                ? new PreviewMessage(about.Text("prompt_id"), about.Text("node_id"), about.Text("image_type") ?? "image/jpeg", picture)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
