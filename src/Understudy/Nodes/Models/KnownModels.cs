namespace WanTalk.Understudy.Nodes.Models;

/// <summary>
/// The model files that the understudy claims to have: those of the model manifest, and the alternatives that the seed names beside them.
/// It loads none of them.
/// </summary>
internal static class KnownModels
{
    public static readonly string[] Diffusion =
    [
        "wan2.1-i2v-14b-480p-Q3_K_M.gguf",
        "wan2.1-i2v-14b-480p-Q4_0.gguf",
        "wan2.1-i2v-14b-480p-Q4_K_M.gguf",
        "wan2.1-i2v-14b-480p-Q5_0.gguf",
        "wan2.1-i2v-14b-480p-Q6_K.gguf",
        "wan2.1-i2v-14b-480p-Q8_0.gguf",
        "Wan2_1-InfiniteTalk_Single_Q6_K.gguf",
        "Wan2_1-InfiniteTalk_Single_Q8.gguf",
    ];

    public static readonly string[] Loras =
    [
        "lightx2v_I2V_14B_480p_cfg_step_distill_rank256_bf16.safetensors",
        "lightx2v_I2V_14B_480p_cfg_step_distill_rank64_bf16.safetensors",
        "Wan2.1-lightx2v_I2V_14B_480p_cfg_step_distill_rank64_bf16.safetensors",
    ];

    public static readonly string[] TextEncoders = ["umt5-xxl-enc-bf16.safetensors", "umt5-xxl-enc-fp8_e4m3fn.safetensors"];

    public static readonly string[] Vae = ["wan_2.1_vae.safetensors"];

    public static readonly string[] ClipVision = ["clip_vision_h.safetensors"];

    public static readonly string[] Wav2Vec = [];
}
