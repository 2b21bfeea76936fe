using WanTalk.Core.Takes;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Speech;
using WanTalk.Media.Tests.Support;

namespace WanTalk.Media.Tests.Speech;

/// <summary>Where a talk may be cut into takes.</summary>
public sealed class SilenceSpecs : IDisposable
{
    private const int Rate = 48_000;

    /// <summary>A block of the meter and one of ffmpeg's frames, by which it mutes, in samples.</summary>
    private const long Tolerance = 960 + 1024;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pauses_of_at_least_400_ms_are_found_and_shorter_ones_are_not()
    {
        var silences = await FindAsync("between(t,2,2.6)+between(t,4,4.3)+between(t,6,6.45)", "anullsrc=r=48000");
        Assert.Equal(2, silences.Count);
        AssertAt(silences[0], 2, 2.6);
        AssertAt(silences[1], 6, 6.45);
    }

    /// <summary>Noise of -42 dBFS is above what a studio calls silence, and nobody speaks in it.</summary>
    [Fact]
    public async Task A_rooms_noise_in_the_pauses_does_not_hide_them()
    {
        var silences = await FindAsync("between(t,2,2.6)+between(t,5,5.7)", "anoisesrc=r=48000:a=0.0138:seed=1");
        Assert.Equal(2, silences.Count);
        AssertAt(silences[0], 2, 2.6);
        AssertAt(silences[1], 5, 5.7);
    }

    [Fact]
    public async Task Speech_that_never_pauses_has_no_silence() => Assert.Empty(await FindAsync("0", "anullsrc=r=48000"));

    [Fact]
    public async Task A_pause_at_the_very_end_is_found_too() => AssertAt(Assert.Single(await FindAsync("gte(t,7)", "anullsrc=r=48000")), 7, 8);

    /// <summary>Eight seconds of a voice's tone that is muted at times, over a background.</summary>
    private async Task<IReadOnlyList<Silence>> FindAsync(string mutedAt, string background)
    {
        var voice = $"sine=f=220:d=8:r={Rate},volume=6dB,tremolo=f=5:d=0.7,volume=volume=0:enable='{mutedAt}'";
        await Tools.FfmpegAsync($"-filter_complex {voice}[a];{background},atrim=duration=8[b];[a][b]amix=inputs=2:normalize=0 {{0}}", _folder["a.wav"]);
        return (await new SpeechNormaliser(new FfmpegOptions()).MeasureAsync(_folder["a.wav"], TestContext.Current.CancellationToken)).Silences;
    }

    private static void AssertAt(Silence silence, double begin, double end)
    {
        Assert.InRange(silence.FirstSample, (long)(begin * Rate) - Tolerance, (long)(begin * Rate) + Tolerance);
        Assert.InRange(silence.FirstSample + silence.Samples, (long)(end * Rate) - Tolerance, (long)(end * Rate) + Tolerance);
    }
}
