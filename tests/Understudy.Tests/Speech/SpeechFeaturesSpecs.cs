using CsCheck;
using WanTalk.Understudy.Speech;

namespace WanTalk.Understudy.Tests.Speech;

public sealed class SpeechFeaturesSpecs
{
    private const int Rate = 16000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Openness_follows_the_envelope_of_the_speech_without_delay()
    {
        var speech = await SampleSpeech.Load(Token);
        var openness = speech.Features().Select(f => (double)f[SpeechFeatures.Openness]).ToArray();

        Assert.True(Correlation.Of(speech.Envelope(), openness) >= 0.85);
        Assert.Equal(0, Correlation.BestLag(speech.Envelope(), openness));
        Assert.True(openness.Max() > 0.9, "Loud vowels should open the mouth nearly all the way.");
    }

    [Fact]
    public async Task Silence_between_sentences_gives_exactly_zero()
    {
        var speech = await SampleSpeech.Load(Token);
        var features = speech.Features();
        var silent = speech.Envelope().Select((rms, i) => (rms, i)).Where(f => f.rms < 1e-4).Select(f => f.i).ToArray();

        Assert.True(silent.Length > 20, "The sample has pauses.");
        Assert.All(silent, frame => Assert.All(features[frame], number => Assert.Equal(0f, number)));
    }

    [Fact]
    public void Nothing_but_silence_or_no_samples_gives_zeros()
    {
        Assert.All(new SampleSpeech(new float[16000]).Features(), numbers => Assert.Equal([0f, 0, 0, 0], numbers));
        Assert.All(new SampleSpeech([]).Features(5), numbers => Assert.Equal([0f, 0, 0, 0], numbers));
    }

    [Fact]
    public async Task Frames_behind_the_end_are_silent()
    {
        var speech = await SampleSpeech.Load(Token);

        var longer = speech.Features(speech.Frames + 30);

        Assert.Equal(speech.Features(), longer.Take(speech.Frames));
        Assert.All(longer.Skip(speech.Frames), numbers => Assert.Equal([0f, 0, 0, 0], numbers));
    }

    [Theory]
    [InlineData(0.05f)]
    [InlineData(0.4f)]
    public async Task A_soft_recording_opens_the_mouth_as_a_loud_one_does(float gain)
    {
        var speech = await SampleSpeech.Load(Token);
        var (loud, soft) = (speech.Features(), speech.Times(gain).Features());

        Assert.All(loud.Zip(soft), pair => Assert.Equal(pair.First[SpeechFeatures.Openness], pair.Second[SpeechFeatures.Openness], 0.03f));
    }

    [Fact]
    public void A_pause_in_steady_background_noise_is_silence()
    {
        var random = new Random(3);
        var samples = Enumerable.Range(0, 4 * Rate).Select(i => (float)((random.NextDouble() - 0.5) * 0.01)).ToArray();
        AddVowel(samples, Rate, Rate, 0.4f, 700, 1200);
        AddVowel(samples, 3 * Rate, Rate / 2, 0.4f, 700, 1200);

        var features = new SampleSpeech(samples).Features();

        Assert.All(Enumerable.Range(55, 15), frame => Assert.Equal(0f, features[frame][SpeechFeatures.Openness]));
        Assert.All(Enumerable.Range(28, 18), frame => Assert.True(features[frame][SpeechFeatures.Openness] > 0.6f));
    }

    [Fact]
    public void Vowels_and_fricatives_are_told_apart()
    {
        var random = new Random(5);
        var samples = new float[8 * Rate];
        for (var second = 0; second < 8; second += 4)
        {
            AddVowel(samples, second * Rate, Rate * 3 / 4, 0.3f, 300, 2300);
            AddVowel(samples, (second + 1) * Rate, Rate * 3 / 4, 0.3f, 320, 750);
            AddVowel(samples, (second + 2) * Rate, Rate * 3 / 4, 0.3f, 700, 1250);
            var before = 0.0;
            for (var i = (second + 3) * Rate; i < ((second + 3) * Rate) + (Rate * 3 / 4); i++)
            {
                var noise = random.NextDouble() - 0.5;
                samples[i] = (float)(0.3 * (noise - before));
                before = noise;
            }
        }

        var features = new SampleSpeech(samples).Features();
        float Mean(int second, int number) => Enumerable.Range((second * 25) + 4, 10).Average(frame => features[frame][number]);

        Assert.True(Mean(0, SpeechFeatures.Width) > Mean(1, SpeechFeatures.Width) + 0.3f, "/i/ is wider than /u/.");
        Assert.True(Mean(1, SpeechFeatures.Rounding) > Mean(0, SpeechFeatures.Rounding) + 0.3f, "/u/ is rounder than /i/.");
        Assert.True(Mean(1, SpeechFeatures.Rounding) > Mean(2, SpeechFeatures.Rounding), "/u/ is rounder than /a/.");
        Assert.True(Mean(3, SpeechFeatures.Teeth) > 0.7f, "/s/ shows the teeth.");
        Assert.All([0, 1, 2], second => Assert.True(Mean(second, SpeechFeatures.Teeth) < 0.1f, "A vowel does not."));
    }

    [Fact]
    public void Any_samples_give_numbers_from_0_to_1() =>
        Gen.Select(Gen.Float[-1, 1].Array[0, 5000], Gen.Float[0, 1]).Sample(
            (samples, gain) => new SampleSpeech([.. samples.Select(s => s * gain * gain * gain)]).Features()
                .All(numbers => numbers.All(number => number is >= 0 and <= 1)),
            iter: 200);

    [Fact]
    public async Task No_more_than_a_moment_is_read_at_once()
    {
        var speech = await SampleSpeech.Load(Token);

        speech.Features();

        Assert.InRange(speech.LargestRead, 1, 4096);
    }

    [Fact]
    public async Task A_cancelled_extraction_stops()
    {
        var speech = await SampleSpeech.Load(Token);
        using var source = new CancellationTokenSource();
        var seen = 0;

        Assert.Throws<OperationCanceledException>(() => SpeechFeatures.Extract(
            speech,
            speech.Frames,
            (_, _) =>
            {
                if (++seen == 10)
                    source.Cancel();
            },
            source.Token));
        Assert.Equal(10, seen);
    }

    /// <summary>A voice of 120 Hz whose harmonics are loudest at two formants.</summary>
    private static void AddVowel(float[] samples, int start, int length, float level, double first, double second)
    {
        for (var harmonic = 120.0; harmonic < 4000; harmonic += 120)
        {
            double Peak(double formant, double height) => height / (1 + Math.Pow((harmonic - formant) / 120, 2));
            var size = level * (Peak(first, 1) + Peak(second, 0.5) + 0.003);
            for (var i = 0; i < length; i++)
                samples[start + i] += (float)(0.3 * size * Math.Sin(2 * Math.PI * harmonic * i / Rate));
        }
    }
}
