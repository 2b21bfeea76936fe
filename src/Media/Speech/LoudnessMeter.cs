namespace WanTalk.Media.Speech;

/// <summary>
/// Integrated loudness by ITU-R BS.1770-4 at 48 kHz, for one or two channels: K-weighting (the recommendation's tables 1 and 2), blocks of
/// 400 ms every 100 ms, an absolute gate at -70 LUFS and a relative one 10 LU below. It holds 8 bytes for each 100 ms.
/// </summary>
internal sealed class LoudnessMeter(int channels)
{
    private const int Step = 4_800;
    private const double AbsoluteGate = -70;
    private const double RelativeGate = -10;
    private readonly Biquad[] _shelf = New(channels, 1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585);
    private readonly Biquad[] _highPass = New(channels, 1, -2, 1, -1.99004745483398, 0.99007225036621);
    private readonly double[] _lastSteps = new double[4];
    private readonly List<double> _blocks = [];
    private double _sum;
    private int _inStep;
    private long _steps;

    /// <summary>Adds interleaved samples, whole frames of them.</summary>
    public void Add(ReadOnlySpan<float> samples)
    {
        for (var i = 0; i < samples.Length; i += channels)
        {
            for (var c = 0; c < channels; c++)
            {
                var weighted = _highPass[c].Next(_shelf[c].Next(samples[i + c]));
                _sum += weighted * weighted;
            }

            if (++_inStep == Step)
                EndStep();
        }
    }

    /// <summary>The loudness of everything added, in LUFS; null when no block passes the absolute gate.</summary>
    public double? Integrated()
    {
        var loud = _blocks.Where(power => Lufs(power) > AbsoluteGate).ToList();
        if (loud.Count == 0)
            return null;
        var gate = Lufs(loud.Average()) + RelativeGate;
        return Lufs(loud.Where(power => Lufs(power) > gate).Average());
    }

    private void EndStep()
    {
        _lastSteps[_steps++ % 4] = _sum;
        (_sum, _inStep) = (0, 0);
        if (_steps >= 4)
            _blocks.Add(_lastSteps.Sum() / (4 * Step));
    }

    private static double Lufs(double power) => -0.691 + (10 * Math.Log10(Math.Max(power, 1e-30)));

    private static Biquad[] New(int count, double b0, double b1, double b2, double a1, double a2) =>
        [.. Enumerable.Range(0, count).Select(_ => new Biquad(b0, b1, b2, a1, a2))];

    /// <summary>A second-order filter in transposed direct form II.</summary>
    private sealed class Biquad(double b0, double b1, double b2, double a1, double a2)
    {
        private double _z1;
        private double _z2;

        public double Next(double x)
        {
            var y = (b0 * x) + _z1;
            _z1 = (b1 * x) - (a1 * y) + _z2;
            _z2 = (b2 * x) - (a2 * y);
            return y;
        }
    }
}
