using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using WanTalk.ComfyUI.Safetensors;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Values;
using static WanTalk.Understudy.Nodes.InputSpec;

namespace WanTalk.Understudy.Nodes.Pack;

/// <summary>
/// WanTalkSaveConditioning: what all pieces share (text and picture) in one file, the audio rows in another, of which each piece needs
/// only a part. Both carry the hash of the whole conditioning, so that files of two talks are never taken together.
/// </summary>
internal sealed class SaveConditioningNode : Node
{
    public override NodeSchema Schema { get; } = PackSchema.Of(
        "WanTalkSaveConditioning",
        [
            Link("multitalk_embeds", "MULTITALK_EMBEDS"),
            Link("text_embeds", "WANVIDEOTEXTEMBEDS"),
            Link("clip_embeds", "WANVIDIMAGE_CLIPEMBEDS"),
            Int("expected_frames", 81, 1, 10_000_000),
            Text("filename_prefix", "wantalk/conditioning"),
        ],
        [],
        isOutput: true);

    public override string? Fingerprint(NodeInputs inputs, EngineFolders folders) => null;

    public override async Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context)
    {
        var audio = inputs.Get<EmbedsValue>("multitalk_embeds");
        var (text, clip) = (inputs.Get<TextValue>("text_embeds"), inputs.Get<ClipValue>("clip_embeds"));
        if (inputs.Long("expected_frames") is var expected && expected != audio.Frames)
        {
            throw PackRefusal.Conditioning(
                $"The audio embedding has {audio.Frames} frames where {expected} were expected. Fit the audio with WanTalkFitAudio; if that "
                + "was done, this ComfyUI-WanVideoWrapper makes embeddings of another length, and another version is needed.");
        }
        if (!FiniteValues.AreAll(audio.Rows))
        {
            throw PackRefusal.Audio(
                "The audio embedding has values that are no numbers; silent audio becomes that. Give a recording in which somebody speaks.");
        }
        var (folder, subfolder, stem) = context.ForPrefix(inputs.Text("filename_prefix"));
        var conditioning = HashOf(audio, text, clip);
        var shared = await StoredFile.WriteAsync("shared", folder, subfolder, $"{stem}-shared.safetensors", null, stream => SafetensorsWriter.WriteAsync(
            stream,
            new JsonObject { ["kind"] = ConditioningFiles.SharedKind, ["engine"] = "understudy", ["version"] = 1, ["conditioning"] = conditioning },
            [TensorSource.Of("text", "U8", [32], text.Digest), TensorSource.Of("clip", "U8", [32], clip.Digest)],
            context.Stop));
        var rows = await StoredFile.WriteAsync("audio", folder, subfolder, $"{stem}-audio.safetensors", null, stream => SafetensorsWriter.WriteAsync(
            stream,
            ConditioningFiles.AudioMetadata(conditioning, audio),
            [new TensorSource(ConditioningSlice.TensorName, "F32", [audio.Frames, audio.Dimensions], audio.Rows.CopyToAsync)],
            context.Stop));
        return new NodeResult([], StoredFile.Ui([shared, rows]));
    }

    private static string HashOf(EmbedsValue audio, TextValue text, ClipValue clip)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"understudy 1 {audio.Frames} {audio.Dimensions} {audio.AudioScale:R} {audio.AudioCfgScale:R}"));
        hash.AppendData(text.Digest);
        hash.AppendData(clip.Digest);
        var part = new byte[64 << 10];
        for (long offset = 0; offset < audio.Rows.Length;)
        {
            var count = audio.Rows.Read(offset, part);
            hash.AppendData(part.AsSpan(0, count));
            offset += count;
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
