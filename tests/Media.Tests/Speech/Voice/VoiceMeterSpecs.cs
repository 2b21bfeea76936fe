using System.Diagnostics;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Speech.Voice;
using WanTalk.Media.Tests.Faces;
using WanTalk.Media.Tests.Support;

namespace WanTalk.Media.Tests.Speech.Voice;

/// <summary>Speech is told from what only sounds: real recordings, speech of espeak-ng, and sounds of ffmpeg.</summary>
public sealed class VoiceMeterSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_sample_speaks_for_most_of_its_time()
    {
        var voice = await MeasureAsync(SamplePortrait.FileOf("speech.wav"));
        Assert.InRange(voice.Share, 0.7, 0.95);
        Assert.Equal(8.9 * voice.Share, voice.Seconds, 0.01);
    }

    [Theory]
    [InlineData("en", "Good morning. This is a person who speaks about the weather and the sea.", "anull")]
    [InlineData("de", "Guten Morgen. Hier spricht ein Mensch von Wetter und Meer.", "anull")]
    [InlineData("fr+f3", "Bonjour. Voici une personne qui parle du temps et de la mer.", "anull")]
    [InlineData("en", "Good morning. This is a person who speaks about the weather and the sea.", "volume=-35dB")]
    [InlineData("en", "Good morning. This is a person who speaks about the weather and the sea.", "volume=24dB")]
    public async Task Languages_and_levels_make_no_difference(string voice, string text, string filter)
    {
        await SpeakAsync(voice, text);
        await Tools.FfmpegAsync($"-i {{0}} -af {filter} {{1}}", _folder["spoken.wav"], _folder["a.wav"]);
        Assert.InRange((await MeasureAsync(_folder["a.wav"])).Share, 0.6, 1);
    }

    [Fact]
    public async Task Speech_in_noise_is_speech()
    {
        await SpeakAsync("en", "Good morning. This is a person who speaks about the weather and the sea.");
        await Tools.FfmpegAsync(
            "-i {0} -f lavfi -i anoisesrc=c=pink:a=0.2:seed=2 -filter_complex [0][1]amix=duration=first:normalize=0 {1}", _folder["spoken.wav"], _folder["a.wav"]);
        Assert.InRange((await MeasureAsync(_folder["a.wav"])).Share, 0.6, 1);
    }

    [Theory]
    [InlineData("anoisesrc=d=6:c=white:a=0.3:seed=1")]
    [InlineData("anoisesrc=d=6:c=pink:a=0.5:seed=1")]
    [InlineData("anoisesrc=d=6:c=brown:a=0.8:seed=1")]
    [InlineData("sine=f=440:d=6")]
    [InlineData("sine=f=440:r=44100:d=6,volume=12dB,tremolo=f=4:d=0.9")]
    [InlineData("aevalsrc='0.2*(sin(2*PI*t*261.6*(1+0.5*mod(floor(t*2),4)/3))+sin(2*PI*t*329.6)+sin(2*PI*t*392))*exp(-3*mod(t,0.5))':d=6")]
    [InlineData("aevalsrc='0.3*sin(2*PI*t*110*pow(2,floor(mod(t*4,8))/12))*exp(-6*mod(t,0.25))+0.2*(random(0)-0.5)*exp(-30*mod(t,0.5))':d=6")]
    [InlineData("anullsrc=d=6")]
    public async Task Noise_tones_and_music_are_no_speech(string source)
    {
        await Tools.FfmpegAsync($"-f lavfi -i {source} {{0}}", _folder["a.wav"]);
        Assert.InRange((await MeasureAsync(_folder["a.wav"])).Seconds, 0, 0.05);
    }

    [Fact]
    public async Task What_is_not_speech_around_it_counts_for_the_whole()
    {
        await Tools.FfmpegAsync("-i {0} -af apad=pad_dur=20 {1}", SamplePortrait.FileOf("speech.wav"), _folder["a.wav"]);
        var (alone, padded) = (await MeasureAsync(SamplePortrait.FileOf("speech.wav")), await MeasureAsync(_folder["a.wav"]));
        Assert.Equal(alone.Seconds, padded.Seconds, 0.2);
        Assert.Equal(padded.Seconds / 28.9, padded.Share, 0.01);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(513)]
    public async Task Any_length_is_measured(int samples)
    {
        using var pipe = new MemoryStream(new byte[samples * sizeof(float)]);
        Assert.Equal(new VoiceMeasures(0, 0), await VoiceMeter.ReadAsync(pipe, Tools.Token));
    }

    private static Task<VoiceMeasures> MeasureAsync(string path) => new VoiceMeter(new FfmpegOptions()).MeasureAsync(path, Tools.Token);

    private async Task SpeakAsync(string voice, string text)
    {
        using var espeak = Process.Start("espeak-ng", ["-v", voice, "-w", _folder["spoken.wav"], text]);
        await espeak.WaitForExitAsync(Tools.Token);
        Assert.Equal(0, espeak.ExitCode);
    }
}
