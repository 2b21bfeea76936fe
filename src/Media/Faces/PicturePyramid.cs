using System.Numerics;
using WanTalk.Media.Pictures;

namespace WanTalk.Media.Faces;

/// <summary>
/// A picture at full, half, quarter… size, from which square patches are cut at any place, size and angle for a network to look at.
/// The halving keeps large pictures free of aliasing; each level is made when it is first needed.
/// </summary>
internal sealed class PicturePyramid(RgbImage picture)
{
    private readonly List<RgbImage> _levels = [picture];

    public int Width => picture.Width;

    public int Height => picture.Height;

    /// <summary>Cuts a patch of <paramref name="size"/> x <paramref name="size"/> pixels, R G B, bytes 0..255 mapped to low..high.</summary>
    public void Cut(PatchPlace place, int size, float low, float high, bool repeatEdge, Span<float> patch)
    {
        var step = place.Side / size;
        var level = 0;
        while (step >= 2 && Math.Min(Level(level).Width, Level(level).Height) >= 8)
        {
            step /= 2;
            level++;
        }

        var source = Level(level);
        var shrink = place.Side / size / step;
        var across = place.Across * step;
        var down = new Vector2(-across.Y, across.X);
        var origin = (place.Centre / shrink) - ((across + down) * (size / 2f)) - new Vector2(0.5f);
        var gain = (high - low) / 255f;
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                var at = origin + (across * (x + 0.5f)) + (down * (y + 0.5f));
                Sample(source, at, repeatEdge, low, gain, patch.Slice(3 * ((y * size) + x), 3));
            }
        }
    }

    private static void Sample(RgbImage source, Vector2 at, bool repeatEdge, float low, float gain, Span<float> target)
    {
        if (!repeatEdge && (at.X < -0.5f || at.Y < -0.5f || at.X > source.Width - 0.5f || at.Y > source.Height - 0.5f))
        {
            target.Fill(low);
            return;
        }

        var fx = MathF.Floor(at.X);
        var fy = MathF.Floor(at.Y);
        var (ax, ay) = (at.X - fx, at.Y - fy);
        var x0 = Math.Clamp((int)fx, 0, source.Width - 1);
        var x1 = Math.Clamp((int)fx + 1, 0, source.Width - 1);
        var y0 = Math.Clamp((int)fy, 0, source.Height - 1) * source.Width;
        var y1 = Math.Clamp((int)fy + 1, 0, source.Height - 1) * source.Width;
        var pixels = source.Pixels;
        for (var channel = 0; channel < 3; channel++)
        {
            float At(int row, int column) => pixels[(3 * (row + column)) + channel];
            var top = At(y0, x0) + (ax * (At(y0, x1) - At(y0, x0)));
            var bottom = At(y1, x0) + (ax * (At(y1, x1) - At(y1, x0)));
            target[channel] = low + (gain * (top + (ay * (bottom - top))));
        }
    }

    private RgbImage Level(int level)
    {
        while (_levels.Count <= level)
            _levels.Add(Halve(_levels[^1]));
        return _levels[level];
    }

    private static RgbImage Halve(RgbImage source)
    {
        var (width, height) = ((source.Width + 1) / 2, (source.Height + 1) / 2);
        var pixels = new byte[3 * width * height];
        for (var y = 0; y < height; y++)
        {
            var top = 3 * 2 * y * source.Width;
            var bottom = 3 * Math.Min((2 * y) + 1, source.Height - 1) * source.Width;
            for (var x = 0; x < width; x++)
            {
                var left = 3 * 2 * x;
                var right = 3 * Math.Min((2 * x) + 1, source.Width - 1);
                for (var channel = 0; channel < 3; channel++)
                {
                    var sum = source.Pixels[top + left + channel] + source.Pixels[top + right + channel]
                        + source.Pixels[bottom + left + channel] + source.Pixels[bottom + right + channel];
                    pixels[(3 * ((y * width) + x)) + channel] = (byte)((sum + 2) / 4);
                }
            }
        }

        return new RgbImage(width, height, pixels);
    }
}
