using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using WanTalk.Media.Pictures;

namespace WanTalk.Understudy.Picture;

/// <summary>A picture as floats, four for each pixel, that is sampled once for each pixel of a frame with Keys' cubic kernel (1981).</summary>
internal sealed class Texture : IDisposable
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
    private readonly int _count;

    /// <summary>Takes a part of a picture. Places are still those of the whole picture.</summary>
    public Texture(RgbImage picture, int left, int top, int width, int height)
    {
        (_left, _top, _width, _height) = (left, top, width, height);
        _stride = _width + (2 * Margin);
        _count = _stride * (_height + (2 * Margin));
        _pixels = ArrayPool<Vector128<float>>.Shared.Rent(_count);
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
        (_left, _top, _width, _height) = (other._left, other._top, other._width, other._height);
        (_stride, _count) = (other._stride, other._count);
        _pixels = ArrayPool<Vector128<float>>.Shared.Rent(_count);
        other._pixels.AsSpan(0, _count).CopyTo(_pixels);
    }

    /// <summary>Gives the memory back; the texture must not be sampled any more.</summary>
    public void Dispose() => ArrayPool<Vector128<float>>.Shared.Return(_pixels);

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
        // The kernel's sixteen pixels lie within the margin around the texture, wherever the place is.
        ref var corner = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_pixels), Index((int)left - 1, (int)top - 1));
        var (x0, x1, x2, x3) = Weights(fx);
        var (y0, y1, y2, y3) = Weights(fy);
        return (Row(ref corner, x0, x1, x2, x3) * y0)
            + (Row(ref Unsafe.Add(ref corner, _stride), x0, x1, x2, x3) * y1)
            + (Row(ref Unsafe.Add(ref corner, 2 * _stride), x0, x1, x2, x3) * y2)
            + (Row(ref Unsafe.Add(ref corner, 3 * _stride), x0, x1, x2, x3) * y3);
    }

    private static Vector128<float> Row(ref Vector128<float> first, float w0, float w1, float w2, float w3) =>
        (first * w0) + (Unsafe.Add(ref first, 1) * w1) + (Unsafe.Add(ref first, 2) * w2) + (Unsafe.Add(ref first, 3) * w3);

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
