using WanTalk.Media.Assembly;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Speech;
using WanTalk.Media.Streaming;
using WanTalk.Media.Tests.Assembly;
using WanTalk.Media.Tests.Support;

namespace WanTalk.Media.Tests.Streaming;

/// <summary>Segments of a stream, as ffmpeg understands them, against the video that is made of the same windows.</summary>
public sealed class FragmentedMp4Specs(WindowLibrary library) : IClassFixture<WindowLibrary>, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(226, 433_921)]
    [InlineData(40, 75_000)]
    public async Task Segments_joined_are_the_videos_pictures_and_its_speech_at_the_same_times(int frames, long samples)
    {
        var windows = await library.TalkAsync(frames);
        await Tools.FfmpegAsync($"-f lavfi -i sine=f=300:r=48000,tremolo=f=3,atrim=end_sample={samples} {{0}}", _folder["speech.flac"]);
        await new AacEncoder(new FfmpegOptions()).EncodeAsync(_folder["speech.flac"], _folder["speech.m4a"], Tools.Token);
        await new TalkAssembler(new FfmpegOptions()).AssembleAsync(
            new TalkParts(windows, _folder["speech.m4a"], frames, samples), _folder["talk.mp4"], Tools.Token);

        var before = await JoinPicturesAsync(windows);
        await JoinSpeechAsync(before);
        var (pictures, videos) = (await PacketsAsync(_folder["pictures.mp4"], "v"), await PacketsAsync(_folder["talk.mp4"], "v"));
        Assert.Equal(videos, pictures);
        Assert.Equal(await FramesAsync(_folder["talk.mp4"], "v"), await FramesAsync(_folder["pictures.mp4"], "v"));

        Assert.Equal(await PacketsAsync(_folder["talk.mp4"], "a"), await PacketsAsync(_folder["sound.mp4"], "a"));

        // Of fragments ffmpeg also decodes what comes before 0 and only warms the decoder up.
        var (expected, heard) = (await Tools.SamplesAsync(_folder["talk.mp4"]), await Tools.SamplesAsync(_folder["sound.mp4"]));
        Assert.Equal(expected, heard[1024..]);
    }

    [Fact]
    public async Task Every_window_has_the_same_header_and_the_codec_is_told_as_players_want_it()
    {
        var headers = new List<string>();
        foreach (var window in await library.TalkAsync(226))
        {
            await using var file = File.OpenRead(window);
            var track = await Mp4Track.ReadAsync(file, Tools.Token);
            headers.Add(Convert.ToHexString(FragmentedMp4.Header(track).Span));
            Assert.Matches("^avc1.6400[0-9a-f]{2}$", track.Codec);
        }

        Assert.Single(headers.Distinct());
        Assert.Equal(4, headers.Count);
    }

    [Fact]
    public async Task What_is_no_such_file_is_refused()
    {
        await using var text = new MemoryStream("This is no MP4 at all, however long it is."u8.ToArray());
        await Assert.ThrowsAsync<InvalidDataException>(() => Mp4Track.ReadAsync(text, Tools.Token));
        await Tools.FfmpegAsync("-f lavfi -i testsrc=d=1 -c:v libx264 -bf 2 {0}", _folder["reordered.mp4"]);
        await using var reordered = File.OpenRead(_folder["reordered.mp4"]);
        await Assert.ThrowsAsync<InvalidDataException>(() => Mp4Track.ReadAsync(reordered, Tools.Token));
    }

    /// <summary>Each window at its time behind the header of the last one.</summary>
    /// <returns>How many frames are shown before each.</returns>
    private async Task<List<int>> JoinPicturesAsync(IReadOnlyList<string> windows)
    {
        var (begin, number, before, fragments) = (0L, 0, new List<int>(), new MemoryStream());
        ReadOnlyMemory<byte> header = default;
        foreach (var window in windows)
        {
            await using var file = File.OpenRead(window);
            var track = await Mp4Track.ReadAsync(file, Tools.Token);
            header = FragmentedMp4.Header(track);
            await FragmentedMp4.WriteAsync(track, file, 0, track.Samples.Count, ++number, begin, fragments, Tools.Token);
            before.Add((int)(begin * 25 / track.Timescale));
            begin += track.Samples.Sum(sample => (long)sample.Duration);
        }

        await File.WriteAllBytesAsync(_folder["pictures.mp4"], [.. header.Span, .. fragments.ToArray()], Tools.Token);
        return before;
    }

    private async Task JoinSpeechAsync(List<int> framesBefore)
    {
        await using var file = File.OpenRead(_folder["speech.m4a"]);
        var track = await Mp4Track.ReadAsync(file, Tools.Token);
        Assert.Equal("mp4a.40.2", track.Codec);
        var cuts = framesBefore.Select(frames => SpeechSegments.FirstFrame(track, frames * 1920L)).Append(track.Samples.Count).ToList();
        await using var target = File.Create(_folder["sound.mp4"]);
        await target.WriteAsync(FragmentedMp4.Header(track), Tools.Token);
        for (var at = 0; at + 1 < cuts.Count; at++)
        {
            await FragmentedMp4.WriteAsync(track, file, cuts[at], cuts[at + 1] - cuts[at], at + 1, 1024L * cuts[at], target, Tools.Token);
        }
    }

    /// <summary>The times, the size and the hash of every packet; the length of a fragment's last one ffmpeg takes from the codec.</summary>
    private static async Task<string> PacketsAsync(string file, string kind)
    {
        var list = file + "." + kind;
        await Tools.FfmpegAsync($"-copyts -i {{0}} -map 0:{kind} -c copy -f framemd5 {{1}}", file, list);
        var packets = (await File.ReadAllLinesAsync(list, Tools.Token)).Where(line => line[0] != '#');
        return string.Join('\n', packets.Select(packet => string.Join(',', packet.Split(',').Take(6).Where((_, column) => column != 3))));
    }

    private static async Task<string> FramesAsync(string file, string kind)
    {
        var list = file + "." + kind;
        await Tools.FfmpegAsync($"-i {{0}} -map 0:{kind} -fps_mode passthrough -f framemd5 {{1}}", file, list);
        return string.Join('\n', (await File.ReadAllLinesAsync(list, Tools.Token)).Where(line => line[0] != '#'));
    }
}
