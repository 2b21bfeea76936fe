using CsCheck;
using WanTalk.Core.Takes;

namespace WanTalk.Core.Tests.Takes;

public class TakeSplitterSpecs
{
    private const int SamplesPerFrame = 1920;

    [Fact]
    public void A_take_ends_at_the_silence_nearest_to_the_wished_length_measured_from_its_own_beginning()
    {
        var silences = SilencesAt(12, 19, 26, 43, 58);
        Assert.Equal([0, 19 * 25, 43 * 25], TakeSplitter.Split(62 * 25, silences, 20));
        Assert.Equal([0, 12 * 25, 26 * 25, 43 * 25, 58 * 25], TakeSplitter.Split(62 * 25, silences, 12));
    }

    [Fact]
    public void The_end_counts_as_a_silence_so_that_what_is_left_does_not_become_a_stub() =>
        Assert.Equal([0], TakeSplitter.Split(25 * 25, SilencesAt(12), 20));

    [Fact]
    public void Of_two_silences_that_are_as_near_the_earlier_one_is_taken() =>
        Assert.Equal([0, 18 * 25], TakeSplitter.Split(38 * 25, SilencesAt(18, 22), 20));

    [Fact]
    public void A_silence_that_is_too_short_is_no_place_to_cut() =>
        Assert.Equal([0], TakeSplitter.Split(40 * 25, [new Silence(20 * 48_000, Silence.MinSamples - 1)], 20));

    [Fact]
    public void A_speech_without_a_silence_is_one_take_however_long_it_is() => Assert.Equal([0], TakeSplitter.Split(100_000, [], 20));

    [Fact]
    public void Ten_hours_do_not_become_more_takes_than_an_orchestration_can_carry() =>
        Assert.InRange(TakeSplitter.Split(900_000, [.. Enumerable.Range(1, 20_000).Select(at => HalfASecondAt(at * 1.79))], 4).Count, 500, TakeLimits.MostTakes * 11 / 10);

    [Fact]
    public void Every_cut_lies_in_a_silence_and_every_take_has_two_windows() =>
        Gen.Select(Gen.Int[82, 20_000], Gen.Select(Gen.Long[1, 400_000], Gen.Long[1, 100_000]).Array[0, 60], Gen.Double[TakeLimits.MinSeconds, 60])
            .Sample((frames, gaps, wished) =>
            {
                var silences = new List<Silence>();
                foreach (var (speech, silence) in gaps)
                {
                    var before = silences.Count == 0 ? 0 : silences[^1].FirstSample + silences[^1].Samples;
                    silences.Add(new Silence(before + speech, silence));
                }

                var starts = TakeSplitter.Split(frames, silences, wished);

                Assert.Equal(0, starts[0]);
                Assert.All(starts.Zip(starts.Skip(1).Append(frames)), take => Assert.True(take.Second - take.First >= TakeLimits.MinFrames));
                Assert.All(starts.Skip(1), cut => Assert.Contains(silences, silence => silence.Samples >= Silence.MinSamples
                    && (long)cut * SamplesPerFrame >= silence.FirstSample
                    && (long)cut * SamplesPerFrame <= silence.FirstSample + silence.Samples));
            });

    private static Silence[] SilencesAt(params double[] seconds) => [.. seconds.Select(HalfASecondAt)];

    /// <summary>Half a second of silence around a moment.</summary>
    private static Silence HalfASecondAt(double at) => new((long)(at * 48_000) - 12_000, 24_000);
}
