using System.Security.Cryptography;
using System.Text;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Values;
using static WanTalk.Understudy.Nodes.InputSpec;

namespace WanTalk.Understudy.Nodes.Models;

/// <summary>WanVideoTextEncode: the prompts' digest stands for their embeddings.</summary>
internal sealed class TextEncodeNode : Node
{
    public override NodeSchema Schema { get; } = new(
        "WanVideoTextEncode",
        [
            Text("positive_prompt", "", multiline: true),
            Text("negative_prompt", "", multiline: true),
            Link("t5", "WANTEXTENCODER").Optional(),
            Flag("force_offload", true).Optional(),
            Link("model_to_offload", "WANVIDEOMODEL").Optional(),
            Flag("use_disk_cache", false).Optional(),
            Choice("device", ["gpu", "cpu"], "gpu").Optional(),
        ],
        [new OutputSpec("WANVIDEOTEXTEMBEDS", "text_embeds")])
    {
        DisplayName = "WanVideo TextEncode",
    };

    public override Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context) =>
        NodeResult.Of(DigestOf(inputs.Text("positive_prompt"), inputs.Text("negative_prompt")));

    public static TextValue DigestOf(string positive, string negative) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"{positive}\0{negative}")));
}

/// <summary>WanVideoTextEncodeCached: the same with a text encoder of its own.</summary>
internal sealed class CachedTextEncodeNode(ModelFiles files) : Node
{
    public override NodeSchema Schema { get; } = new(
        "WanVideoTextEncodeCached",
        [
            Choice("model_name", files.TextEncoders),
            Choice("precision", ["fp32", "bf16"], "bf16"),
            Text("positive_prompt", "", multiline: true),
            Text("negative_prompt", "", multiline: true),
            Choice("quantization", ["disabled", "fp8_e4m3fn"], "disabled"),
            Flag("use_disk_cache", true),
            Choice("device", ["gpu", "cpu"], "gpu"),
            Link("extender_args", "WANVIDEOPROMPTEXTENDER_ARGS").Optional(),
        ],
        [
            new OutputSpec("WANVIDEOTEXTEMBEDS", "text_embeds"),
            new OutputSpec("WANVIDEOTEXTEMBEDS", "negative_text_embeds"),
            new OutputSpec("STRING", "positive_prompt"),
        ])
    {
        DisplayName = "WanVideo TextEncode Cached",
    };

    public override Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context)
    {
        var (positive, negative) = (inputs.Text("positive_prompt"), inputs.Text("negative_prompt"));
        return NodeResult.Of(TextEncodeNode.DigestOf(positive, negative), TextEncodeNode.DigestOf("", negative), positive);
    }
}

/// <summary>WanVideoClipVisionEncode: the picture's digest stands for its embeddings.</summary>
internal sealed class ClipVisionEncodeNode : Node
{
    public override NodeSchema Schema { get; } = new(
        "WanVideoClipVisionEncode",
        [
            Link("clip_vision", "CLIP_VISION"),
            Link("image_1", "IMAGE"),
            Float("strength_1", 1.0, 0.0m, 10.0m, 0.001m),
            Float("strength_2", 1.0, 0.0m, 10.0m, 0.001m),
            Choice("crop", ["center", "disabled"], "center"),
            Choice("combine_embeds", ["average", "sum", "concat", "batch"], "average"),
            Flag("force_offload", true),
            Link("image_2", "IMAGE").Optional(),
            Link("negative_image", "IMAGE").Optional(),
            Int("tiles", 0, 0, 16, 2).Optional(),
            Float("ratio", 0.5, 0.0m, 1.0m, 0.01m).Optional(),
        ],
        [new OutputSpec("WANVIDIMAGE_CLIPEMBEDS", "image_embeds")])
    {
        DisplayName = "WanVideo ClipVision Encode",
    };

    public override Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context) =>
        NodeResult.Of(new ClipValue(Convert.FromHexString(PictureValue.FirstOf(inputs.Get<ImageValue>("image_1")).Digest)));
}

/// <summary>WanVideoImageToVideoMultiTalk: how the windows are made, and the picture that they start from.</summary>
internal sealed class ImageToVideoNode : Node
{
    public override NodeSchema Schema { get; } = new(
        "WanVideoImageToVideoMultiTalk",
        [
            Link("vae", "WANVAE"),
            Int("width", 832, 64, 2048, 8),
            Int("height", 480, 64, 29048, 8),
            Int("frame_window_size", 81, 1, 10000, 4),
            Int("motion_frame", 25, 1, 10000, 1),
            Flag("force_offload", false),
            Choice("colormatch", ["disabled", "mkl", "hm", "reinhard", "mvgd", "hm-mvgd-hm", "hm-mkl-hm"], "disabled"),
            Link("start_image", "IMAGE").Optional(),
            Flag("tiled_vae", false).Optional(),
            Link("clip_embeds", "WANVIDIMAGE_CLIPEMBEDS").Optional(),
            Choice("mode", ["auto", "multitalk", "infinitetalk"], "auto").Optional(),
            Text("output_path", "").Optional(),
        ],
        [new OutputSpec("WANVIDIMAGE_EMBEDS", "image_embeds"), new OutputSpec("STRING", "output_path")])
    {
        DisplayName = "WanVideo Long I2V Multi/InfiniteTalk",
    };

    public override Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context) => NodeResult.Of(
        new ImageEmbedsValue(
            inputs.Find<ImageValue>("start_image") is { } start ? PictureValue.FirstOf(start) : null,
            inputs.Find<ImageValue>("start_image")?.Count ?? 0,
            inputs.Int("width"),
            inputs.Int("height"),
            inputs.Int("frame_window_size"),
            inputs.Int("motion_frame"),
            inputs.Text("colormatch"),
            inputs.Find<string>("mode") ?? "auto"),
        inputs.Find<string>("output_path") ?? "");
}
