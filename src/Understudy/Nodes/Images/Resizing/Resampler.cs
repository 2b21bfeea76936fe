using WanTalk.Media.Pictures;

namespace WanTalk.Understudy.Nodes.Images.Resizing;

/// <summary>A part of a picture.</summary>
internal readonly record struct PicturePart(int Left, int Top, int Width, int Height)
{
    public static PicturePart AllOf(RgbImage picture) => new(0, 0, picture.Width, picture.Height);
}

/// <summary>
/// Separable resampling, columns first. Lanczos rounds to 8 bits between the passes, as Pillow does; the others at the end only.
/// </summary>
internal static class Resampler
{
    /// <summary>Takes a part of the source to a new size.</summary>
    public static RgbImage Resize(RgbImage source, PicturePart part, int width, int height, string method)
    {
        var columns = Kernel.For(method, part.Width, width);
        var rows = Kernel.For(method, part.Height, height);
        var rounds = method == "lanczos";
        var line = new float[3 * part.Width];
        var between = new float[3 * width * part.Height];
        for (var y = 0; y < part.Height; y++)
        {
            var bytes = source.Pixels.AsSpan(3 * (((part.Top + y) * source.Width) + part.Left), line.Length);
            for (var i = 0; i < line.Length; i++)
                line[i] = bytes[i];
            for (var x = 0; x < width; x++)
                Blend(line, 3, columns[x], between.AsSpan(3 * ((y * width) + x), 3), rounds);
        }
        var result = new byte[3 * width * height];
        Span<float> pixel = stackalloc float[3];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                Blend(between.AsSpan(3 * x), 3 * width, rows[y], pixel, rounds: true);
                for (var channel = 0; channel < 3; channel++)
                    result[(3 * ((y * width) + x)) + channel] = (byte)pixel[channel];
            }
        }
        return new RgbImage(width, height, result);
    }

    private static void Blend(ReadOnlySpan<float> from, int stride, Kernel kernel, Span<float> pixel, bool rounds)
    {
        double red = 0, green = 0, blue = 0;
        for (var i = 0; i < kernel.Weights.Length; i++)
        {
            var at = (kernel.First + i) * stride;
            red += kernel.Weights[i] * from[at];
            green += kernel.Weights[i] * from[at + 1];
            blue += kernel.Weights[i] * from[at + 2];
        }
        pixel[0] = rounds ? ToWhole(red) : (float)red;
        pixel[1] = rounds ? ToWhole(green) : (float)green;
        pixel[2] = rounds ? ToWhole(blue) : (float)blue;
    }

    private static float ToWhole(double value) => (int)Math.Clamp(value + 0.5, 0, 255);
}
