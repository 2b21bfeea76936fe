using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Values;
using static WanTalk.Understudy.Nodes.InputSpec;

namespace WanTalk.Understudy.Nodes.Sampling;

/// <summary>WanVideoDecode: the sampler's frames are there already.</summary>
internal sealed class DecodeNode : Node
{
    public override NodeSchema Schema { get; } = new(
        "WanVideoDecode",
        [
            Link("vae", "WANVAE"),
            Link("samples", "LATENT"),
            Flag("enable_vae_tiling", false),
            Int("tile_x", 272, 40, 2048, 8),
            Int("tile_y", 272, 40, 2048, 8),
            Int("tile_stride_x", 144, 32, 2040, 8),
            Int("tile_stride_y", 128, 32, 2040, 8),
            Choice("normalization", ["default", "minmax", "none"]).Optional(),
        ],
        [new OutputSpec("IMAGE", "images")])
    {
        DisplayName = "WanVideo Decode",
    };

    public override Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context)
    {
        var frames = inputs.Get<LatentValue>("samples").Frames;
        return NodeResult.Of(new FrameRange(frames, 0, frames.Count));
    }
}
