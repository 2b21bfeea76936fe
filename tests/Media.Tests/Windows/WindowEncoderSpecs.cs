using WanTalk.Core.Errors;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Frames;
using WanTalk.Media.Pictures;
using WanTalk.Media.Tests.Support;
using WanTalk.Media.Windows;

namespace WanTalk.Media.Tests.Windows;

public sealed class WindowEncoderSpecs : IDisposable
{
    private static readonly FfmpegOptions Ffmpeg = new();
    private readonly TempFolder _folder = new();
    private readonly WindowEncoder _encoder = new(Ffmpeg);

    [Fact]
    public async Task Colours_survive_and_are_tagged_so_that_they_are_shown_as_they_were()
    {
        RgbImage[] colours = [Flat(230, 40, 40), Flat(40, 200, 40), Flat(40, 40, 230), Flat(224, 172, 150), Flat(0, 0, 0), Flat(255, 255, 255)];
        await new LosslessWriter(Ffmpeg).WriteAsync(colours.ToAsyncEnumerable(), 64, 64, _folder["in.mkv"], Tools.Token);
        await Encode("in.mkv", new WindowFrames(64, 64, 0, 6, 6));
        var i = 0;
        await foreach (var frame in new FrameReader(Ffmpeg).ReadAsync(_folder["segment.mp4"], Tools.Token))
        {
            var expected = colours[i++].Pixels;
            for (var c = 0; c < 3; c++)
                Assert.InRange(frame.Pixels[(3 * ((64 * 32) + 32)) + c] - expected[c], -6, 6);
        }

        Assert.Equal(6, i);
        Assert.Equal(
            "h264,yuv420p,tv,bt709,bt709,bt709",
            await Tools.FfprobeAsync("-show_entries stream=codec_name,pix_fmt,color_range,color_space,color_transfer,color_primaries -of csv=p=0 {0}", _folder["segment.mp4"]));
    }

    [Theory]
    [InlineData("-c:v ffv1 -pix_fmt bgr0")]
    [InlineData("-c:v ffv1 -pix_fmt yuv444p")]
    [InlineData("-c:v ffv1 -pix_fmt gbrp16le")]
    [InlineData("-c:v libx264rgb -crf 0")]
    public async Task Any_lossless_window_is_read(string codec)
    {
        await Tools.FfmpegAsync($"-f lavfi -i testsrc=s=64x64:r=25 -frames:v 81 {codec} {{0}}", _folder["in.mkv"]);
        await Encode("in.mkv", new WindowFrames(64, 64, 9, 72));
        Assert.Equal("72", await Count("segment.mp4"));
    }

    [Fact]
    public async Task Every_cut_in_the_picture_leaves_a_segment_that_starts_by_itself()
    {
        // Noise makes every frame a scene of its own: keyframes may come at any place, but the first frame has to be one.
        await Tools.FfmpegAsync("-f lavfi -i nullsrc=s=64x64:r=25,geq=random(1)*255:128:128 -frames:v 81 -c:v ffv1 {0}", _folder["in.mkv"]);
        await Encode("in.mkv", new WindowFrames(64, 64, 9, 33));
        var flags = (await Tools.FfprobeAsync("-show_entries packet=flags -of csv=p=0 {0}", _folder["segment.mp4"])).Split('\n');
        Assert.Equal(33, flags.Length);
        Assert.StartsWith("K", flags[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(80, 64, "80 frames")]
    [InlineData(82, 64, "82 frames")]
    [InlineData(1, 64, "1 frames")]
    [InlineData(81, 32, "32x64")]
    public async Task A_window_of_another_length_or_size_is_refused(int frames, int width, string named)
    {
        await Tools.FfmpegAsync($"-f lavfi -i testsrc=s={width}x64:r=25 -frames:v {frames} -c:v ffv1 {{0}}", _folder["in.mkv"]);
        var error = await Refused(File.OpenRead(_folder["in.mkv"]), new WindowFrames(64, 64, 9, 10));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(20_000)]
    public async Task A_window_that_breaks_off_is_refused(int bytes)
    {
        await Tools.FfmpegAsync("-f lavfi -i testsrc=s=64x64:r=25 -frames:v 81 -c:v ffv1 {0}", _folder["in.mkv"]);
        var whole = await File.ReadAllBytesAsync(_folder["in.mkv"], Tools.Token);
        await Refused(new MemoryStream(whole, 0, bytes), new WindowFrames(64, 64, 0, 5));
    }

    [Fact]
    public async Task What_is_no_film_is_refused() =>
        await Refused(new MemoryStream("{\"error\": \"not found\"}"u8.ToArray()), new WindowFrames(64, 64, 0, 81));

    [Fact]
    public async Task A_frame_that_does_not_decode_is_not_papered_over()
    {
        await Tools.FfmpegAsync("-f lavfi -i testsrc=s=64x64:r=25 -frames:v 81 -c:v ffv1 -level 3 -slicecrc 1 {0}", _folder["in.mkv"]);
        var bytes = await File.ReadAllBytesAsync(_folder["in.mkv"], Tools.Token);
        for (var i = bytes.Length / 2; i < (bytes.Length / 2) + 40; i++)
            bytes[i] ^= 0x55;
        await Refused(new MemoryStream(bytes), new WindowFrames(64, 64, 0, 81));
    }

    [Theory]
    [InlineData(typeof(HttpRequestException))]
    [InlineData(typeof(TaskCanceledException))]
    public async Task A_connection_that_breaks_while_the_window_is_read_is_the_callers_to_see(Type failure)
    {
        await Tools.FfmpegAsync("-f lavfi -i testsrc=s=64x64:r=25 -frames:v 81 -c:v ffv1 {0}", _folder["in.mkv"]);
        using var broken = new BreakingStream(await File.ReadAllBytesAsync(_folder["in.mkv"], Tools.Token), 9000, failure);
        await Assert.ThrowsAsync(failure, () => _encoder.EncodeAsync(broken, new WindowFrames(64, 64, 0, 81), _folder["segment.mp4"], Tools.Token));
        Assert.Equal(["in.mkv"], _folder.Names());
        Assert.Empty(Tools.ProcessesWith(_folder.Root));
    }

    private async Task Encode(string input, WindowFrames frames)
    {
        await using var window = File.OpenRead(_folder[input]);
        await _encoder.EncodeAsync(window, frames, _folder["segment.mp4"], Tools.Token);
    }

    private async Task<TalkError> Refused(Stream window, WindowFrames frames)
    {
        var before = _folder.Names();
        await using (window)
        {
            var error = await Tools.RefusedAsync(ErrorCode.EngineOutputInvalid, () => _encoder.EncodeAsync(window, frames, _folder["segment.mp4"], Tools.Token));
            Assert.Equal(before, _folder.Names());
            return error;
        }
    }

    private Task<string> Count(string name) =>
        Tools.FfprobeAsync("-count_packets -show_entries stream=nb_read_packets -of csv=p=0 {0}", _folder[name]);

    private static RgbImage Flat(byte r, byte g, byte b) =>
        new(64, 64, [.. Enumerable.Repeat((byte[])[r, g, b], 64 * 64).SelectMany(pixel => pixel)]);

    /// <summary>A download that fails half-way; a time limit of HttpClient looks like a cancellation.</summary>
    private sealed class BreakingStream(byte[] bytes, int breaksAt, Type failure) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position >= breaksAt
                ? throw (Exception)Activator.CreateInstance(failure)!
                : base.ReadAsync(buffer[..(int)Math.Min(buffer.Length, breaksAt - Position)], cancellationToken);
    }

    public void Dispose() => _folder.Dispose();
}
