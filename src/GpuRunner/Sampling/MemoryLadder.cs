using WanTalk.Core.Sampling;

namespace WanTalk.GpuRunner.Sampling;

/// <summary>What is tried when the GPU's memory runs out, from what costs least to what costs most.</summary>
internal enum MemoryRung
{
    /// <summary>Nothing yet.</summary>
    AsAsked,

    /// <summary>The engine dropped its cache and unloaded its models.</summary>
    FreedMemory,

    /// <summary>More transformer blocks stay in main memory: slower.</summary>
    MoreBlockSwap,

    /// <summary>The VAE works in tiles: slower, with faint seams.</summary>
    TiledVae,

    /// <summary>The engine is a new process: what was fragmented or leaked is gone.</summary>
    RestartedEngine,
}

/// <summary>
/// The way up when the GPU's memory runs out. It is climbed within an attempt and never down again, so that it ends; what it came to is kept
/// in the commit records, and the next piece begins there.
/// <code>
///   as asked ─> freed memory ─> 20 blocks ─> 40 blocks ─> tiled VAE ─> restarted engine ─> the attempt fails
/// </code>
/// </summary>
/// <param name="start">The settings to begin with.</param>
/// <param name="canRestart">Whether the engine is the runner's own; another one is not ours to restart.</param>
internal sealed class MemoryLadder(WindowSettings start, bool canRestart)
{
    private const int HalfSwap = SamplingRanges.MaxBlocksToSwap / 2;

    /// <summary>The settings to sample with now.</summary>
    public WindowSettings Settings { get; private set; } = start;

    /// <summary>The rung that was reached.</summary>
    public MemoryRung Rung { get; private set; }

    /// <summary>The settings that a piece begins with: the talk's own, or those that the window before it needed.</summary>
    public static WindowSettings Begin(WindowSettings asked, WindowSettings? before) => before is null
        ? asked
        : new WindowSettings(Math.Max(asked.BlocksToSwap, before.BlocksToSwap), asked.TiledVae || before.TiledVae);

    /// <summary>Goes one rung up.</summary>
    /// <returns>False at the top: there is nothing left to try.</returns>
    public bool Climb()
    {
        if (Next() is not { } next)
        {
            return false;
        }

        (Rung, Settings) = next;
        return true;
    }

    private (MemoryRung Rung, WindowSettings Settings)? Next() => Rung switch
    {
        MemoryRung.AsAsked => (MemoryRung.FreedMemory, Settings),
        <= MemoryRung.MoreBlockSwap when Settings.BlocksToSwap < SamplingRanges.MaxBlocksToSwap =>
            (MemoryRung.MoreBlockSwap, Settings with { BlocksToSwap = Settings.BlocksToSwap < HalfSwap ? HalfSwap : SamplingRanges.MaxBlocksToSwap }),
        <= MemoryRung.MoreBlockSwap when !Settings.TiledVae => (MemoryRung.TiledVae, Settings with { TiledVae = true }),
        < MemoryRung.RestartedEngine when canRestart => (MemoryRung.RestartedEngine, Settings),
        _ => null,
    };
}
