using System.Globalization;
using System.Text.RegularExpressions;
using WanTalk.Core.Errors;
using WanTalk.Core.Talks;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Speech;
using WanTalk.Media.Tests.Support;

namespace WanTalk.Media.Tests.Speech;

public sealed class SpeechNormaliserSpecs : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SpeechNormaliser _normaliser = new(new FfmpegOptions());

    [Theory]
    [InlineData("a.wav", "-c:a pcm_u8 -ar 8000", 1)]
    [InlineData("a.wav", "-c:a pcm_f32le -ar 96000", 1)]
    [InlineData("a.wav", "-c:a pcm_s24le -ar 12345", 1)]
    [InlineData("a.wav", "-c:a adpcm_ima_wav -ar 22050", 1)]
    [InlineData("a.wav", "-ac 6", 6)]
    [InlineData("a.wav", "-ac 16", 16)]
    [InlineData("a.mp3", "-b:a 128k", 1)]
    [InlineData("a.mp3", "-b:a 64k -write_xing 0", 1)]
    [InlineData("a.mp3", "-q:a 4 -ac 2", 2)]
    [InlineData("a.mp3", "-q:a 4 -write_xing 0", 1)]
    [InlineData("a.mp3", "-q:a 2 -ar 16000", 1)]
    [InlineData("a.flac", "", 1)]
    [InlineData("a.ogg", "-c:a libvorbis", 1)]
    [InlineData("a.opus", "-c:a libopus", 1)]
    [InlineData("a.m4a", "-c:a aac", 1)]
    [InlineData("a.aac", "-c:a aac", 1)]
    [InlineData("a.aiff", "", 1)]
    [InlineData("a.caf", "", 1)]
    [InlineData("a.webm", "-c:a libopus", 1)]
    [InlineData("a.wma", "-c:a wmav2", 1)]
    public async Task What_people_record_is_accepted_and_none_of_it_is_lost(string name, string options, int channels)
    {
        var measures = await Normalise(await SpeechFiles.ToneAsync(_folder, name, 2.4, options: options));
        Assert.Equal(channels, measures.SourceChannels);

        // Codecs pad at both ends, and an MP3 without its Xing header cannot say by how much; ffmpeg's WMA encoder drops the last frame.
        Assert.InRange(measures.Seconds, name == "a.wma" ? 2.36 : 2.39, 2.52);
        Assert.InRange(measures.PeakDbfs, -12, -3);
        await AssertOutputs(measures, Math.Min(channels, 2));
    }

    [Theory]
    [InlineData(24_000L, 72_001L, 48_001L)]
    [InlineData(24_000L, null, 72_000L)]
    [InlineData(0L, 1_000_000L, 96_000L)]
    public async Task A_part_is_cut_to_the_sample(long start, long? end, long samples)
    {
        var path = await SpeechFiles.ToneAsync(_folder, "a.wav", 2);
        var measures = await _normaliser.NormaliseAsync(path, _folder["speech.flac"], _folder["mono.flac"], new SpeechCut(start, end), Tools.Token);

        Assert.Equal(samples, measures.Samples48k);
        await AssertOutputs(measures, 1);
    }

    [Fact]
    public async Task A_part_behind_the_end_is_too_short()
    {
        var path = await SpeechFiles.ToneAsync(_folder, "a.wav", 2);
        var refused = await Assert.ThrowsAsync<TalkException>(() =>
            _normaliser.NormaliseAsync(path, _folder["speech.flac"], _folder["mono.flac"], new SpeechCut(96_000, null), Tools.Token));

        Assert.Equal(ErrorCode.SpeechTooShort, refused.Error.Code);
        Assert.Contains("behind second 2", refused.Error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["speech.flac"]));
    }

    [Theory]
    [InlineData("a.mp4")]
    [InlineData("a.webm")]
    [InlineData("a.mov")]
    public async Task The_sound_of_a_longer_video_is_speech_and_not_truncated(string name)
    {
        await Tools.FfmpegAsync("-f lavfi -i testsrc=s=64x64:d=4 -f lavfi -i sine=d=2 {0}", _folder[name]);
        var measures = await Normalise(_folder[name]);
        Assert.InRange(measures.Seconds, 1.99, 2.03);
    }

    [Theory]
    [InlineData("a.mp4")]
    [InlineData("a.mkv")]
    public async Task Sound_that_sets_in_late_in_a_video_is_not_truncated(string name)
    {
        await Tools.FfmpegAsync("-f lavfi -i testsrc=s=64x64:d=5 -itsoffset 3 -f lavfi -i sine=d=2 {0}", _folder[name]);
        var measures = await Normalise(_folder[name]);
        Assert.InRange(measures.Seconds, 1.99, 2.05);
    }

    [Fact]
    public async Task Silence_that_a_recorder_left_out_is_put_back()
    {
        await Tools.FfmpegAsync("-f lavfi -i sine=d=6:r=48000,aselect='not(between(t,2,4))' -c:a libopus {0}", _folder["call.webm"]);
        var measures = await Normalise(_folder["call.webm"]);
        Assert.InRange(measures.Seconds, 5.95, 6.05);
        Assert.InRange(measures.SilentShare, 0.3, 0.36);
    }

    [Fact]
    public async Task Floats_that_are_no_numbers_do_not_spoil_the_measures()
    {
        var wav = await File.ReadAllBytesAsync(await SpeechFiles.ToneAsync(_folder, "a.wav", 1, rate: 48_000, options: "-c:a pcm_f32le"), Tools.Token);
        BitConverter.GetBytes(float.NaN).CopyTo(wav, wav.Length - 40_000);
        BitConverter.GetBytes(float.PositiveInfinity).CopyTo(wav, wav.Length - 20_000);
        var measures = await Normalise(_folder.Write("nan.wav", wav));
        Assert.InRange(measures.PeakDbfs, -12, -3);
        Assert.InRange(measures.RmsDbfs, -20, -3);
        Assert.InRange(measures.LoudnessLufs!.Value, -30, -3);
    }

    [Fact]
    public async Task A_cover_picture_in_an_MP3_is_no_obstacle()
    {
        await Tools.FfmpegAsync("-f lavfi -i testsrc2=s=1200x1200 -frames:v 1 {0}", _folder["cover.png"]);
        await SpeechFiles.ToneAsync(_folder, "plain.mp3", 2, options: "-q:a 4");
        await Tools.FfmpegAsync("-i {0} -i {1} -map 0 -map 1 -c copy -disposition:v attached_pic {2}", _folder["plain.mp3"], _folder["cover.png"], _folder["tagged.mp3"]);
        var measures = await Normalise(_folder["tagged.mp3"]);
        Assert.InRange(measures.DeclaredSeconds!.Value, 1.99, 2.1);
        Assert.InRange(measures.Seconds, 1.99, 2.03);
    }

    [Theory]
    [InlineData(48_000, 12_345)]
    [InlineData(48_000, 9_600)]
    [InlineData(16_000, 12_345)]
    [InlineData(24_000, 5_001)]
    public async Task Samples_are_counted_exactly_where_rates_divide(int rate, int samples)
    {
        await Tools.FfmpegAsync($"-f lavfi -i sine=r={rate}:d=2,atrim=end_sample={samples} {{0}}", _folder["a.wav"]);
        var measures = await Normalise(_folder["a.wav"]);
        Assert.Equal(samples * (48_000L / rate), measures.Samples48k);
        await AssertOutputs(measures, 1);
    }

    [Fact]
    public async Task A_WAV_from_a_pipe_leaves_its_size_open_and_is_accepted()
    {
        var wav = await File.ReadAllBytesAsync(await SpeechFiles.ToneAsync(_folder, "a.wav", 1, options: "-bitexact"), Tools.Token);
        new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }.CopyTo(wav, 40);
        Assert.InRange((await Normalise(_folder.Write("open.wav", wav))).Seconds, 0.999, 1.001);
    }

    [Fact]
    public async Task Two_channels_that_differ_are_both_delivered_and_the_engine_hears_their_mean()
    {
        // Left is a tone in the first second, right in the second.
        await Tools.FfmpegAsync(
            "-f lavfi -i sine=f=300:r=48000:d=2,volume=6dB -filter_complex [0]asplit[a][b];[a]volume=0:enable='gte(t,1)'[l];[b]volume=0:enable='lt(t,1)'[r];[l][r]amerge -c:a pcm_s16le {0}",
            _folder["two.wav"]);
        await Normalise(_folder["two.wav"]);
        Assert.Equal(await Tools.SamplesAsync(_folder["two.wav"]), await Tools.SamplesAsync(_folder["speech.flac"]));
        var source = await Tools.SamplesAsync(_folder["two.wav"]);
        var mono = await Tools.SamplesAsync(_folder["mono.flac"]);
        Assert.InRange(Rms(mono[..15_000]) / Rms(source[..90_000]), 0.69, 0.72);
        Assert.InRange(Rms(mono[^15_000..]) / Rms(source[^90_000..]), 0.69, 0.72);
    }

    [Fact]
    public async Task A_16_bit_48_kHz_recording_is_delivered_bit_for_bit()
    {
        await SpeechFiles.ToneAsync(_folder, "a.wav", 1.3, rate: 48_000);
        await Normalise(_folder["a.wav"]);
        Assert.Equal(await Tools.SamplesAsync(_folder["a.wav"]), await Tools.SamplesAsync(_folder["speech.flac"]));
    }

    [Theory]
    [InlineData("sine=f=997:d=3,volume=9dB")]
    [InlineData("anoisesrc=d=3:c=pink:a=0.3:seed=7")]
    [InlineData("anoisesrc=d=5:c=pink:a=0.3:seed=7,volume='if(lt(t,2),1,0.003)':eval=frame,aformat=channel_layouts=stereo")]
    public async Task Levels_are_what_ffmpeg_measures(string source)
    {
        await Tools.FfmpegAsync($"-f lavfi -i {source} -ar 48000 -c:a pcm_s16le {{0}}", _folder["a.wav"]);
        var measures = await _normaliser.MeasureAsync(_folder["a.wav"], Tools.Token);
        var report = await Tools.ReportAsync("-i {0} -filter_complex ebur128=framelog=verbose,astats -f null -", _folder["a.wav"]);
        var overall = report[report.LastIndexOf("Overall", StringComparison.Ordinal)..];
        Assert.Equal(Number(report, @"I:\s+(\S+) LUFS"), measures.LoudnessLufs!.Value, 0.11);
        Assert.Equal(Number(overall, @"Peak level dB: (\S+)"), measures.PeakDbfs, 0.01);
        Assert.Equal(Number(overall, @"RMS level dB: (\S+)"), measures.RmsDbfs, 0.01);
    }

    [Fact]
    public async Task Silence_and_clipping_are_shares_of_the_whole()
    {
        await Tools.FfmpegAsync("-f lavfi -i sine=f=440:r=48000:d=4,volume=60dB,volume='lt(t,1)':eval=frame -c:a pcm_s16le {0}", _folder["a.wav"]);
        var measures = await _normaliser.MeasureAsync(_folder["a.wav"], Tools.Token);
        Assert.InRange(measures.SilentShare, 0.73, 0.76);
        Assert.InRange(measures.ClippedShare, 0.23, 0.26);
        Assert.Equal(0, measures.PeakDbfs, 0.01);
    }

    [Fact]
    public async Task Bytes_repeat_and_carry_nothing_of_the_source()
    {
        await SpeechFiles.ToneAsync(_folder, "a.mp3", 2, options: "-q:a 4 -metadata title=Secret -metadata comment=Secret");
        var first = await Outputs("1");
        var second = await Outputs("2");
        Assert.Equal(first.Speech, second.Speech);
        Assert.Equal(first.Mono, second.Mono);
        Assert.Equal(first.Aac, second.Aac);
        foreach (var name in new[] { "1.flac", "1-mono.flac", "1.m4a" })
        {
            var shown = await Tools.FfprobeAsync("-show_format -show_streams {0}", _folder[name]);
            Assert.DoesNotContain("Secret", shown, StringComparison.Ordinal);
            Assert.DoesNotContain("TAG:encoder", shown, StringComparison.Ordinal);
        }

        async Task<(byte[] Speech, byte[] Mono, byte[] Aac)> Outputs(string name)
        {
            var (speech, mono, aac) = (_folder[name + ".flac"], _folder[name + "-mono.flac"], _folder[name + ".m4a"]);
            await _normaliser.NormaliseAsync(_folder["a.mp3"], speech, mono, null, Tools.Token);
            await new AacEncoder(new FfmpegOptions()).EncodeAsync(speech, aac, Tools.Token);
            return (await File.ReadAllBytesAsync(speech), await File.ReadAllBytesAsync(mono), await File.ReadAllBytesAsync(aac));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_AAC_is_LC_at_48_kHz_about_128_kbit_and_as_long_as_the_speech(int channels)
    {
        await Tools.FfmpegAsync($"-f lavfi -i anoisesrc=d=5:c=pink:a=0.4:seed=3:r=48000 -ac {channels} {{0}}", _folder["a.wav"]);
        var measures = await Normalise(_folder["a.wav"]);
        await new AacEncoder(new FfmpegOptions()).EncodeAsync(_folder["speech.flac"], _folder["speech.m4a"], Tools.Token);
        var info = await new Media.Probing.MediaProbe(new FfmpegOptions()).ProbeAsync(_folder["speech.m4a"], Tools.Token);
        Assert.Equal(("aac", "LC", 48_000, channels), (info.Audio!.Codec, info.Audio.Profile, info.Audio.SampleRate, info.Audio.Channels));
        Assert.Equal(measures.Seconds, info.Audio.DurationSeconds!.Value, 0.0214);
        Assert.InRange(new FileInfo(_folder["speech.m4a"]).Length * 8 / 5.0, 100_000, 145_000);
    }

    private Task<SpeechMeasures> Normalise(string path) =>
        _normaliser.NormaliseAsync(path, _folder["speech.flac"], _folder["mono.flac"], null, Tools.Token);

    private async Task AssertOutputs(SpeechMeasures measures, int channels)
    {
        Assert.Equal($"flac,s16,48000,{channels},{measures.Samples48k}", await Shown("speech.flac"));
        var mono = (await Shown("mono.flac")).Split(',');
        Assert.Equal(["flac", "s16", "16000", "1"], mono[..4]);
        Assert.InRange(int.Parse(mono[4], CultureInfo.InvariantCulture) - (measures.Samples48k / 3.0), -1, 1);
    }

    private Task<string> Shown(string name) =>
        Tools.FfprobeAsync("-of csv=p=0 -show_entries stream=codec_name,sample_fmt,sample_rate,channels,duration_ts {0}", _folder[name]);

    private static double Rms(short[] samples) => Math.Sqrt(samples.Average(sample => (double)sample * sample));

    private static double Number(string report, string pattern) =>
        double.Parse(Regex.Matches(report, pattern).Last().Groups[1].Value, CultureInfo.InvariantCulture);

    public void Dispose() => _folder.Dispose();
}
