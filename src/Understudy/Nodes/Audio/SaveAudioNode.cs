using System.Text.Json.Nodes;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Nodes.Images;
using WanTalk.Understudy.Values;

namespace WanTalk.Understudy.Nodes.Audio;

/// <summary>SaveAudio: 16-bit FLAC, numbered behind what is there.</summary>
internal sealed class SaveAudioNode : Node
{
    public override NodeSchema Schema { get; } = new(
        "SaveAudio", [InputSpec.Link("audio", "AUDIO"), InputSpec.Text("filename_prefix", "audio/ComfyUI")], [])
    {
        DisplayName = "Save Audio (FLAC)",
        Category = "audio",
        Module = "comfy_extras.nodes_audio",
        IsOutput = true,
    };

    public override async Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context)
    {
        var (folder, subfolder, stem) = context.Folders.ForPrefix(inputs.Text("filename_prefix"));
        var name = $"{stem}_{NumberedFiles.Next(folder, stem):00000}_.flac";
        await AudioFiles.EncodeFlacAsync(inputs.Get<AudioValue>("audio"), Path.Combine(folder, name), context.Stop);
        var file = new JsonObject { ["filename"] = name, ["subfolder"] = subfolder, ["type"] = "output" };
        return new NodeResult([], new JsonObject { ["audio"] = new JsonArray(file) });
    }
}
