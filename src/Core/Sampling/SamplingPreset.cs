namespace WanTalk.Core.Sampling;

/// <summary>A named choice of models and sampler settings.</summary>
public enum SamplingPreset
{
    /// <summary>Q5_0 with the rank 256 LoRA, 4 steps: what the seed recommends. 14 GB of GPU memory with all blocks swapped.</summary>
    Recommended,

    /// <summary>Q4_0 with the rank 64 LoRA, 4 steps: the fastest, 12 GB.</summary>
    Fast,

    /// <summary>Q6_K with the rank 256 LoRA, 4 steps: the best of the distilled ones, 16 GB.</summary>
    Best,

    /// <summary>Q5_0 without a LoRA, 50 steps: about twenty times as slow as the distilled ones.</summary>
    Undistilled,
}
