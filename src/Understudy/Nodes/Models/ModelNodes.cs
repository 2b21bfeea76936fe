using static WanTalk.Understudy.Nodes.InputSpec;

namespace WanTalk.Understudy.Nodes.Models;

/// <summary>The loaders and settings of the graphs.</summary>
internal static class ModelNodes
{
    private static readonly string[] Devices = ["main_device", "offload_device"];

    public static IEnumerable<Node> All(ModelFiles files)
    {
        yield return Loader("DownloadAndLoadWav2VecModel", "(Down)load Wav2Vec Model", "WAV2VECMODEL", "wav2vec_model",
            Choice("model", ["TencentGameMate/chinese-wav2vec2-base", "facebook/wav2vec2-base-960h"]),
            Choice("base_precision", ["fp32", "bf16", "fp16"], "fp16"),
            Choice("load_device", Devices, "main_device"));
        yield return Loader("Wav2VecModelLoader", "Wav2vec2 Model Loader", "WAV2VECMODEL", "wav2vec_model",
            Choice("model", files.Wav2Vec),
            Choice("base_precision", ["fp32", "bf16", "fp16"], "fp16"),
            Choice("load_device", Devices, "main_device"));
        yield return Loader("LoadWanVideoT5TextEncoder", "WanVideo T5 Text Encoder Loader", "WANTEXTENCODER", "wan_t5_model",
            Choice("model_name", files.TextEncoders),
            Choice("precision", ["fp32", "bf16"], "bf16"),
            Choice("load_device", Devices, "offload_device").Optional(),
            Choice("quantization", ["disabled", "fp8_e4m3fn"], "disabled").Optional());
        yield return new ModelNode(new NodeSchema(
            "CLIPVisionLoader", [Choice("clip_name", files.ClipVision)], [new OutputSpec("CLIP_VISION", "CLIP_VISION")])
        {
            Category = "loaders",
            Module = "nodes",
            DisplayName = "Load CLIP Vision",
        });
        yield return Loader("MultiTalkModelLoader", "Multi/InfiniteTalk Model Loader", "MULTITALKMODEL", "model", Choice("model", files.Diffusion));
        yield return Loader("WanVideoVAELoader", "WanVideo VAE Loader", "WANVAE", "vae",
            Choice("model_name", files.Vae),
            Choice("precision", ["fp16", "fp32", "bf16"], "bf16").Optional(),
            Link("compile_args", "WANCOMPILEARGS").Optional(),
            Flag("use_cpu_cache", false).Optional());
        yield return Loader("WanVideoBlockSwap", "WanVideo Block Swap", "BLOCKSWAPARGS", "block_swap_args",
            Int("blocks_to_swap", 20, 0, 48, 1),
            Flag("offload_img_emb", false),
            Flag("offload_txt_emb", false),
            Flag("use_non_blocking", false).Optional(),
            Int("vace_blocks_to_swap", 0, 0, 15, 1).Optional(),
            Int("prefetch_blocks", 0, 0, 40, 1).Optional(),
            Flag("block_swap_debug", false).Optional());
        yield return Loader("WanVideoTorchCompileSettings", "WanVideo Torch Compile Settings", "WANCOMPILEARGS", "torch_compile_args",
            Choice("backend", ["inductor", "cudagraphs"], "inductor"),
            Flag("fullgraph", false),
            Choice("mode", ["default", "max-autotune", "max-autotune-no-cudagraphs", "reduce-overhead"], "default"),
            Flag("dynamic", false),
            Int("dynamo_cache_size_limit", 64, 0, 1024, 1),
            Flag("compile_transformer_blocks_only", true),
            Int("dynamo_recompile_limit", 128, 0, 1024, 1).Optional(),
            Flag("force_parameter_static_shapes", false).Optional(),
            Flag("allow_unmerged_lora_compile", false).Optional());
        yield return Loader("WanVideoLoraSelect", "WanVideo Lora Select", "WANVIDLORA", "lora",
            Choice("lora", files.Loras),
            Float("strength", 1.0, -10.0m, 10.0m, 0.0001m),
            Link("prev_lora", "WANVIDLORA").Optional(),
            Link("blocks", "SELECTEDBLOCKS").Optional(),
            Flag("low_mem_load", false).Optional(),
            Flag("merge_loras", true).Optional());
        yield return Loader("WanVideoModelLoader", "WanVideo Model Loader", "WANVIDEOMODEL", "model", [.. ModelLoaderInputs(files)]);
    }

    private static IEnumerable<InputSpec> ModelLoaderInputs(ModelFiles files)
    {
        yield return Choice("model", files.Diffusion);
        yield return Choice("base_precision", ["fp32", "bf16", "fp16", "fp16_fast"], "bf16");
        yield return Choice(
            "quantization",
            [
                "disabled", "fp8_e4m3fn", "fp8_e4m3fn_fast", "fp8_e4m3fn_scaled", "fp8_e4m3fn_scaled_fast",
                "fp8_e5m2", "fp8_e5m2_fast", "fp8_e5m2_scaled", "fp8_e5m2_scaled_fast",
            ],
            "disabled");
        yield return Choice("load_device", Devices, "offload_device");
        yield return Choice(
            "attention_mode",
            [
                "sdpa", "flash_attn_2", "flash_attn_3", "sageattn", "sageattn_3", "radial_sage_attention", "sageattn_compiled",
                "sageattn_ultravico", "comfy",
            ],
            "sdpa").Optional();
        yield return Link("compile_args", "WANCOMPILEARGS").Optional();
        yield return Link("block_swap_args", "BLOCKSWAPARGS").Optional();
        yield return Link("lora", "WANVIDLORA").Optional();
        yield return Link("vram_management_args", "VRAM_MANAGEMENTARGS").Optional();
        yield return Link("extra_model", "VACEPATH").Optional();
        yield return Link("fantasytalking_model", "FANTASYTALKINGMODEL").Optional();
        yield return Link("multitalk_model", "MULTITALKMODEL").Optional();
        yield return Link("fantasyportrait_model", "FANTASYPORTRAITMODEL").Optional();
        yield return Choice("rms_norm_function", ["default", "pytorch"], "default").Optional();
    }

    private static ModelNode Loader(string name, string displayName, string type, string output, params IReadOnlyList<InputSpec> inputs) =>
        new(new NodeSchema(name, inputs, [new OutputSpec(type, output)]) { DisplayName = displayName });
}
