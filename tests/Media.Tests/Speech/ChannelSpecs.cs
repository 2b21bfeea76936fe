using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Speech;
using WanTalk.Media.Tests.Faces;
using WanTalk.Media.Tests.Support;

namespace WanTalk.Media.Tests.Speech;

/// <summary>What a recording's levels and channels tell of how it was made.</summary>
public sealed class ChannelSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("anull", 0, 0)]
    [InlineData("volume=30dB", 0.1, 1)]
    [InlineData("volume=18dB", 0.002, 0.3)]
    [InlineData("volume=18dB,aresample=44100", 0.002, 0.3)]
    public async Task Speech_that_was_recorded_too_loud_is_clipped_in_runs(string filter, double least, double most)
    {
        await Tools.FfmpegAsync($"-i {{0}} -af {filter} -c:a pcm_s16le {{1}}", SamplePortrait.FileOf("speech.wav"), _folder["a.wav"]);
        var measures = await MeasureAsync();
        Assert.InRange(measures.ClippedRunShare, least, most);
        Assert.True(measures.ClippedRunShare <= measures.ClippedShare);
    }

    [Fact]
    public async Task Speech_as_loud_as_it_can_be_is_not_clipped()
    {
        await Tools.FfmpegAsync("-i {0} -ar 48000 -c:a pcm_f32le {1}", SamplePortrait.FileOf("speech.wav"), _folder["a.wav"]);
        var gain = -(await MeasureAsync()).PeakDbfs;
        await Tools.FfmpegAsync($"-i {{0}} -af volume={gain:0.000}dB -ar 48000 -c:a pcm_s16le {{1}}", SamplePortrait.FileOf("speech.wav"), _folder["a.wav"]);
        var measures = await MeasureAsync();
        Assert.Equal(0, measures.PeakDbfs, 0.01);
        Assert.InRange(measures.ClippedRunShare, 0, 0.0001);
    }

    [Theory]
    [InlineData("anull", 0, 0, 0)]
    [InlineData("pan=stereo|c0=c0|c1=c0", 0, 0, 0.01)]
    [InlineData("pan=stereo|c0=c0|c1=0*c0", 100, 3, 0.02)]
    [InlineData("pan=stereo|c0=c0|c1=0.05*c0", 26, 2.6, 0.1)]
    [InlineData("pan=stereo|c0=c0|c1=-0.8*c0", 1.9, 19.1, 0.2)]
    public async Task Channels_are_held_against_each_other(string filter, double difference, double cancellation, double within)
    {
        await Tools.FfmpegAsync($"-i {{0}} -af {filter} -c:a pcm_f32le {{1}}", SamplePortrait.FileOf("speech.wav"), _folder["a.wav"]);
        var measures = await MeasureAsync();
        Assert.True(difference == 100 ? measures.ChannelDifferenceDb >= 100 : Math.Abs(difference - measures.ChannelDifferenceDb) <= within, $"{measures.ChannelDifferenceDb}");
        Assert.Equal(cancellation, measures.CancellationDb, within);
    }

    private Task<SpeechMeasures> MeasureAsync() => new SpeechNormaliser(new FfmpegOptions()).MeasureAsync(_folder["a.wav"], Tools.Token);
}
