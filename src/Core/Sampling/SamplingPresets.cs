namespace WanTalk.Core.Sampling;

/// <summary>
/// The settings of each preset. Models, steps, cfg, shift, scheduler and audio scales of the distilled ones are the seed's. Without the
/// LoRA the model needs guidance: InfiniteTalk's own README (MeiGen-AI/InfiniteTalk) gives 5 for the text and 4 for the speech, and unipc
/// is the scheduler that WanVideoSampler offers first, made for no LoRA.
/// </summary>
public static class SamplingPresets
{
    private const string TalkModel = "Wan2_1-InfiniteTalk_Single_Q8.gguf";
    private const string Rank64 = "lightx2v_I2V_14B_480p_cfg_step_distill_rank64_bf16.safetensors";
    private const string Rank256 = "lightx2v_I2V_14B_480p_cfg_step_distill_rank256_bf16.safetensors";

    /// <summary>The steps of the distilled presets, and the only number that <c>flowmatch_distill</c> takes.</summary>
    public const int DistilledSteps = 4;

    /// <summary>The scheduler of the distilled presets.</summary>
    public const string DistilledScheduler = "flowmatch_distill";

    /// <summary>The settings of a preset.</summary>
    public static SamplingSettings Of(SamplingPreset preset) => preset switch
    {
        SamplingPreset.Recommended => Distilled(preset, "wan2.1-i2v-14b-480p-Q5_0.gguf", Rank256),
        SamplingPreset.Fast => Distilled(preset, "wan2.1-i2v-14b-480p-Q4_0.gguf", Rank64),
        SamplingPreset.Best => Distilled(preset, "wan2.1-i2v-14b-480p-Q6_K.gguf", Rank256),
        SamplingPreset.Undistilled => Distilled(preset, "wan2.1-i2v-14b-480p-Q5_0.gguf", Rank256) with
        {
            Lora = null,
            Steps = 50,
            Cfg = 5,
            Scheduler = "unipc",
            AudioCfgScale = 4,
        },
        _ => throw new ArgumentOutOfRangeException(nameof(preset), preset, "There is no such preset."),
    };

    private static SamplingSettings Distilled(SamplingPreset preset, string model, string lora) => new()
    {
        Preset = preset,
        Model = model,
        TalkModel = TalkModel,
        Lora = lora,
        Steps = DistilledSteps,
        Cfg = 1,
        Shift = 11,
        Scheduler = DistilledScheduler,
        Precision = "fp16",
        Attention = "sdpa",
        AudioScale = 1,
        AudioCfgScale = 1,
    };
}
