using WanTalk.Core.Errors;
using WanTalk.Core.Sniffing;
using WanTalk.Media.Pictures;
using WanTalk.Media.Tests.Support;

namespace WanTalk.Media.Tests.Pictures;

public sealed class PictureReaderSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task A_missing_portrait_is_refused() =>
        await Refused(ErrorCode.PortraitMissing, _folder["none.png"]);

    [Fact]
    public async Task An_empty_portrait_is_refused() =>
        await Refused(ErrorCode.PortraitEmpty, _folder.Write("empty.png", []));

    [Fact]
    public async Task A_text_file_named_png_is_refused_as_text()
    {
        var error = await Refused(ErrorCode.PortraitUnreadable, _folder.Write("words.png", "This is not a picture.\n"u8.ToArray()));
        Assert.Contains("text", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recording_is_refused_by_its_kind()
    {
        await Tools.FfmpegAsync("-f lavfi -i sine=d=0.2 {0}", _folder["speech.wav"]);
        var error = await Refused(ErrorCode.PortraitUnreadable, _folder["speech.wav"]);
        Assert.Contains("WAV", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1x1", ErrorCode.PortraitTooSmall)]
    [InlineData("63x400", ErrorCode.PortraitTooSmall)]
    [InlineData("16400x64", ErrorCode.PortraitTooLarge)]
    public async Task A_picture_outside_the_limits_is_refused(string size, ErrorCode code)
    {
        await Tools.FfmpegAsync($"-f lavfi -i color=red:s=64x64,format=rgb24,scale={size} -frames:v 1 {{0}}", _folder["odd.png"]);
        await Refused(code, _folder["odd.png"]);
    }

    [Theory]
    [InlineData(30_000, 30_000)]
    [InlineData(16_384, 16_384)]
    public async Task A_huge_picture_is_refused_by_its_header(int width, int height)
    {
        // There are no pixels behind the header: reading on would fail with another code.
        var path = _folder.Write("huge.png", PictureFiles.PngHeader(width, height));
        Assert.Throws<TalkException>(() => PictureReader.ReadHeader(path));
        await Refused(ErrorCode.PortraitTooLarge, path);
    }

    [Fact]
    public async Task A_file_of_too_many_bytes_is_refused_unread()
    {
        var path = _folder.Write("big.png", PictureFiles.PngHeader(100, 100));
        await Refused(ErrorCode.PortraitTooLarge, path, new PictureLimits { MaxBytes = 50 });
    }

    [Theory]
    [InlineData("png", 0.02)]
    [InlineData("png", 0.5)]
    [InlineData("jpg", 0.05)]
    [InlineData("jpg", 0.5)]
    [InlineData("webp", 0.5)]
    public async Task A_picture_that_breaks_off_is_refused(string extension, double share)
    {
        await Tools.FfmpegAsync("-f lavfi -i testsrc2=s=256x256 -frames:v 1 {0}", _folder["whole." + extension]);
        var whole = await File.ReadAllBytesAsync(_folder["whole." + extension], Tools.Token);
        await Refused(ErrorCode.PortraitUnreadable, _folder.Write("cut." + extension, whole[..(int)(whole.Length * share)]));
    }

    [Theory]
    [InlineData("rgb24", "png")]
    [InlineData("rgb48be", "png")]
    [InlineData("rgba64be", "png")]
    [InlineData("yuvj420p", "jpg")]
    [InlineData("yuvj444p", "jpg")]
    [InlineData("bgra", "webp")]
    public async Task Every_depth_and_layout_of_colour_reads_as_the_same_colour(string pixelFormat, string extension)
    {
        await Tools.FfmpegAsync($"-f lavfi -i color=0x3264C8:s=70x82,format=rgb24,crop=70:81 -frames:v 1 -pix_fmt {pixelFormat} -lossless 1 -qscale:v 2 {{0}}", _folder["a." + extension]);
        var image = PictureReader.Read(_folder["a." + extension]);
        Assert.Equal((70, 81), (image.Width, image.Height));
        AssertPixel(image, 35, 40, (0x32, 0x64, 0xC8), tolerance: 3);
    }

    [Fact]
    public async Task Palettes_read()
    {
        // Blue is one of the 256 colours of ffmpeg's fixed palette.
        await Tools.FfmpegAsync("-f lavfi -i color=blue:s=70x80,format=rgb24,format=pal8 -frames:v 1 {0}", _folder["a.png"]);
        AssertPixel(PictureReader.Read(_folder["a.png"]), 35, 40, (0, 0, 255), tolerance: 2);
    }

    [Theory]
    [InlineData("gray")]
    [InlineData("gray16be")]
    [InlineData("ya8")]
    [InlineData("monob")]
    public async Task Grey_pictures_read_as_grey(string pixelFormat)
    {
        await Tools.FfmpegAsync($"-f lavfi -i color=white:s=70x81 -frames:v 1 -pix_fmt {pixelFormat} {{0}}", _folder["a.png"]);
        AssertPixel(PictureReader.Read(_folder["a.png"]), 35, 40, (255, 255, 255), tolerance: 1);
    }

    [Fact]
    public async Task A_picture_with_any_name_reads()
    {
        await Tools.FfmpegAsync("-f lavfi -i color=red:s=64x64 -frames:v 1 {0}", _folder["a.png"]);
        File.Move(_folder["a.png"], _folder["-pörträt 猫 100%d"]);
        Assert.Equal(64, PictureReader.Read(_folder["-pörträt 猫 100%d"]).Width);
    }

    [Fact]
    public async Task Transparency_is_laid_on_white()
    {
        await Tools.FfmpegAsync("-f lavfi -i color=red@0.5:s=64x64,format=rgba -frames:v 1 {0}", _folder["half.png"]);
        AssertPixel(PictureReader.Read(_folder["half.png"]), 1, 1, (255, 127, 127), tolerance: 2);
    }

    [Theory]
    [InlineData(1, "RGBW")]
    [InlineData(2, "GRWB")]
    [InlineData(3, "WBGR")]
    [InlineData(4, "BWRG")]
    [InlineData(5, "RBGW")]
    [InlineData(6, "BRWG")]
    [InlineData(7, "WGBR")]
    [InlineData(8, "GWRB")]
    public async Task Every_EXIF_orientation_is_turned_upright(byte orientation, string corners)
    {
        // Stored: red, green above blue, white. The corners are read top left, top right, bottom left, bottom right.
        await Tools.FfmpegAsync(
            "-f lavfi -i color=red:s=48x32 -f lavfi -i color=lime:s=48x32 -f lavfi -i color=blue:s=48x32 -f lavfi -i color=white:s=48x32"
            + " -filter_complex [0][1]hstack[t];[2][3]hstack[b];[t][b]vstack,format=yuvj444p -frames:v 1 -qscale:v 2 {0}",
            _folder["stored.jpg"]);
        var path = _folder.Write("turned.jpg", PictureFiles.WithOrientation(await File.ReadAllBytesAsync(_folder["stored.jpg"], Tools.Token), orientation));
        var header = PictureReader.ReadHeader(path);
        var image = PictureReader.Read(path);
        Assert.Equal(orientation < 5 ? (96, 64) : (64, 96), (image.Width, image.Height));
        Assert.Equal(new PictureHeader(MediaKind.Jpeg, image.Width, image.Height), header);
        var (x, y) = (image.Width - 5, image.Height - 5);
        Assert.Equal(corners, string.Concat(Letter(image, 4, 4), Letter(image, x, 4), Letter(image, 4, y), Letter(image, x, y)));
    }

    [Fact]
    public void A_CMYK_JPEG_reads_with_its_colours()
    {
        var image = PictureReader.Read(Path.Combine(AppContext.BaseDirectory, "Data", "cmyk.jpg"));
        Assert.Equal((80, 64), (image.Width, image.Height));
        Assert.Equal("R", Letter(image, 20, 32));
        Assert.Equal("B", Letter(image, 60, 32));
    }

    [Fact]
    public async Task Large_pictures_are_shrunk_to_what_is_kept_and_keep_their_shape()
    {
        await Tools.FfmpegAsync("-f lavfi -i testsrc2=s=6000x3002,format=rgb24,crop=6000:3001 -frames:v 1 -qscale:v 3 {0}", _folder["large.jpg"]);
        var header = PictureReader.ReadHeader(_folder["large.jpg"]);
        var image = PictureReader.Read(_folder["large.jpg"]);
        Assert.Equal((6000, 3001), (header.Width, header.Height));
        Assert.Equal((4096, 2049), (image.Width, image.Height));
    }

    private static async Task<TalkError> Refused(ErrorCode code, string path, PictureLimits? limits = null) =>
        await Tools.RefusedAsync(code, () => Task.FromResult(PictureReader.Read(path, limits)));

    private static void AssertPixel(RgbImage image, int x, int y, (int R, int G, int B) expected, int tolerance)
    {
        var pixel = image.Pixels.AsSpan(3 * ((y * image.Width) + x), 3);
        Assert.InRange(pixel[0] - expected.R, -tolerance, tolerance);
        Assert.InRange(pixel[1] - expected.G, -tolerance, tolerance);
        Assert.InRange(pixel[2] - expected.B, -tolerance, tolerance);
    }

    private static string Letter(RgbImage image, int x, int y)
    {
        var pixel = image.Pixels.AsSpan(3 * ((y * image.Width) + x), 3);
        return (pixel[0] > 127, pixel[1] > 127, pixel[2] > 127) switch
        {
            (true, false, false) => "R",
            (false, true, false) => "G",
            (false, false, true) => "B",
            (true, true, true) => "W",
            _ => "?",
        };
    }

    public void Dispose() => _folder.Dispose();
}
