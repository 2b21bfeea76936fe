namespace WanTalk.Core.Sampling;

/// <summary>
/// What a sampling setting may be: the ranges and lists of the wrapper's nodes (WanVideoSampler, WanVideoModelLoader, WanVideoBlockSwap,
/// MultiTalkWav2VecEmbeds; kijai/ComfyUI-WanVideoWrapper 088128b), and narrower where more makes no sense.
/// </summary>
public static class SamplingRanges
{
    /// <summary>The most steps; the nodes take any number.</summary>
    public const int MaxSteps = 100;

    /// <summary>The largest cfg.</summary>
    public const double MaxCfg = 30;

    /// <summary>The largest shift; the nodes take up to 1000.</summary>
    public const double MaxShift = 100;

    /// <summary>The largest audio scale and audio cfg scale; the node takes up to 100.</summary>
    public const double MaxAudioScale = 10;

    /// <summary>The blocks that the 14 B model has; the 2026 nodes take 48 and fail on more than these.</summary>
    public const int MaxBlocksToSwap = 40;

    /// <summary>The schedulers.</summary>
    public static IReadOnlyList<string> Schedulers { get; } =
    [
        "unipc", "unipc/beta", "dpm++", "dpm++/beta", "dpm++_sde", "dpm++_sde/beta", "euler", "euler/beta", "longcat_distill_euler", "deis",
        "lcm", "lcm/beta", "res_multistep", "er_sde", "flowmatch_causvid", "flowmatch_distill", "flowmatch_pusa", "multitalk", "sa_ode_stable",
        "rcm", "vibt_unipc",
    ];

    /// <summary>The precisions.</summary>
    public static IReadOnlyList<string> Precisions { get; } = ["fp32", "bf16", "fp16", "fp16_fast"];

    /// <summary>The attention kernels.</summary>
    public static IReadOnlyList<string> Attentions { get; } =
    [
        "sdpa", "flash_attn_2", "flash_attn_3", "sageattn", "sageattn_3", "radial_sage_attention", "sageattn_compiled", "sageattn_ultravico",
        "comfy",
    ];
}
