using WanTalk.Media.Pictures;

namespace WanTalk.Understudy.Nodes.Images;

/// <summary>
/// Separable Lanczos resampling with three lobes, widened when it shrinks, as in Pillow's Resample.c; each pass rounds to 8 bits.
/// </summary>
internal static class Lanczos
{
    private const double Lobes = 3;

    /// <summary>Takes a part of the source to a new size.</summary>
    public static RgbImage Resize(RgbImage source, int left, int top, int partWidth, int partHeight, int width, int height)
    {
        var columns = WeightsFor(partWidth, width);
        var rows = WeightsFor(partHeight, height);
        var between = new byte[3 * width * partHeight];
        for (var y = 0; y < partHeight; y++)
        {
            var line = source.Pixels.AsSpan(3 * (((top + y) * source.Width) + left), 3 * partWidth);
            for (var x = 0; x < width; x++)
                Blend(line, 3, columns[x], between.AsSpan(3 * ((y * width) + x), 3));
        }
        var result = new byte[3 * width * height];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
                Blend(between.AsSpan(3 * x), 3 * width, rows[y], result.AsSpan(3 * ((y * width) + x), 3));
        }
        return new RgbImage(width, height, result);
    }

    private static void Blend(ReadOnlySpan<byte> from, int stride, (int First, double[] Weights) kernel, Span<byte> pixel)
    {
        double red = 0.5, green = 0.5, blue = 0.5;
        for (var i = 0; i < kernel.Weights.Length; i++)
        {
            var at = (kernel.First + i) * stride;
            red += kernel.Weights[i] * from[at];
            green += kernel.Weights[i] * from[at + 1];
            blue += kernel.Weights[i] * from[at + 2];
        }
        pixel[0] = (byte)Math.Clamp(red, 0, 255);
        pixel[1] = (byte)Math.Clamp(green, 0, 255);
        pixel[2] = (byte)Math.Clamp(blue, 0, 255);
    }

    private static (int First, double[] Weights)[] WeightsFor(int from, int to)
    {
        var scale = (double)from / to;
        var stretch = Math.Max(1, scale);
        var kernels = new (int, double[])[to];
        for (var i = 0; i < to; i++)
        {
            var centre = (i + 0.5) * scale;
            var first = Math.Max(0, (int)(centre - (Lobes * stretch) + 0.5));
            var last = Math.Min(from, (int)(centre + (Lobes * stretch) + 0.5));
            var weights = new double[Math.Max(1, last - first)];
            double sum = 0;
            for (var j = 0; j < weights.Length; j++)
                sum += weights[j] = Kernel((first + j - centre + 0.5) / stretch);
            for (var j = 0; j < weights.Length; j++)
                weights[j] = sum == 0 ? 1.0 / weights.Length : weights[j] / sum;
            kernels[i] = (Math.Min(first, from - weights.Length), weights);
        }
        return kernels;
    }

    private static double Kernel(double x) => x == 0 ? 1 : Math.Abs(x) < Lobes ? Sinc(x) * Sinc(x / Lobes) : 0;

    private static double Sinc(double x) => Math.Sin(Math.PI * x) / (Math.PI * x);
}
