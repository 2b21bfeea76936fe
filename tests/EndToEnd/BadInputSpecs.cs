using WanTalk.EndToEnd.Support;

namespace WanTalk.EndToEnd;

/// <summary>Bad input: exit code 2, one line with the code and what to change, and nothing left behind.</summary>
public sealed class BadInputSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task A_missing_portrait() => RefusedAtOnceAsync("portrait_missing", _folder.File("no.png"), Repository.Speech);

    [Fact]
    public Task A_missing_speech() => RefusedAtOnceAsync("speech_missing", Repository.Portrait, _folder.File("no.wav"));

    [Fact]
    public async Task An_empty_portrait() => await RefusedAtOnceAsync("portrait_empty", await FileAsync("empty.png", ""), Repository.Speech);

    [Fact]
    public async Task An_empty_speech() => await RefusedAtOnceAsync("speech_empty", Repository.Portrait, await FileAsync("empty.wav", ""));

    [Fact]
    public async Task A_text_named_png() =>
        await RefusedAtOnceAsync("portrait_unreadable", await FileAsync("text.png", "I am a portrait."), Repository.Speech);

    [Fact]
    public Task A_width_of_zero() => RefusedAtOnceAsync("size_out_of_range", Repository.Portrait, Repository.Speech, "--width", "0");

    [Fact]
    public Task A_width_of_a_hundred_thousand() =>
        RefusedAtOnceAsync("size_out_of_range", Repository.Portrait, Repository.Speech, "--width", "100000");

    [Fact]
    public Task A_negative_seed() => RefusedAtOnceAsync("seed_out_of_range", Repository.Portrait, Repository.Speech, "--seed", "-1");

    [Fact]
    public Task An_output_folder_that_does_not_exist() =>
        RefusedAtOnceAsync("output_folder_missing", Repository.Portrait, Repository.Speech, "--out", _folder.File("no/talk.mp4"));

    [Fact]
    public Task A_word_instead_of_a_number() =>
        RefusedAtOnceAsync("argument_invalid", Repository.Portrait, Repository.Speech, "--width", "wide");

    [Fact]
    public async Task A_picture_of_one_pixel()
    {
        await MediaFile.MakeAsync($"-f lavfi -i color=red:size=16x16,format=rgb24,crop=1:1 -frames:v 1 {_folder.File("one.png")}");
        await RefusedInPrepareAsync("portrait_too_small", _folder.File("one.png"), Repository.Speech);
    }

    [Fact]
    public async Task A_picture_of_thirty_thousand_pixels_a_side()
    {
        // Only its header is that large: refusing it must not need the pixels.
        var png = await File.ReadAllBytesAsync(Repository.Portrait, TestContext.Current.CancellationToken);
        new byte[] { 0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30 }.CopyTo(png, 16);
        BitConverter.GetBytes(System.Net.IPAddress.HostToNetworkOrder((int)System.IO.Hashing.Crc32.HashToUInt32(png.AsSpan(12, 17)))).CopyTo(png, 29);
        await File.WriteAllBytesAsync(_folder.File("huge.png"), png, TestContext.Current.CancellationToken);
        await RefusedInPrepareAsync("portrait_too_large", _folder.File("huge.png"), Repository.Speech);
    }

    [Fact]
    public async Task A_picture_without_a_face()
    {
        await MediaFile.MakeAsync($"-f lavfi -i mandelbrot=size=320x320 -frames:v 1 {_folder.File("fractal.png")}");
        await RefusedInPrepareAsync("portrait_no_face", _folder.File("fractal.png"), Repository.Speech);
    }

    [Fact]
    public async Task A_speech_of_a_twentieth_of_a_second()
    {
        await MediaFile.MakeAsync($"-f lavfi -i sine=duration=0.05 {_folder.File("short.wav")}");
        await RefusedInPrepareAsync("speech_too_short", Repository.Portrait, _folder.File("short.wav"));
    }

    [Fact]
    public async Task Silence()
    {
        await MediaFile.MakeAsync($"-f lavfi -i anullsrc -t 2 {_folder.File("silence.wav")}");
        await RefusedInPrepareAsync("speech_silent", Repository.Portrait, _folder.File("silence.wav"));
    }

    [Fact]
    public async Task An_mp3_that_is_cut_off()
    {
        await MediaFile.MakeAsync($"-i \"{Repository.Speech}\" {_folder.File("whole.mp3")}");
        var whole = await File.ReadAllBytesAsync(_folder.File("whole.mp3"), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(_folder.File("cut.mp3"), whole[..(whole.Length / 2)], TestContext.Current.CancellationToken);
        await RefusedInPrepareAsync("speech_truncated", Repository.Portrait, _folder.File("cut.mp3"));
    }

    [Fact]
    public async Task A_video_without_audio()
    {
        await MediaFile.MakeAsync($"-f lavfi -i testsrc=duration=2 {_folder.File("mute.mp4")}");
        await RefusedInPrepareAsync("speech_no_audio", Repository.Portrait, _folder.File("mute.mp4"));
    }

    /// <summary>What needs no decoding is refused before anything is opened: the line stands alone, and there is not even a home.</summary>
    private async Task RefusedAtOnceAsync(string code, string portrait, string speech, params string[] more)
    {
        var result = await WanTalkCommand.RunAsync(_folder, ["talk", portrait, speech, .. more]);
        Assert.True(result.ExitCode == 2, result.Said);
        Assert.StartsWith($"{code}: ", Assert.Single(result.Error));
        Assert.Empty(result.Output);
        Assert.False(Directory.Exists(_folder.File("home")));
        AssertNoVideo();
    }

    /// <summary>The rest is refused by prepare: behind the id, one line, and the talk is gone.</summary>
    private async Task RefusedInPrepareAsync(string code, string portrait, string speech)
    {
        var result = await WanTalkCommand.RunAsync(_folder, ["talk", portrait, speech, "--width", "256", "--height", "256"]);
        Assert.True(result.ExitCode == 2, result.Said);
        Assert.StartsWith($"{code}: ", result.Error[^1]);
        Assert.Empty(result.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.File("home/artifacts/talks")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.File("home/scratch")));
        AssertNoVideo();
        var resumed = await WanTalkCommand.RunAsync(_folder, ["resume", result.Error[0]]);
        Assert.StartsWith("talk_not_found: ", Assert.Single(resumed.Error));
        Assert.Equal(2, resumed.ExitCode);
    }

    private void AssertNoVideo() =>
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder.Path), file => Path.GetFileName(file) is "speech.mp4" or "no.mp4" or ".part");

    private async Task<string> FileAsync(string name, string content)
    {
        await File.WriteAllTextAsync(_folder.File(name), content, TestContext.Current.CancellationToken);
        return _folder.File(name);
    }
}
