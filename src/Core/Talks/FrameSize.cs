using System.Text.Json.Serialization;

namespace WanTalk.Core.Talks;

/// <summary>Width and height of a picture, in pixels.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
public readonly record struct FrameSize(int Width, int Height)
{
    /// <summary>The sides that the model can make are multiples of this (VAE stride 8 times patch 2).</summary>
    public const int SideMultiple = 16;

    /// <summary>The size of a talk that asks for none: the seed's 639x640, made valid.</summary>
    public static FrameSize Default { get; } = new(640, 640);

    /// <summary>Width times height.</summary>
    [JsonIgnore]
    public long Pixels => (long)Width * Height;

    /// <summary>The nearest size that the model can make: each side to the nearest multiple of 16, half up.</summary>
    public FrameSize ToEffective() => new(Nearest(Width), Nearest(Height));

    /// <inheritdoc/>
    public override string ToString() => $"{Width}x{Height}";

    private static int Nearest(int side) => (side + (SideMultiple / 2)) / SideMultiple * SideMultiple;
}
