using System.Security.Cryptography;
using System.Text.Json.Nodes;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Values;

namespace WanTalk.Understudy.Nodes.Images;

/// <summary>LoadImage: a picture from the input folder. The mask is nothing: no graph of ours uses it.</summary>
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
        var bytes = await File.ReadAllBytesAsync(InputFile.PathOf(inputs, context.Folders, "image"), context.Stop);
        return new NodeResult([new PictureValue(PictureDecoder.Decode(bytes)), null]);
    }
}

/// <summary>Files that nodes name.</summary>
internal static class InputFile
{
    public static string? Validate(NodeInputs inputs, EngineFolders folders, string input, string kind)
    {
        var name = inputs.Values.GetValueOrDefault(input)?.ToString() ?? "";
        return folders.FileNamed(name) is { } path && File.Exists(path) ? null : $"{input} - Invalid {kind} file: {name}";
    }

    public static string Fingerprint(NodeInputs inputs, EngineFolders folders, string input)
    {
        using var file = File.OpenRead(PathOf(inputs, folders, input));
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    public static string PathOf(NodeInputs inputs, EngineFolders folders, string input)
    {
        var name = inputs.Text(input);
        return folders.FileNamed(name) is { } path && File.Exists(path)
            ? path
            : throw new NodeException("FileNotFoundError", $"There is no file {name} in the input folder.");
    }
}
