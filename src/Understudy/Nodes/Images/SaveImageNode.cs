using System.Globalization;
using System.Text.Json.Nodes;
using WanTalk.Media.Pictures;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Values;

namespace WanTalk.Understudy.Nodes.Images;

/// <summary>SaveImage and PreviewImage: a PNG for each frame, numbered behind what is there; the graph is not embedded.</summary>
internal sealed class SaveImageNode(bool preview) : Node
{
    /// <summary>The real server draws five letters at its start.</summary>
    private const string PreviewPrefix = "ComfyUI_temp_wntlk";

    public override NodeSchema Schema { get; } = preview
        ? new NodeSchema("PreviewImage", [InputSpec.Link("images", "IMAGE")], [])
        {
            DisplayName = "Preview Image",
            Category = "image",
            Module = "nodes",
            IsOutput = true,
        }
        : new NodeSchema("SaveImage", [InputSpec.Link("images", "IMAGE"), InputSpec.Text("filename_prefix", "ComfyUI")], [])
        {
            DisplayName = "Save Image",
            Category = "image",
            Module = "nodes",
            IsOutput = true,
        };

    public override async Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context)
    {
        var images = inputs.Get<ImageValue>("images");
        var (folder, subfolder, stem) = preview
            ? (context.Folders.Temp, "", PreviewPrefix)
            : context.ForPrefix(inputs.Text("filename_prefix"), images.Width, images.Height);
        var number = NumberedFiles.Next(folder, stem);
        var files = new JsonArray();
        for (var frame = 0; frame < images.Count; frame++)
        {
            var name = $"{stem}_{number + frame:00000}_.png";
            await PictureWriter.WritePngFileAsync(images.Picture(frame), Path.Combine(folder, name), context.Stop);
            files.Add((JsonNode)new JsonObject { ["filename"] = name, ["subfolder"] = subfolder, ["type"] = preview ? "temp" : "output" });
            context.Host.ThrowIfInterrupted();
        }
        return new NodeResult([], new JsonObject { ["images"] = files });
    }
}

/// <summary>Files named stem_00001_.ext.</summary>
internal static class NumberedFiles
{
    /// <summary>The number behind the highest that is there.</summary>
    public static int Next(string folder, string stem)
    {
        var highest = 0;
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            var name = Path.GetFileName(path);
            if (name.StartsWith(stem + "_", StringComparison.Ordinal)
                && int.TryParse(name[(stem.Length + 1)..].Split('_')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                highest = Math.Max(highest, number);
            }
        }
        return highest + 1;
    }
}
