using WanTalk.Core.Talks;

namespace WanTalk.Core.Takes;

/// <summary>A take's own seed: takes of one talk would begin with the same noise otherwise.</summary>
public static class TakeSeed
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    /// <summary>The seed of a take, 0 to <see cref="TalkLimits.MaxSeed"/>; that of take 0 is the talk's own.</summary>
    /// <remarks>The generator is SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).</remarks>
    /// <param name="seed">The talk's seed.</param>
    /// <param name="take">The take, from 0.</param>
    public static long Of(long seed, int take)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(take);
        return take == 0 ? seed : (long)(Mix((ulong)seed + ((ulong)take * GoldenGamma)) & (ulong)TalkLimits.MaxSeed);
    }

    private static ulong Mix(ulong state)
    {
        state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        state = (state ^ (state >> 27)) * 0x94D049BB133111EB;
        return state ^ (state >> 31);
    }
}
