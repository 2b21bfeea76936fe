using System.Globalization;
using System.Text.Json.Nodes;
using SkiaSharp;
using WanTalk.Media.Pictures;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Values;

namespace WanTalk.Understudy.Nodes.Images;

/// <summary>SaveImage and PreviewImage: a PNG, numbered behind what is there; the graph is not embedded.</summary>
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
        var (folder, subfolder, stem) = preview
            ? (context.Folders.Temp, "", PreviewPrefix)
            : context.Folders.ForPrefix(inputs.Text("filename_prefix"));
        var name = $"{stem}_{NumberedFiles.Next(folder, stem):00000}_.png";
        await File.WriteAllBytesAsync(Path.Combine(folder, name), Encode(inputs.Get<PictureValue>("images").Image), context.Stop);
        var file = new JsonObject { ["filename"] = name, ["subfolder"] = subfolder, ["type"] = preview ? "temp" : "output" };
        return new NodeResult([], new JsonObject { ["images"] = new JsonArray(file) });
    }

    private static byte[] Encode(RgbImage image)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var rgba = new byte[4 * image.Width * image.Height];
        for (int from = 0, to = 0; from < image.Pixels.Length; from += 3, to += 4)
        {
            image.Pixels.AsSpan(from, 3).CopyTo(rgba.AsSpan(to));
            rgba[to + 3] = 255;
        }
        System.Runtime.InteropServices.Marshal.Copy(rgba, 0, bitmap.GetPixels(), rgba.Length);
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
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
