namespace WanTalk.Core.Sampling;

/// <summary>Chooses how many transformer blocks stay in main memory, where the caller leaves it open.</summary>
public static class BlockSwap
{
    private const long Gigabyte = 1_000_000_000;

    /// <summary>
    /// The blocks for a GPU: none from 40 GB, half of them from 24 GB, all 40 below, as the seed does for 12 GB. Decimal gigabytes, since
    /// cards show a little less than their name says in binary ones. Not measured on GPUs yet.
    /// </summary>
    /// <param name="vramBytes">The GPU's memory; 0 without a GPU, which swaps nothing.</param>
    public static int For(long vramBytes) => vramBytes switch
    {
        0 or >= 40 * Gigabyte => 0,
        >= 24 * Gigabyte => SamplingRanges.MaxBlocksToSwap / 2,
        _ => SamplingRanges.MaxBlocksToSwap,
    };
}
