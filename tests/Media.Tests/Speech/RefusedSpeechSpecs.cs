using WanTalk.Core.Errors;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Speech;
using WanTalk.Media.Tests.Support;

namespace WanTalk.Media.Tests.Speech;

/// <summary>What is not speech is refused by its own code, and leaves nothing behind.</summary>
public sealed class RefusedSpeechSpecs : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TempFolder _output = new();

    [Fact]
    public async Task A_missing_file() => await Refused(ErrorCode.SpeechMissing, _folder["none.wav"]);

    [Fact]
    public async Task An_empty_file() => await Refused(ErrorCode.SpeechEmpty, _folder.Write("empty.wav", []));

    [Theory]
    [InlineData("words.mp3")]
    [InlineData("words.wav")]
    public async Task A_text_file(string name) => await Refused(ErrorCode.SpeechUnreadable, _folder.Write(name, "Nothing to hear.\n"u8.ToArray()));

    [Fact]
    public async Task A_playlist_that_names_another_file_is_not_followed()
    {
        var real = await SpeechFiles.ToneAsync(_folder, "real.ts", 1, options: "-c:a aac -f mpegts");
        await Refused(ErrorCode.SpeechUnreadable, _folder.Write("list.m3u8", System.Text.Encoding.UTF8.GetBytes($"#EXTM3U\n#EXTINF:1,\n{real}\n#EXT-X-ENDLIST\n")));
        await Refused(ErrorCode.SpeechUnreadable, _folder.Write("list.ffconcat", [.. "ffconcat version 1.0\n"u8, .. System.Text.Encoding.UTF8.GetBytes($"file {real}\n\0")]));
    }

    [Fact]
    public async Task Noise_that_is_no_format() =>
        await Refused(ErrorCode.SpeechUnreadable, _folder.Write("noise.wav", [.. Enumerable.Range(0, 20_000).Select(i => (byte)(i * i * 31 >> 3))]));

    [Theory]
    [InlineData("picture.png")]
    [InlineData("picture.jpg")]
    public async Task A_picture(string name)
    {
        await Tools.FfmpegAsync("-f lavfi -i testsrc=s=64x64 -frames:v 1 {0}", _folder[name]);
        await Refused(ErrorCode.SpeechNoAudio, _folder[name]);
    }

    [Theory]
    [InlineData("film.mp4")]
    [InlineData("film.webm")]
    [InlineData("film.avi")]
    public async Task A_video_without_audio(string name)
    {
        await Tools.FfmpegAsync("-f lavfi -i testsrc=s=64x64:d=1 {0}", _folder[name]);
        await Refused(ErrorCode.SpeechNoAudio, _folder[name]);
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.199)]
    public async Task Less_than_a_fifth_of_a_second(double seconds) =>
        await Refused(ErrorCode.SpeechTooShort, await SpeechFiles.ToneAsync(_folder, "short.wav", seconds));

    [Fact]
    public async Task A_WAV_header_with_nothing_behind_it()
    {
        await SpeechFiles.ToneAsync(_folder, "a.wav", 0, options: "-af atrim=end_sample=0");
        await Refused(ErrorCode.SpeechTooShort, _folder["a.wav"]);
    }

    [Theory]
    [InlineData("anullsrc=d=2")]
    [InlineData("sine=d=2,volume=-50dB")]
    public async Task Silence_and_what_is_as_good_as_silence(string source)
    {
        await Tools.FfmpegAsync($"-f lavfi -i {source} {{0}}", _folder["silence.wav"]);
        await Refused(ErrorCode.SpeechSilent, _folder["silence.wav"]);
    }

    [Fact]
    public async Task Two_channels_that_cancel_each_other_out()
    {
        await Tools.FfmpegAsync("-f lavfi -i sine=d=1,aformat=channel_layouts=mono,pan=stereo|c0=c0|c1=-1*c0 {0}", _folder["phase.wav"]);
        var error = await Refused(ErrorCode.SpeechSilent, _folder["phase.wav"]);
        Assert.Contains("channels", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.mp3", "-b:a 128k")]
    [InlineData("a.mp3", "-q:a 4")]
    [InlineData("a.mp3", "-q:a 4 -ar 22050 -ac 1")]
    [InlineData("a.wav", "")]
    [InlineData("a.flac", "")]
    [InlineData("a.mka", "-c:a aac")]
    [InlineData("a.m4a", "-movflags faststart")]
    [InlineData("a.aiff", "")]
    public async Task A_file_that_holds_less_than_its_header_promises(string name, string options)
    {
        var whole = await File.ReadAllBytesAsync(await SpeechFiles.ToneAsync(_folder, name, 4, options: options), Tools.Token);
        await Refused(ErrorCode.SpeechTruncated, _folder.Write("cut-" + name, whole[..(whole.Length * 6 / 10)]));
    }

    [Fact]
    public async Task An_MP4_that_was_cut_before_its_index()
    {
        var whole = await File.ReadAllBytesAsync(await SpeechFiles.ToneAsync(_folder, "a.m4a", 4, options: "-c:a aac"), Tools.Token);
        await Refused(ErrorCode.SpeechUnreadable, _folder.Write("cut.m4a", whole[..(whole.Length * 6 / 10)]));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_to_is_not_blamed_on_the_speech()
    {
        await SpeechFiles.ToneAsync(_folder, "a.wav", 1);
        await Assert.ThrowsAsync<DirectoryNotFoundException>(() =>
            new SpeechNormaliser(new FfmpegOptions()).NormaliseAsync(_folder["a.wav"], _folder["none/speech.flac"], _folder["none/mono.flac"], null, Tools.Token));
    }

    [Theory]
    [InlineData("long.wav")]
    [InlineData("long.aac")]
    public async Task More_than_the_longest(string name)
    {
        // ADTS promises nothing, so that it is the decoding that has to stop.
        var path = await SpeechFiles.ToneAsync(_folder, name, 5, options: "");
        await Refused(ErrorCode.SpeechTooLong, path, new SpeechLimits { Max = TimeSpan.FromSeconds(2) });
        Assert.Empty(Tools.ProcessesWith(_folder.Root));
    }

    private async Task<TalkError> Refused(ErrorCode code, string path, SpeechLimits? limits = null)
    {
        var normaliser = new SpeechNormaliser(new FfmpegOptions(), limits);
        await Tools.RefusedAsync(code, () => normaliser.MeasureAsync(path, Tools.Token));
        var error = await Tools.RefusedAsync(code, () => normaliser.NormaliseAsync(path, _output["speech.flac"], _output["mono.flac"], null, Tools.Token));
        Assert.Empty(_output.Names());
        Assert.DoesNotContain(code == ErrorCode.SpeechMissing ? "file:" : _folder.Root, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("0x", error.Message, StringComparison.Ordinal);
        return error;
    }

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
    }
}
