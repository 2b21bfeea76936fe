using WanTalk.Media.Pictures;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Values;
using static WanTalk.Understudy.Nodes.InputSpec;

namespace WanTalk.Understudy.Nodes.Images;

/// <summary>ImageResizeKJv2, for keep_proportion "stretch" and "crop" and upscale_method "lanczos".</summary>
internal sealed class ResizeImageNode : Node
{
    public override NodeSchema Schema { get; } = new(
        "ImageResizeKJv2",
        [
            Link("image", "IMAGE"),
            Int("width", 512, 0, 16384, 1),
            Int("height", 512, 0, 16384, 1),
            Choice("upscale_method", ["nearest-exact", "bilinear", "area", "bicubic", "lanczos", "nvidia_rtx_vsr"]),
            Choice("keep_proportion", ["stretch", "resize", "pad", "pad_edge", "pad_edge_pixel", "crop", "pillarbox_blur", "total_pixels"]) with
            {
                Default = false,
            },
            Text("pad_color", "0, 0, 0"),
            Choice("crop_position", ["center", "top", "bottom", "left", "right"], "center"),
            Int("divisible_by", 2, 0, 512, 1),
            Link("mask", "MASK").Optional(),
            Choice("device", ["cpu", "gpu"]).Optional(),
        ],
        [new OutputSpec("IMAGE", "IMAGE"), new OutputSpec("INT", "width"), new OutputSpec("INT", "height"), new OutputSpec("MASK", "mask")])
    {
        DisplayName = "Resize Image v2",
        Category = "KJNodes/image",
        Module = "custom_nodes.ComfyUI-KJNodes",
    };

    public override Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context)
    {
        var source = inputs.Get<ImageValue>("image").Picture(0);
        var (method, proportion) = (inputs.Text("upscale_method"), inputs.Text("keep_proportion"));
        if (method != "lanczos" || proportion is not ("stretch" or "crop"))
            throw new NodeException("NotImplementedError", $"The understudy does not resize by {method} with {proportion}.");
        if (inputs.Values.GetValueOrDefault("device") is "gpu")
            throw new NodeException("Exception", "Lanczos is not supported on the GPU");
        var (width, height) = SizeOf(source, inputs.Int("width"), inputs.Int("height"), inputs.Int("divisible_by"));
        var (left, top, cropWidth, cropHeight) = proportion == "crop"
            ? CropOf(source, width, height, inputs.Text("crop_position"))
            : (0, 0, source.Width, source.Height);
        var resized = new PictureValue(Lanczos.Resize(source, left, top, cropWidth, cropHeight, width, height));
        return NodeResult.Of(resized, (decimal)width, (decimal)height, null);
    }

    /// <summary>0 stands for the source's size; both sides are floored to the divisor.</summary>
    private static (int Width, int Height) SizeOf(RgbImage source, int width, int height, int divisor)
    {
        (width, height) = (width == 0 ? source.Width : width, height == 0 ? source.Height : height);
        if (divisor > 1)
            (width, height) = (width / divisor * divisor, height / divisor * divisor);
        return width > 0 && height > 0 ? (width, height) : throw new NodeException("ValueError", "height and width must be > 0");
    }

    /// <summary>The largest part of the source with the wanted proportion.</summary>
    private static (int Left, int Top, int Width, int Height) CropOf(RgbImage source, int width, int height, string position)
    {
        var (cropWidth, cropHeight) = (source.Width, source.Height);
        if ((long)source.Width * height > (long)source.Height * width)
            cropWidth = Math.Max(1, (int)((long)source.Height * width / height));
        else
            cropHeight = Math.Max(1, (int)((long)source.Width * height / width));
        var (left, top) = ((source.Width - cropWidth) / 2, (source.Height - cropHeight) / 2);
        return position switch
        {
            "top" => (left, 0, cropWidth, cropHeight),
            "bottom" => (left, source.Height - cropHeight, cropWidth, cropHeight),
            "left" => (0, top, cropWidth, cropHeight),
            "right" => (source.Width - cropWidth, top, cropWidth, cropHeight),
            _ => (left, top, cropWidth, cropHeight),
        };
    }
}
