using System.Text.Json.Nodes;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Values;

namespace WanTalk.Understudy.Nodes.Images;

/// <summary>LoadImage: a picture from the input folder, and where it is transparent as the mask.</summary>
internal sealed class LoadImageNode : Node
{
    public override NodeSchema Schema { get; } = new(
        "LoadImage",
        [
            InputSpec.Choice("image", []) with
            {
                ChecksItself = true, ListsInputFolder = true, Extra = new JsonObject { ["image_upload"] = true },
            },
        ],
        [new OutputSpec("IMAGE", "IMAGE"), new OutputSpec("MASK", "MASK")])
    {
        DisplayName = "Load Image",
        Category = "image",
        Module = "nodes",
    };

    public override string? Validate(NodeInputs inputs, EngineFolders folders) => InputFile.Validate(inputs, folders, "image", "image");

    public override string? Fingerprint(NodeInputs inputs, EngineFolders folders) => InputFile.Fingerprint(inputs, folders, "image");

    public override async Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context)
    {
        var path = InputFile.PathOf(inputs, context.Folders, "image");
        var (picture, mask) = PictureDecoder.Decode(await File.ReadAllBytesAsync(path, context.Stop), path);
        return new NodeResult([new PictureValue(picture), mask]);
    }
}
