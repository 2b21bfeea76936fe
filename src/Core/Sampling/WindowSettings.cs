namespace WanTalk.Core.Sampling;

/// <summary>The settings that may change from window to window of a talk, since they decide on memory and not on what is sampled.</summary>
/// <param name="BlocksToSwap">Transformer blocks kept in main memory.</param>
/// <param name="TiledVae">Whether the VAE works in tiles, whose seams change the picture a little.</param>
public sealed record WindowSettings(int BlocksToSwap, bool TiledVae)
{
    /// <summary>What a talk asks for, on a GPU.</summary>
    /// <param name="settings">The talk's settings.</param>
    /// <param name="vramBytes">The GPU's memory, by which the blocks are chosen where the talk leaves them open.</param>
    public static WindowSettings Of(SamplingSettings settings, long vramBytes)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new WindowSettings(settings.BlocksToSwap ?? BlockSwap.For(vramBytes), settings.TiledVae);
    }
}

/// <summary>A run of windows of a take that were made with the same settings.</summary>
/// <param name="Take">The take, from 0.</param>
/// <param name="FirstWindow">The first window, from 0.</param>
/// <param name="Windows">How many.</param>
/// <param name="Settings">Their settings.</param>
public sealed record WindowSettingsRun(int Take, int FirstWindow, int Windows, WindowSettings Settings);
