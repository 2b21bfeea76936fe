namespace WanTalk.EndToEnd.Support;

/// <summary>Whether a mouth follows a speech, frame by frame.</summary>
internal static class LipSync
{
    private const int Rate = 16_000;
    private const int SamplesPerFrame = Rate / 25;

    /// <summary>The root mean square of each frame's samples, averaged over three frames as a mouth is.</summary>
    public static async Task<double[]> EnvelopeAsync(string speech)
    {
        var samples = await MediaFile.DecodeAsync(speech, Rate);
        var frames = (samples.Length + SamplesPerFrame - 1) / SamplesPerFrame;
        var levels = Enumerable.Range(0, frames).Select(frame => Math.Sqrt(
            samples.Skip(frame * SamplesPerFrame).Take(SamplesPerFrame).Average(sample => (double)sample * sample))).ToArray();
        return [.. Enumerable.Range(0, frames).Select(at => levels[Math.Max(0, at - 1)..Math.Min(frames, at + 2)].Average())];
    }

    /// <summary>The mouth's opening is most like the speech's level where both are at the same frame, or next to it.</summary>
    public static void AssertFollows(double[] envelope, IReadOnlyList<double> openings)
    {
        var likeness = Enumerable.Range(-4, 9).ToDictionary(lag => lag, lag => Correlation(envelope, openings, lag));
        var told = string.Join(", ", likeness.Select(pair => $"{pair.Key}: {pair.Value:0.000}"));
        Assert.True(likeness.Values.Max() >= 0.8, $"The mouth does not follow the speech: {told}");
        Assert.InRange(likeness.MaxBy(pair => pair.Value).Key, -1, 1);
    }

    private static double Correlation(double[] envelope, IReadOnlyList<double> openings, int lag)
    {
        var pairs = Enumerable.Range(0, envelope.Length).Where(at => at + lag >= 0 && at + lag < openings.Count)
            .Select(at => (Level: envelope[at], Opening: openings[at + lag])).ToList();
        var (levels, widths) = (pairs.Average(pair => pair.Level), pairs.Average(pair => pair.Opening));
        return pairs.Sum(pair => (pair.Level - levels) * (pair.Opening - widths))
            / Math.Sqrt(pairs.Sum(pair => Math.Pow(pair.Level - levels, 2)) * pairs.Sum(pair => Math.Pow(pair.Opening - widths, 2)));
    }
}
