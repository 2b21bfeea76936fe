using System.Text.Json.Nodes;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Values;
using static WanTalk.Understudy.Nodes.InputSpec;

namespace WanTalk.Understudy.Nodes.Images;

/// <summary>RepeatImageBatch: all frames, as often as is asked for.</summary>
internal sealed class RepeatImageNode : Node
{
    public override NodeSchema Schema { get; } = new(
        "RepeatImageBatch", [Link("image", "IMAGE"), Int("amount", 1, 1, 4096)], [new OutputSpec("IMAGE", "IMAGE")])
    {
        DisplayName = null,
        Category = "image/batch",
        Module = "comfy_extras.nodes_images",
    };

    public override Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context)
    {
        var image = inputs.Get<ImageValue>("image");
        return NodeResult.Of(new FrameRange(image, 0, checked(image.Count * inputs.Int("amount"))));
    }
}

/// <summary>ImageFromBatch: some frames; both ends are brought to what there is.</summary>
internal sealed class ImageFromBatchNode : Node
{
    public override NodeSchema Schema { get; } = new(
        "ImageFromBatch",
        [Link("image", "IMAGE"), Int("batch_index", 0, 0, 4095), Int("length", 1, 1, 4096)],
        [new OutputSpec("IMAGE", "IMAGE")])
    {
        DisplayName = null,
        Category = "image/batch",
        Module = "comfy_extras.nodes_images",
    };

    public override Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context)
    {
        var image = inputs.Get<ImageValue>("image");
        var first = Math.Min(image.Count - 1, inputs.Int("batch_index"));
        return NodeResult.Of(new FrameRange(image, first, Math.Min(image.Count - first, inputs.Int("length"))));
    }
}

/// <summary>GetImageSizeAndCount: the image as it is, its size and the number of its frames.</summary>
internal sealed class ImageSizeNode : Node
{
    public override NodeSchema Schema { get; } = new(
        "GetImageSizeAndCount",
        [Link("image", "IMAGE")],
        [new OutputSpec("IMAGE", "image"), new OutputSpec("INT", "width"), new OutputSpec("INT", "height"), new OutputSpec("INT", "count")])
    {
        DisplayName = "Get Image Size & Count",
        Category = "KJNodes/image",
        Module = "custom_nodes.ComfyUI-KJNodes",
    };

    public override Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context)
    {
        var image = inputs.Get<ImageValue>("image");
        var (width, height, count) = ((decimal)image.Width, (decimal)image.Height, (decimal)image.Count);
        var shown = new JsonObject { ["text"] = new JsonArray($"{count}x{width}x{height}") };
        return Task.FromResult(new NodeResult([image, width, height, count], shown));
    }
}
