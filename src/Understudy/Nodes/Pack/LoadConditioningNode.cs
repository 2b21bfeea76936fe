using System.Text.Json.Nodes;
using WanTalk.ComfyUI.Safetensors;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Speech;
using WanTalk.Understudy.Values;
using static WanTalk.Understudy.Nodes.InputSpec;

namespace WanTalk.Understudy.Nodes.Pack;

/// <summary>WanTalkLoadConditioning: both files of a talk's conditioning; the audio file may be a slice that tells its first frame.</summary>
internal sealed class LoadConditioningNode : Node
{
    public override NodeSchema Schema { get; } = PackSchema.Of(
        "WanTalkLoadConditioning",
        [Text("shared_file", ""), Text("shared_sha256", ""), Text("audio_file", ""), Text("audio_sha256", "")],
        [
            new OutputSpec("MULTITALK_EMBEDS", "multitalk_embeds"),
            new OutputSpec("WANVIDEOTEXTEMBEDS", "text_embeds"),
            new OutputSpec("WANVIDIMAGE_CLIPEMBEDS", "clip_embeds"),
        ]);

    public override string? Validate(NodeInputs inputs, EngineFolders folders) =>
        InputFile.Validate(inputs, folders, "shared_file", "conditioning") ?? InputFile.Validate(inputs, folders, "audio_file", "conditioning");

    public override string? Fingerprint(NodeInputs inputs, EngineFolders folders) =>
        InputFile.Fingerprint(inputs, folders, "shared_file") + InputFile.Fingerprint(inputs, folders, "audio_file");

    public override async Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context)
    {
        var (sharedName, audioName) = (inputs.Text("shared_file"), inputs.Text("audio_file"));
        var (folders, stop) = (context.Folders, context.Stop);
        var shared = await ConditioningFiles.OpenAsync(sharedName, inputs.Text("shared_sha256"), ConditioningFiles.SharedKind, folders, stop);
        var audio = await ConditioningFiles.OpenAsync(audioName, inputs.Text("audio_sha256"), ConditioningFiles.AudioKind, folders, stop);
        if ((string?)shared.Metadata["conditioning"] is not { } conditioning || (string?)audio.Metadata["conditioning"] != conditioning)
            throw PackRefusal.File($"{sharedName} and {audioName} are not of the same conditioning.");
        var tensor = audio.Header.Contains(ConditioningSlice.TensorName) ? audio.Header[ConditioningSlice.TensorName] : null;
        var first = LongOf(audio.Metadata, "first_frame");
        var total = LongOf(audio.Metadata, "total_frames");
        if (tensor is not { DType: "F32", Shape: [_, SpeechFeatures.Dimensions] } || first < 0 || first + tensor.Shape[0] > total)
            throw PackRefusal.File($"{audioName} does not hold the audio rows that it promises.");
        var embeds = new LoadedEmbeds(audio.Path, audio.Header, conditioning, first, total);
        if (!embeds.AreNumbers())
            throw PackRefusal.Audio($"{audioName} has values that are no numbers.");
        return new NodeResult([embeds, new TextValue([]), new ClipValue([])]);
    }

    private static long LongOf(JsonObject metadata, string name) =>
        metadata[name] is JsonValue value && value.TryGetValue(out long number) ? number : -1;
}
