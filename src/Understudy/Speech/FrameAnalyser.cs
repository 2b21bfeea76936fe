namespace WanTalk.Understudy.Speech;

/// <summary>Measures one frame of sound at a time: level of its 640 samples, spectrum of the 1024 around its middle.</summary>
internal sealed class FrameAnalyser(ISampleSource source)
{
    /// <summary>Samples in a frame: 16 kHz at 25 frames a second.</summary>
    public const int Hop = 640;
    private const int Span = 1024;
    private const int Margin = (Span - Hop) / 2;
    private const float HertzPerBin = 16000f / Span;

    /// <summary>Keeps the ratios finite in silence; far under the quietest speech.</summary>
    private const float Floor = 1e-7f;
    private readonly float[] _samples = new float[Span];
    private readonly float[] _real = new float[Span];
    private readonly float[] _imaginary = new float[Span];
    private readonly FourierTransform _transform = new(Span);

    /// <summary>Measures frame <paramref name="frame"/>: samples 640 x frame up to 640 x (frame + 1).</summary>
    public FrameSound Measure(long frame)
    {
        source.Read((frame * Hop) - Margin, _samples);
        var sum = 0.0;
        foreach (var sample in _samples.AsSpan(Margin, Hop))
            sum += (double)sample * sample;
        var rms = (float)Math.Sqrt(sum / Hop);
        _transform.Windowed(_samples, _real, _imaginary);
        var (deep, low, middle, front, high) = (Band(200, 600), Band(600, 900), Band(900, 1500), Band(1500, 2700), Band(3500, 7600));
        var all = deep + low + middle + front + Band(2700, 3500) + high;
        return new FrameSound(
            rms,
            MathF.Log((front + Floor) / (low + middle + Floor)),
            MathF.Log((deep + low + Floor) / (middle + front + Floor)),
            high / (all + Floor));
    }

    private float Band(float from, float to)
    {
        var sum = 0f;
        for (var bin = (int)(from / HertzPerBin); bin < (int)(to / HertzPerBin); bin++)
            sum += (_real[bin] * _real[bin]) + (_imaginary[bin] * _imaginary[bin]);
        return sum;
    }
}
