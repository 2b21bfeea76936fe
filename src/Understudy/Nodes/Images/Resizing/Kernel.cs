namespace WanTalk.Understudy.Nodes.Images.Resizing;

/// <summary>Which source pixels an output pixel is made of in one direction, and with what weights.</summary>
internal readonly record struct Kernel(int First, double[] Weights)
{
    private const double Lobes = 3;
    private const double CubicSharpness = -0.75;

    /// <summary>
    /// The kernels of a whole direction, by the method's name: "lanczos" as Pillow does it (widened when it shrinks), the others as torch
    /// does (bilinear and bicubic look at two and four pixels whatever the scale).
    /// </summary>
    public static Kernel[] For(string method, int from, int to)
    {
        var scale = (double)from / to;
        return [.. Enumerable.Range(0, to).Select(i => method switch
        {
            "nearest-exact" => new Kernel(Math.Min((int)((i + 0.5) * scale), from - 1), [1]),
            "area" => Area(i, from, to),
            "bilinear" => Linear(Math.Max(0, ((i + 0.5) * scale) - 0.5), from),
            "bicubic" => Cubic(((i + 0.5) * scale) - 0.5, from),
            _ => Lanczos((i + 0.5) * scale, Math.Max(1, scale), from),
        })];
    }

    private static Kernel Area(int i, int from, int to)
    {
        var first = (int)((long)i * from / to);
        var last = (int)((((long)(i + 1) * from) + to - 1) / to);
        var weights = new double[last - first];
        Array.Fill(weights, 1.0 / weights.Length);
        return new Kernel(first, weights);
    }

    private static Kernel Linear(double place, int from)
    {
        var first = Math.Min((int)place, from - 1);
        var part = place - first;
        return first + 1 < from ? new Kernel(first, [1 - part, part]) : new Kernel(first, [1]);
    }

    private static Kernel Cubic(double place, int from)
    {
        var left = (int)Math.Floor(place) - 1;
        var first = Math.Clamp(left, 0, from - 1);
        var weights = new double[Math.Clamp(left + 3, 0, from - 1) - first + 1];
        // What is outside counts for the pixel at the edge.
        for (var tap = left; tap < left + 4; tap++)
            weights[Math.Clamp(tap, 0, from - 1) - first] += CubicWeight(Math.Abs(place - tap));
        return new Kernel(first, weights);
    }

    private static double CubicWeight(double x) => x <= 1
        ? ((((CubicSharpness + 2) * x) - (CubicSharpness + 3)) * x * x) + 1
        : CubicSharpness * ((((((x - 5) * x) + 8) * x)) - 4);

    private static Kernel Lanczos(double centre, double stretch, int from)
    {
        var first = Math.Max(0, (int)(centre - (Lobes * stretch) + 0.5));
        var last = Math.Min(from, (int)(centre + (Lobes * stretch) + 0.5));
        var weights = new double[Math.Max(1, last - first)];
        double sum = 0;
        for (var j = 0; j < weights.Length; j++)
            sum += weights[j] = LanczosWeight((first + j - centre + 0.5) / stretch);
        for (var j = 0; j < weights.Length; j++)
            weights[j] = sum == 0 ? 1.0 / weights.Length : weights[j] / sum;
        return new Kernel(Math.Min(first, from - weights.Length), weights);
    }

    private static double LanczosWeight(double x) => x == 0 ? 1 : Math.Abs(x) < Lobes ? Sinc(x) * Sinc(x / Lobes) : 0;

    private static double Sinc(double x) => Math.Sin(Math.PI * x) / (Math.PI * x);
}
