using WanTalk.Core.Sniffing;
using WanTalk.Core.Talks;
using WanTalk.Media.Pictures;
using WanTalk.Media.Tests.Support;

namespace WanTalk.Media.Tests.Pictures;

public sealed class ThumbnailWriterSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2000, 1000, 640, 640, 256, 256)]
    [InlineData(1000, 2000, 832, 480, 256, 147)]
    [InlineData(1000, 1000, 480, 832, 147, 256)]
    [InlineData(100, 100, 640, 640, 100, 100)]
    public async Task It_is_small_and_has_the_videos_proportions(int width, int height, int videoWidth, int videoHeight, int expectedWidth, int expectedHeight)
    {
        var portrait = new RgbImage(width, height, new byte[3 * width * height]);
        portrait.Pixels.AsSpan().Fill(200);
        await ThumbnailWriter.WriteFileAsync(portrait, new FrameSize(videoWidth, videoHeight), _folder["t.jpg"], TestContext.Current.CancellationToken);
        Assert.Equal(
            new PictureHeader(MediaKind.Jpeg, expectedWidth, expectedHeight), PictureReader.ReadHeader(_folder["t.jpg"]));
        Assert.InRange(new FileInfo(_folder["t.jpg"]).Length, 1, 20_000);
        Assert.All(PictureReader.Read(_folder["t.jpg"]).Pixels, value => Assert.InRange(value, 198, 202));
    }

    [Fact]
    public async Task What_is_cut_off_the_video_is_cut_off_it()
    {
        var portrait = new RgbImage(300, 100, new byte[3 * 300 * 100]);
        for (var pixel = 0; pixel < 300 * 100; pixel++)
        {
            portrait.Pixels[(3 * pixel) + (pixel % 300 is >= 100 and < 200 ? 1 : 0)] = 255;
        }

        await ThumbnailWriter.WriteFileAsync(portrait, new FrameSize(256, 256), _folder["t.jpg"], TestContext.Current.CancellationToken);
        var middle = PictureReader.Read(_folder["t.jpg"]);
        Assert.All(middle.Pixels.Chunk(3), pixel => Assert.True(pixel[1] > 200 && pixel[0] < 50, string.Join(',', pixel)));
    }
}
