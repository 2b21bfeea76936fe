namespace WanTalk.Understudy.Nodes.Video;

/// <summary>The order in which frames are shown: forth, and with ping-pong back again without both ends.</summary>
internal sealed class FrameOrder(int frames, bool pingPong)
{
    public int Count => pingPong ? Math.Max(frames, (2 * frames) - 2) : frames;

    public int this[int place] => place < frames ? place : (2 * frames) - 2 - place;
}

/// <summary>Frames with an odd side: the last column and row are repeated, since the encoders need even sides.</summary>
internal static class EvenFrame
{
    public static ReadOnlyMemory<byte> Of(byte[] rgb24, int width, int height)
    {
        if (width % 2 == 0 && height % 2 == 0)
            return rgb24;
        var (wide, high) = (width + (width % 2), height + (height % 2));
        var even = new byte[3 * wide * high];
        for (var y = 0; y < high; y++)
        {
            var row = rgb24.AsSpan(3 * width * Math.Min(y, height - 1), 3 * width);
            var target = even.AsSpan(3 * wide * y, 3 * wide);
            row.CopyTo(target);
            row[^3..].CopyTo(target[^3..]);
        }
        return even;
    }
}
