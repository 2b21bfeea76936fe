using System.Runtime.Intrinsics;
using WanTalk.Media.Pictures;

namespace WanTalk.Understudy.Picture;

/// <summary>A picture as floats, four for each pixel, that is sampled once for each pixel of a frame with Keys' cubic kernel (1981).</summary>
internal sealed class Texture
{
    /// <summary>Pixels repeated around the edges, so that the kernel never leaves the texture.</summary>
    private const int Margin = 3;

    /// <summary>The kernel's slope at one pixel: -0.75 keeps hair sharper between pixels than Catmull-Rom's -0.5, with little ringing.</summary>
    private const float Slope = -0.75f;
    private readonly int _left;
    private readonly int _top;
    private readonly int _width;
    private readonly int _height;
    private readonly int _stride;
    private readonly Vector128<float>[] _pixels;

    /// <summary>Takes a part of a picture. Places are still those of the whole picture.</summary>
    public Texture(RgbImage picture, int left, int top, int width, int height)
    {
        (_left, _top, _width, _height) = (left, top, width, height);
        _stride = _width + (2 * Margin);
        _pixels = new Vector128<float>[_stride * (_height + (2 * Margin))];
        for (var y = -Margin; y < _height + Margin; y++)
        {
            var row = (top + Math.Clamp(y, 0, _height - 1)) * picture.Width;
            for (var x = -Margin; x < _width + Margin; x++)
            {
                var at = 3 * (row + left + Math.Clamp(x, 0, _width - 1));
                _pixels[Index(x, y)] = Vector128.Create(picture.Pixels[at], picture.Pixels[at + 1], picture.Pixels[at + 2], 0f);
            }
        }
    }

    private Texture(Texture other)
    {
        (_left, _top, _width, _height, _stride) = (other._left, other._top, other._width, other._height, other._stride);
        _pixels = [.. other._pixels];
    }

    /// <summary>A texture that does not change with this one.</summary>
    public Texture Copy() => new(this);

    /// <summary>Paints a pixel; one outside the texture is left out.</summary>
    public void Set(int x, int y, Vector128<float> colour)
    {
        (x, y) = (x - _left, y - _top);
        if (x >= 0 && y >= 0 && x < _width && y < _height)
            _pixels[Index(x, y)] = colour;
    }

    /// <summary>The colour at a place in pixels, the centre of the top left one being (0.5, 0.5). A place at a pixel's centre gives that pixel exactly.</summary>
    public Vector128<float> Sample(float x, float y)
    {
        x = Math.Clamp(x - _left, 0, _width) - 0.5f;
        y = Math.Clamp(y - _top, 0, _height) - 0.5f;
        var (left, top) = (MathF.Floor(x), MathF.Floor(y));
        var (fx, fy) = (x - left, y - top);
        var pixels = _pixels.AsSpan(Index((int)left - 1, (int)top - 1), (3 * _stride) + 4);
        var (x0, x1, x2, x3) = Weights(fx);
        var (y0, y1, y2, y3) = Weights(fy);
        return (Row(pixels, x0, x1, x2, x3) * y0) + (Row(pixels[_stride..], x0, x1, x2, x3) * y1)
            + (Row(pixels[(2 * _stride)..], x0, x1, x2, x3) * y2) + (Row(pixels[(3 * _stride)..], x0, x1, x2, x3) * y3);
    }

    private static Vector128<float> Row(ReadOnlySpan<Vector128<float>> pixels, float w0, float w1, float w2, float w3) =>
        (pixels[0] * w0) + (pixels[1] * w1) + (pixels[2] * w2) + (pixels[3] * w3);

    private static (float Before, float At, float Next, float After) Weights(float f)
    {
        var (f2, f3) = (f * f, f * f * f);
        return (
            Slope * (f3 - (2 * f2) + f),
            ((Slope + 2) * f3) - ((Slope + 3) * f2) + 1,
            (-(Slope + 2) * f3) + (((2 * Slope) + 3) * f2) - (Slope * f),
            Slope * (f2 - f3));
    }

    private int Index(int x, int y) => ((y + Margin) * _stride) + x + Margin;
}
