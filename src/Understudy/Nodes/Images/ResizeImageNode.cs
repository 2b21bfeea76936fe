using System.Globalization;
using WanTalk.Media.Pictures;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Nodes.Images.Resizing;
using WanTalk.Understudy.Values;
using static WanTalk.Understudy.Nodes.InputSpec;

namespace WanTalk.Understudy.Nodes.Images;

/// <summary>ImageResizeKJv2: every proportion, and every method but the one that needs an NVIDIA card.</summary>
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
        var source = inputs.Get<ImageValue>("image");
        var method = inputs.Text("upscale_method");
        if (method == "nvidia_rtx_vsr")
            throw new NodeException("RuntimeError", "NVIDIA RTX Video Super Resolution requires a CUDA-capable NVIDIA GPU.");
        if (method == "lanczos" && inputs.Values.GetValueOrDefault("device") is "gpu")
            throw new NodeException("Exception", "Lanczos is not supported on the GPU");
        var request = new ResizeRequest(
            inputs.Int("width"),
            inputs.Int("height"),
            method,
            inputs.Text("keep_proportion"),
            inputs.Text("crop_position"),
            inputs.Int("divisible_by"),
            inputs.Text("pad_color"));
        var plan = ResizePlan.For(source.Width, source.Height, request);
        var mask = MaskResizing.Apply(inputs.Find<MaskValue>("mask"), source.Width, source.Height, plan, request);
        var resized = Resize(source, plan, request, context);
        // The real one's pictures are 32-bit floats.
        var megabytes = sizeof(float) * (double)resized.FrameBytes * resized.Count / (1 << 20);
        context.ShowText(string.Create(
            CultureInfo.InvariantCulture,
            $"<tr><td>Output: </td><td><b>{resized.Count}</b> x <b>{resized.Width}</b> x "
                + $"<b>{resized.Height} | {megabytes:0.00}MB</b></td></tr>"));
        return NodeResult.Of(resized, (decimal)plan.TotalWidth, (decimal)plan.TotalHeight, mask);
    }

    /// <summary>Makes one picture what the plan says.</summary>
    internal static RgbImage Resize(RgbImage source, ResizePlan plan, ResizeRequest request) =>
        Padding.Around(Resampler.Resize(source, plan.Part, plan.Width, plan.Height, request.Method), plan, request);

    private static ImageValue Resize(ImageValue source, ResizePlan plan, ResizeRequest request, NodeContext context)
    {
        if (source.Count == 1)
            return new PictureValue(Resize(source.Picture(0), plan, request));
        var scratch = new ScratchFile(context.Folders.Temp);
        try
        {
            for (var frame = 0; frame < source.Count; frame++)
            {
                scratch.Append(Resize(source.Picture(frame), plan, request).Pixels);
                context.Host.ThrowIfInterrupted();
            }
            return new FramesValue(scratch, plan.TotalWidth, plan.TotalHeight);
        }
        catch
        {
            scratch.Dispose();
            throw;
        }
    }
}
