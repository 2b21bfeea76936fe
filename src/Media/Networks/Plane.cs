namespace WanTalk.Media.Networks;

/// <summary>
/// What flows between two operations: height x width places with some channels each. From eight channels on, a place takes a whole
/// number of eights, the spare ones being zero, so that the operations can go eight channels at a time.
/// </summary>
internal sealed class Plane
{
    /// <summary>Channels that are worked on at once.</summary>
    public const int Lanes = 8;

    public Plane(int height, int width, int channels)
    {
        (Height, Width, Channels) = (height, width, channels);
        Stride = channels < Lanes ? channels : (channels + Lanes - 1) / Lanes * Lanes;
        Values = new float[(height * width * Stride) + Lanes];
    }

    public int Height { get; }

    public int Width { get; }

    public int Channels { get; }

    /// <summary>From one place to the next.</summary>
    public int Stride { get; }

    /// <summary>The numbers, with a few spare ones at the end.</summary>
    public float[] Values { get; }

    /// <summary>The numbers without the spare channels.</summary>
    public float[] Compact()
    {
        var compact = new float[Height * Width * Channels];
        for (var place = 0; place < Height * Width; place++)
            Values.AsSpan(place * Stride, Channels).CopyTo(compact.AsSpan(place * Channels));
        return compact;
    }
}
