namespace WanTalk.Understudy.Speech;

/// <summary>What is usual in one speech: its loudness and the mean and spread of its vowels. Gathered in a first pass, in constant memory.</summary>
internal sealed class SpeechLevels
{
    /// <summary>A frame below this holds nothing to hear: -100 dB of full scale. A speech that nowhere rises well above it is silence.</summary>
    private const float Inaudible = 1e-5f;
    private const float DecibelsPerBin = 0.25f;
    private const float LowestDecibels = -120;
    private readonly long[] _histogram = new long[(int)(-LowestDecibels / DecibelsPerBin) + 1];
    private long _frames;
    private Spread _front;
    private Spread _dark;

    /// <summary>The loudness of the speech's loud parts: the 95th percentile of the audible frames.</summary>
    public float Loud { get; private set; }

    /// <summary>A frame that is not louder than this is silence.</summary>
    public float Gate { get; private set; } = float.PositiveInfinity;

    /// <summary>Counts a frame in.</summary>
    public void Add(FrameSound sound)
    {
        var decibels = 20 * MathF.Log10(MathF.Max(sound.Rms, 1e-6f));
        _histogram[Math.Clamp((int)((decibels - LowestDecibels) / DecibelsPerBin), 0, _histogram.Length - 1)]++;
        _frames++;
        if (sound.Rms > Inaudible && sound.Hiss < 0.5f)
        {
            _front.Add(sound.Front, sound.Rms);
            _dark.Add(sound.Dark, sound.Rms);
        }
    }

    /// <summary>Closes the pass.</summary>
    public void Finish()
    {
        Loud = Percentile(0.95, BinOf(Inaudible));
        if (Loud <= 10 * Inaudible)
            return;
        // Twice the background, but never so high that soft speech without pauses is taken for background.
        var background = Percentile(0.1, 0);
        Gate = Math.Clamp(2 * background, MathF.Max(Inaudible, 0.03f * Loud), 0.1f * Loud);
    }

    /// <summary>How far a vowel is to the front of the mouth, in standard deviations of this speech.</summary>
    public float Front(FrameSound sound) => _front.Score(sound.Front);

    /// <summary>How dark a vowel is, in standard deviations of this speech.</summary>
    public float Dark(FrameSound sound) => _dark.Score(sound.Dark);

    private static int BinOf(float rms) => (int)(((20 * MathF.Log10(rms)) - LowestDecibels) / DecibelsPerBin);

    private float Percentile(double share, int firstBin)
    {
        var total = _histogram.Skip(firstBin).Sum();
        var left = (long)Math.Ceiling(total * share);
        if (total == 0 || _frames == 0)
            return 0;
        for (var bin = firstBin; bin < _histogram.Length; bin++)
        {
            left -= _histogram[bin];
            if (left <= 0)
                return MathF.Pow(10, (LowestDecibels + ((bin + 0.5f) * DecibelsPerBin)) / 20);
        }

        return 1;
    }

    private struct Spread
    {
        private double _weight;
        private double _sum;
        private double _squares;

        public void Add(double value, double weight)
        {
            _weight += weight;
            _sum += weight * value;
            _squares += weight * value * value;
        }

        public readonly float Score(double value)
        {
            if (_weight <= 0)
                return 0;
            var mean = _sum / _weight;
            var variance = Math.Max((_squares / _weight) - (mean * mean), 0.05);
            return (float)((value - mean) / Math.Sqrt(variance));
        }
    }
}
