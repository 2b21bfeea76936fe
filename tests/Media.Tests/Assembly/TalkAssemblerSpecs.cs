using System.Globalization;
using System.Text;
using WanTalk.Core.Errors;
using WanTalk.Media.Assembly;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Frames;
using WanTalk.Media.Speech;
using WanTalk.Media.Tests.Support;
using WanTalk.Media.Windows;

namespace WanTalk.Media.Tests.Assembly;

public sealed class TalkAssemblerSpecs(WindowLibrary library) : IClassFixture<WindowLibrary>, IDisposable
{
    private static readonly FfmpegOptions Ffmpeg = new();
    private readonly TempFolder _folder = new();
    private readonly TalkAssembler _assembler = new(Ffmpeg);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(80)]
    [InlineData(81)]
    [InlineData(82)]
    [InlineData(83)]
    [InlineData(153)]
    [InlineData(154)]
    [InlineData(226)]
    [InlineData(370)]
    public Task A_talk_at_a_boundary_shows_exactly_its_frames(int visibleFrames) => AssertExact(visibleFrames, (visibleFrames * 1920L) - 1);

    [Fact]
    public async Task Picture_and_sound_stay_together_across_windows()
    {
        // The picture turns white, and a tone starts, at frame 100: past the first join.
        const int Onset = 100;
        await Tools.FfmpegAsync($"-f lavfi -i sine=f=1000:r=48000:d=6.4,volume=volume='gte(t,{Onset / 25.0})':eval=frame,volume=12dB,asetnsamples=n=480 {{0}}", _folder["speech.flac"]);
        await new AacEncoder(Ffmpeg).EncodeAsync(_folder["speech.flac"], _folder["speech.m4a"], Tools.Token);
        await Assemble(160, 48_000 * 64 / 10);
        var samples = await Tools.SamplesAsync(_folder["talk.mp4"]);
        var start = Array.FindIndex(samples, sample => Math.Abs((int)sample) > 2000) / 48_000.0;
        Assert.Equal(await SourceOnset(), start, 0.003);
        Assert.Equal(Enumerable.Range(0, 160), await ReadNumbers());

        async Task<double> SourceOnset() =>
            Array.FindIndex(await Tools.SamplesAsync(_folder["speech.flac"]), sample => Math.Abs((int)sample) > 2000) / 48_000.0;
    }

    [Fact]
    public async Task Bytes_repeat_from_windows_to_video()
    {
        await Speech(170 * 1920);
        var first = await MakeAll("first");
        var second = await MakeAll("second");
        Assert.Equal(first, second);

        async Task<byte[]> MakeAll(string name)
        {
            var segments = new List<string>();
            foreach (var (frames, k) in TalkPlan.Of(170).Select((frames, k) => (frames, k)))
            {
                await using var window = File.OpenRead(await library.WindowAsync(k));
                segments.Add(_folder[$"{name}-{k}.mp4"]);
                await new WindowEncoder(Ffmpeg).EncodeAsync(window, frames, segments[^1], Tools.Token);
            }

            await _assembler.AssembleAsync(new TalkParts(segments, _folder["speech.m4a"], 170, 170 * 1920), _folder[name + ".mp4"], Tools.Token);
            return await File.ReadAllBytesAsync(_folder[name + ".mp4"], Tools.Token);
        }
    }

    [Fact]
    public async Task The_video_has_its_index_in_front_and_names_nobody()
    {
        await Speech(100 * 1920);
        await Assemble(100, 100 * 1920);
        var bytes = await File.ReadAllBytesAsync(_folder["talk.mp4"], Tools.Token);
        var text = Encoding.Latin1.GetString(bytes);
        Assert.InRange(text.IndexOf("moov", StringComparison.Ordinal), 0, text.IndexOf("mdat", StringComparison.Ordinal));
        Assert.DoesNotContain("x264", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Lavf", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Lavc", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\u00A9", text[..text.IndexOf("mdat", StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.DoesNotContain("creation_time", await Tools.FfprobeAsync("-show_format -show_streams {0}", _folder["talk.mp4"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Paths_with_blanks_and_quotes_join()
    {
        Directory.CreateDirectory(_folder["it's a %d folder"]);
        await Speech(90 * 1920);
        var segments = await library.TalkAsync(90);
        var moved = segments.Select((path, k) => Path.Combine(_folder["it's a %d folder"], $"seg '{k}'.mp4")).ToArray();
        foreach (var (from, to) in segments.Zip(moved))
            File.Copy(from, to);
        var finished = await _assembler.AssembleAsync(new TalkParts(moved, _folder["speech.m4a"], 90, 90 * 1920), Path.Combine(_folder["it's a %d folder"], "-talk.mp4"), Tools.Token);
        Assert.Equal(90, finished.Video!.Packets);
    }

    [Theory]
    [InlineData("a segment too few")]
    [InlineData("a missing segment")]
    [InlineData("a damaged segment")]
    [InlineData("a segment of another size")]
    [InlineData("a cut segment")]
    [InlineData("a missing speech")]
    [InlineData("another speech")]
    public async Task What_does_not_fit_together_is_refused_and_leaves_nothing(string fault)
    {
        await Speech(170 * 1920);
        var segments = await library.TalkAsync(170);
        var speech = _folder["speech.m4a"];
        switch (fault)
        {
            case "a segment too few":
                segments = segments[..^1];
                break;
            case "a missing segment":
                segments[1] = _folder["none.mp4"];
                break;
            case "a damaged segment":
                segments[1] = _folder.Write("bad.mp4", new byte[5000]);
                break;
            case "a segment of another size":
                await Tools.FfmpegAsync("-f lavfi -i testsrc=s=96x64:r=25 -frames:v 72 -c:v libx264 -pix_fmt yuv420p -movflags +faststart {0}", _folder["wide.mp4"]);
                segments[1] = _folder["wide.mp4"];
                break;
            case "a cut segment":
                var whole = await File.ReadAllBytesAsync(segments[1], Tools.Token);
                segments[1] = _folder.Write("cut.mp4", whole[..(whole.Length * 7 / 10)]);
                break;
            case "a missing speech":
                speech = _folder["none.m4a"];
                break;
            default:
                await Speech(160 * 1920);
                break;
        }

        var before = _folder.Names();
        var parts = new TalkParts(segments, speech, 170, 170 * 1920);
        await Tools.RefusedAsync(ErrorCode.Internal, () => _assembler.AssembleAsync(parts, _folder["talk.mp4"], Tools.Token));
        Assert.Equal(before, _folder.Names());
    }

    private async Task AssertExact(int visibleFrames, long samples)
    {
        using var folder = new TempFolder();
        await Speech(samples, folder);
        var segments = await library.TalkAsync(visibleFrames);
        var finished = await _assembler.AssembleAsync(new TalkParts(segments, folder["speech.m4a"], visibleFrames, samples), folder["talk.mp4"], Tools.Token);

        var video = finished.Video!;
        Assert.Equal(("h264", "yuv420p", 25.0, 0), (video.Codec, video.PixelFormat!, video.FramesPerSecond!.Value, video.ReorderedFrames));
        Assert.Equal(("bt709", "bt709", "bt709", "tv"), (video.ColorSpace!, video.ColorPrimaries!, video.ColorTransfer!, video.ColorRange!));
        Assert.Equal((0.0, 0.0), (video.StartSeconds!.Value, finished.Audio!.StartSeconds!.Value));
        Assert.Equal(Enumerable.Range(0, visibleFrames), await ReadNumbers(folder));

        var timestamps = (await Tools.FfprobeAsync("-select_streams v -show_entries packet=pts,dts,duration -of csv=p=0 {0}", folder["talk.mp4"])).Split('\n');
        Assert.Equal(Enumerable.Range(0, visibleFrames).Select(i => $"{512 * i},{512 * i},512"), timestamps.Select(line => line.Trim().TrimEnd(',')));

        var decoded = (await Tools.SamplesAsync(folder["talk.mp4"])).Length;
        Assert.InRange(decoded - samples, 0, 1023);
    }

    private async Task Speech(long samples, TempFolder? folder = null)
    {
        folder ??= _folder;
        await Tools.FfmpegAsync(
            string.Create(CultureInfo.InvariantCulture, $"-f lavfi -i sine=f=440:r=48000,atrim=end_sample={samples} {{0}}"), folder["speech.flac"]);
        await new AacEncoder(Ffmpeg).EncodeAsync(folder["speech.flac"], folder["speech.m4a"], Tools.Token);
    }

    private async Task Assemble(int visibleFrames, long samples) =>
        await _assembler.AssembleAsync(
            new TalkParts(await library.TalkAsync(visibleFrames), _folder["speech.m4a"], visibleFrames, samples), _folder["talk.mp4"], Tools.Token);

    private async Task<List<int>> ReadNumbers(TempFolder? folder = null)
    {
        var numbers = new List<int>();
        await foreach (var frame in new FrameReader(Ffmpeg).ReadAsync((folder ?? _folder)["talk.mp4"], Tools.Token))
            numbers.Add(CodedFrames.Read(frame));
        return numbers;
    }

    public void Dispose() => _folder.Dispose();
}
