namespace WanTalk.Understudy.Speech;

/// <summary>
/// Turns speech into what a mouth does: four numbers for each frame. Each is 0..1 and exactly 0 in silence.
/// <list type="number">
/// <item>openness: loudness against the speech's own level;</item>
/// <item>width: lips drawn apart, as in /i/ and /s/;</item>
/// <item>rounding: lips pushed together and forward, as in /u/ and /o/;</item>
/// <item>teeth: fricatives, spoken with the teeth nearly closed.</item>
/// </list>
/// A frame's numbers come from its own sound and that of one frame on each side with equal weight, so nothing is late.
/// </summary>
public static class SpeechFeatures
{
    /// <summary>Numbers for a frame.</summary>
    public const int Dimensions = 4;

    /// <summary>Where openness is in a frame's numbers.</summary>
    public const int Openness = 0;

    /// <summary>Where width is in a frame's numbers.</summary>
    public const int Width = 1;

    /// <summary>Where rounding is in a frame's numbers.</summary>
    public const int Rounding = 2;

    /// <summary>Where teeth is in a frame's numbers.</summary>
    public const int Teeth = 3;

    /// <summary>Loud and soft vowels differ less at the mouth than in the air: openness is loudness to this power.</summary>
    private const float Compression = 0.8f;

    /// <summary>
    /// Reads the speech twice, once for its levels and once for its frames, in memory that does not grow with its length.
    /// </summary>
    /// <param name="source">Mono, 16 kHz. Frame i is what is heard from sample 640 x i up to 640 x (i + 1).</param>
    /// <param name="frames">How many frames to make; those behind the end of the speech are silent.</param>
    /// <param name="sink">Called once for each frame, in order, with the frame's number and its <see cref="Dimensions"/> numbers.</param>
    /// <param name="ct">Looked at before each frame.</param>
    public static void Extract(ISampleSource source, int frames, Action<int, ReadOnlySpan<float>> sink, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(sink);
        ArgumentOutOfRangeException.ThrowIfNegative(frames);
        var analyser = new FrameAnalyser(source);
        var levels = new SpeechLevels();
        var audible = Math.Min(frames, (source.Length + FrameAnalyser.Hop - 1) / FrameAnalyser.Hop);
        for (var frame = 0; frame < audible; frame++)
        {
            ct.ThrowIfCancellationRequested();
            levels.Add(analyser.Measure(frame));
        }

        levels.Finish();
        Span<float> numbers = stackalloc float[Dimensions];
        var (before, now) = (Heard(analyser.Measure(-1), levels), Heard(analyser.Measure(0), levels));
        for (var frame = 0; frame < frames; frame++)
        {
            ct.ThrowIfCancellationRequested();
            var after = Heard(analyser.Measure(frame + 1), levels);
            Shape(before, now, after, numbers);
            sink(frame, numbers);
            (before, now) = (now, after);
        }
    }

    private static void Shape(MouthSound before, MouthSound now, MouthSound after, Span<float> numbers)
    {
        numbers.Clear();
        if (now.Loudness <= 0)
            return;
        var loudness = (before.Loudness + (2 * now.Loudness) + after.Loudness) / 4;
        numbers[Openness] = MathF.Pow(MathF.Min(loudness, 1), Compression);
        numbers[Width] = (before.Width + (2 * now.Width) + after.Width) / 4;
        numbers[Rounding] = (before.Rounding + (2 * now.Rounding) + after.Rounding) / 4;
        numbers[Teeth] = (before.Teeth + (2 * now.Teeth) + after.Teeth) / 4;
    }

    private static MouthSound Heard(FrameSound sound, SpeechLevels levels)
    {
        if (sound.Rms <= levels.Gate)
            return default;
        var loudness = (sound.Rms - levels.Gate) / (levels.Loud - levels.Gate);
        var teeth = Smooth(0.25f, 0.7f, sound.Hiss);
        var front = levels.Front(sound);
        var width = MathF.Max((1 - teeth) * Smooth(0.1f, 1.4f, front), 0.6f * teeth);
        var rounding = (1 - teeth) * Smooth(0.1f, 1.4f, (0.5f * levels.Dark(sound)) - (0.5f * front));
        return new MouthSound(loudness, width, rounding, teeth);
    }

    /// <summary>0 up to <paramref name="from"/>, 1 beyond <paramref name="to"/>, a smooth step between.</summary>
    private static float Smooth(float from, float to, float value)
    {
        var part = Math.Clamp((value - from) / (to - from), 0, 1);
        return part * part * (3 - (2 * part));
    }

    private readonly record struct MouthSound(float Loudness, float Width, float Rounding, float Teeth);
}
