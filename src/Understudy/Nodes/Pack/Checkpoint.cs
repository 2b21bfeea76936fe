using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using WanTalk.ComfyUI.Safetensors;
using WanTalk.Understudy.Picture;

namespace WanTalk.Understudy.Nodes.Pack;

/// <summary>What window k+1 needs from window k: its last frames, and what moves.</summary>
internal sealed record Checkpoint(IReadOnlyList<byte[]> Tail, MotionState Motion)
{
    private const string Kind = "checkpoint";

    /// <summary>Writes a checkpoint to a stream.</summary>
    public Task WriteAsync(Stream stream, JsonObject metadata, int width, int height, CancellationToken cancellationToken) => SafetensorsWriter.WriteAsync(
        stream,
        metadata,
        [
            new TensorSource("tail", "BF16", [3, Tail.Count, height, width], (target, _) =>
            {
                TailCodec.Encode(Tail, width, height, target.Write);
                return Task.CompletedTask;
            }),
            TensorSource.Of("generator", "U8", [Motion.Generator.Length], Motion.Generator),
            TensorSource.Of("motion", "F32", [Motion.Values.Length], MemoryMarshal.AsBytes<float>(Motion.Values).ToArray()),
        ],
        cancellationToken);

    /// <summary>What is said of a checkpoint in its header.</summary>
    public static JsonObject Metadata(int window, string? parent, string framesSha256, JsonObject identity) => new()
    {
        ["kind"] = Kind,
        ["engine"] = "understudy",
        ["version"] = 1,
        ["window"] = window,
        ["parent"] = parent,
        ["frames_sha256"] = framesSha256,
        ["identity"] = identity.DeepClone(),
    };

    /// <summary>Reads the checkpoint of a window; one of another window, identity or engine, or a damaged one, is refused.</summary>
    public static async Task<Checkpoint> ReadAsync(string path, string name, int window, JsonObject identity, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            var header = await SafetensorsHeader.ReadAsync(file, cancellationToken);
            Check(header.Metadata, name, window, identity);
            var (width, height) = ((int)identity["width"]!, (int)identity["height"]!);
            if (header["tail"] is not { DType: "BF16", Shape: [3, WindowShape.Shared, var rows, var columns] } tail || rows != height || columns != width)
                throw PackRefusal.File($"{name} has no tail of {WindowShape.Shared} frames of {width}x{height}.");
            file.Position = header.DataStart + tail.Start;
            var frames = TailCodec.Decode(file, WindowShape.Shared, width, height);
            var generator = ReadTensor(file, header, "generator", "U8");
            var motion = MemoryMarshal.Cast<byte, float>(ReadTensor(file, header, "motion", "F32")).ToArray();
            return new Checkpoint(frames, new MotionState(generator, motion));
        }
        catch (SafetensorsException error)
        {
            throw PackRefusal.File($"{name} is no whole checkpoint: {error.Message}", error);
        }
    }

    private static void Check(JsonObject? metadata, string name, int window, JsonObject identity)
    {
        if (metadata is null || (string?)metadata["kind"] != Kind || (string?)metadata["engine"] != "understudy")
            throw PackRefusal.File($"{name} is no checkpoint of the understudy's.");
        if (metadata["window"] is not JsonValue value || !value.TryGetValue(out int found) || found != window)
            throw PackRefusal.File($"{name} is the checkpoint of window {metadata["window"]} and not of window {window}.");
        WindowIdentity.Demand(identity, metadata["identity"] as JsonObject, name);
    }

    private static byte[] ReadTensor(FileStream file, SafetensorsHeader header, string name, string dtype)
    {
        var tensor = header[name];
        if (tensor.DType != dtype || tensor.Length > 1 << 20)
            throw new SafetensorsException($"Tensor {name} is not what a checkpoint has.");
        var bytes = new byte[tensor.Length];
        file.Position = header.DataStart + tensor.Start;
        file.ReadExactly(bytes);
        return bytes;
    }
}
