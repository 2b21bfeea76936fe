using WanTalk.Understudy.Tests.Speech;

namespace WanTalk.Understudy.Tests.Picture;

/// <summary>What a viewer of the rendered frames sees: measured on the pictures, not on the numbers that made them.</summary>
public sealed class SpeakingPictureSpecs(SpokenSample sample) : IClassFixture<SpokenSample>
{
    public static TheoryData<string, int> Portraits => new() { { "sample", 512 }, { "sample", 256 }, { "close-up", 384 } };

    [Theory]
    [MemberData(nameof(Portraits))]
    public async Task The_mouth_follows_the_envelope_of_the_speech(string portrait, int side)
    {
        var seen = await Seen(portrait, side);

        Assert.InRange(Correlation.Of(seen.Envelope, seen.Opening), 0.8, 1);
        Assert.InRange(Correlation.BestLag(seen.Envelope, seen.Opening), -1, 1);
        Assert.InRange(Correlation.Of(seen.Envelope, seen.Dark), 0.8, 1);
    }

    [Theory]
    [MemberData(nameof(Portraits))]
    public async Task The_mouth_is_closed_in_silence_although_the_portrait_smiles_with_open_lips(string portrait, int side)
    {
        var seen = await Seen(portrait, side);
        var silent = Enumerable.Range(0, seen.Envelope.Length).Where(i => seen.Envelope[i] < 1e-4).ToArray();
        var (low, high) = (seen.Opening.Min(), seen.Opening.Max());

        Assert.True(silent.Length > 20);
        Assert.True(high - low > 0.35, "Loud vowels open the mouth wide.");
        // The mesh sees a little opening in any mouth; the darkness between the lips is gone altogether.
        Assert.All(silent, i => Assert.InRange(seen.Opening[i], low, low + (0.2 * (high - low))));
        Assert.All(silent, i => Assert.InRange(seen.Dark[i], 0, 0.1 * seen.Dark.Max()));
    }

    [Theory]
    [MemberData(nameof(Portraits))]
    public async Task Pixels_outside_the_head_are_the_portraits_own_bytes(string portrait, int side)
    {
        var seen = await Seen(portrait, side);

        Assert.All(seen.ChangedOutside, changed => Assert.Equal(0, changed));
        Assert.All(seen.ChangedInside, changed => Assert.NotEqual(0, changed));
    }

    [Theory]
    [MemberData(nameof(Portraits))]
    public async Task The_eyes_blink_now_and_then(string portrait, int side)
    {
        var seen = await Seen(portrait, side);
        var closed = seen.Eyes.Select(eyes => eyes > 1.2).ToArray();
        var blinks = Enumerable.Range(1, closed.Length - 1).Count(i => closed[i] && !closed[i - 1]);

        Assert.InRange(blinks, 2, 4);
        Assert.InRange(closed.Count(shut => shut), 4 * blinks, 6 * blinks);
    }

    private Task<SpokenSample.Measures> Seen(string portrait, int side) =>
        sample.Measure(portrait, side, TestContext.Current.CancellationToken);
}
