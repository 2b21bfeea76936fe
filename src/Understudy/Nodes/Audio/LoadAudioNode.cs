using System.Text.Json.Nodes;
using WanTalk.Understudy.Execution;

namespace WanTalk.Understudy.Nodes.Audio;

/// <summary>LoadAudio: a recording from the input folder.</summary>
internal sealed class LoadAudioNode : Node
{
    public override NodeSchema Schema { get; } = new(
        "LoadAudio",
        [
            InputSpec.Choice("audio", []) with
            {
                ChecksItself = true,
                ListsInputFolder = true,
                Newer = true,
                Extra = new JsonObject { ["multiselect"] = false, ["audio_upload"] = true },
            },
        ],
        [new OutputSpec("AUDIO", "AUDIO")])
    {
        DisplayName = "Load Audio",
        Category = "audio",
        Module = "comfy_extras.nodes_audio",
    };

    public override string? Validate(NodeInputs inputs, EngineFolders folders) => InputFile.Validate(inputs, folders, "audio", "audio");

    public override string? Fingerprint(NodeInputs inputs, EngineFolders folders) => InputFile.Fingerprint(inputs, folders, "audio");

    public override async Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context)
    {
        var path = InputFile.PathOf(inputs, context.Folders, "audio", "av.error.");
        await AudioFiles.DemandAudioAsync(path, context.Stop);
        return new NodeResult([await AudioFiles.DecodeAsync(path, context.Folders.Temp, context.Stop)]);
    }
}
