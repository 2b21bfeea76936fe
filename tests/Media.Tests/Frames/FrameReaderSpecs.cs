using WanTalk.Core.Errors;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Frames;
using WanTalk.Media.Tests.Support;

namespace WanTalk.Media.Tests.Frames;

public sealed class FrameReaderSpecs : IDisposable
{
    private static readonly FfmpegOptions Ffmpeg = new();
    private readonly TempFolder _folder = new();
    private readonly FrameReader _reader = new(Ffmpeg);

    [Fact]
    public async Task Lossless_frames_come_back_bit_for_bit_in_order()
    {
        await Write("a.mkv", 30);
        var number = 500;
        await foreach (var frame in _reader.ReadAsync(_folder["a.mkv"], Tools.Token))
            Assert.Equal(CodedFrames.Draw(number++).Pixels, frame.Pixels);
        Assert.Equal(530, number);
    }

    [Fact]
    public async Task Same_frames_same_bytes()
    {
        await Write("a.mkv", 10);
        await Write("b.mkv", 10);
        Assert.Equal(await File.ReadAllBytesAsync(_folder["a.mkv"], Tools.Token), await File.ReadAllBytesAsync(_folder["b.mkv"], Tools.Token));
    }

    [Fact]
    public async Task Leaving_early_ends_ffmpeg()
    {
        await Tools.FfmpegAsync("-f lavfi -i testsrc=s=640x640:r=25:d=20 -c:v libx264 -preset ultrafast {0}", _folder["long.mp4"]);
        await foreach (var frame in _reader.ReadAsync(_folder["long.mp4"], Tools.Token))
        {
            Assert.Equal((640, 640), (frame.Width, frame.Height));
            break;
        }

        Assert.Empty(Tools.ProcessesWith(_folder.Root));
    }

    [Fact]
    public async Task What_is_no_film_is_an_error_and_not_an_empty_film()
    {
        await SpeechFiles.ToneAsync(_folder, "a.wav", 1);
        await Tools.RefusedAsync(ErrorCode.Internal, async () => await Drain("a.wav"));
        await Tools.RefusedAsync(ErrorCode.Internal, async () => await Drain("none.mp4"));
    }

    [Fact]
    public async Task A_frame_of_another_size_is_refused_and_no_file_is_left()
    {
        var frames = new[] { CodedFrames.Draw(1), new Media.Pictures.RgbImage(32, 64, new byte[3 * 32 * 64]) }.ToAsyncEnumerable();
        await Assert.ThrowsAsync<ArgumentException>(() => new LosslessWriter(Ffmpeg).WriteAsync(frames, 64, 64, _folder["a.mkv"], Tools.Token));
        Assert.Empty(_folder.Names());
    }

    [Fact]
    public async Task A_source_that_gives_up_leaves_no_file_that_looks_whole()
    {
        await Assert.ThrowsAsync<TaskCanceledException>(() => new LosslessWriter(Ffmpeg).WriteAsync(GiveUp(), 64, 64, _folder["a.mkv"], Tools.Token));
        Assert.Empty(_folder.Names());

        static async IAsyncEnumerable<Media.Pictures.RgbImage> GiveUp()
        {
            yield return CodedFrames.Draw(1);
            await Task.FromException(new TaskCanceledException());
        }
    }

    private Task Write(string name, int count) =>
        new LosslessWriter(Ffmpeg).WriteAsync(CodedFrames.Sequence(500, count), CodedFrames.Side, CodedFrames.Side, _folder[name], Tools.Token);

    private async Task Drain(string name)
    {
        await foreach (var _ in _reader.ReadAsync(_folder[name], Tools.Token))
        {
        }
    }

    public void Dispose() => _folder.Dispose();
}
