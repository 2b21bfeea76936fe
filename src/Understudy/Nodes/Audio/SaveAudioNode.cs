using System.Text.Json.Nodes;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Nodes.Images;
using WanTalk.Understudy.Values;

namespace WanTalk.Understudy.Nodes.Audio;

/// <summary>SaveAudio and PreviewAudio: 16-bit FLAC, numbered behind what is there.</summary>
internal sealed class SaveAudioNode(bool preview) : Node
{
    /// <summary>The real server draws five letters for each.</summary>
    private const string PreviewPrefix = "ComfyUI_temp_wntlk";

    public override NodeSchema Schema { get; } = preview
        ? Save("PreviewAudio", "Preview Audio", InputSpec.Link("audio", "AUDIO"))
        : Save("SaveAudio", "Save Audio (FLAC)", InputSpec.Link("audio", "AUDIO"), InputSpec.Text("filename_prefix", "audio/ComfyUI"));

    public override async Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context)
    {
        var (folder, subfolder, stem) = preview
            ? (context.Folders.Temp, "", PreviewPrefix)
            : context.ForPrefix(inputs.Text("filename_prefix"));
        var name = $"{stem}_{NumberedFiles.Next(folder, stem):00000}_.flac";
        await AudioFiles.EncodeFlacAsync(inputs.Get<AudioValue>("audio"), Path.Combine(folder, name), context.Stop);
        var file = new JsonObject { ["filename"] = name, ["subfolder"] = subfolder, ["type"] = preview ? "temp" : "output" };
        return new NodeResult([], new JsonObject { ["audio"] = new JsonArray(file) });
    }

    private static NodeSchema Save(string name, string displayName, params IReadOnlyList<InputSpec> inputs) => new(name, inputs, [])
    {
        DisplayName = displayName,
        Category = "audio",
        Module = "comfy_extras.nodes_audio",
        IsOutput = true,
    };
}
