using CsCheck;
using WanTalk.Media.Pictures;
using WanTalk.Media.Tests.Support;

namespace WanTalk.Media.Tests.Pictures;

public sealed class PictureWriterSpecs : IDisposable
{
    private static readonly Gen<RgbImage> Images = Gen.Select(Gen.Int[64, 130], Gen.Int[64, 130]).SelectMany((width, height) =>
        Gen.Byte.Array[3 * width * height].Select(pixels => new RgbImage(width, height, pixels)));

    private readonly TempFolder _folder = new();

    [Fact]
    public void Pixels_survive_exactly_and_bytes_repeat() => Images.Sample(
        image =>
        {
            var (first, second) = (Png(image), Png(image));
            Assert.Equal(first, second);
            Assert.Equal(image.Pixels, PictureReader.Read(_folder.Write($"{Guid.NewGuid()}.png", first)).Pixels);
        },
        iter: 20);

    [Fact]
    public void Nothing_but_pixels_is_written()
    {
        var png = Png(new RgbImage(64, 64, new byte[3 * 64 * 64]));

        // sBIT says that there are 8 bits a channel; it is a constant.
        Assert.Equal(["IHDR", "sBIT", "IDAT", "IEND"], ChunkNames(png).Distinct());
    }

    [Fact]
    public async Task A_picture_file_is_whole_or_absent()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var image = new RgbImage(64, 64, new byte[3 * 64 * 64]);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PictureWriter.WritePngFileAsync(image, _folder["a.png"], cancelled.Token));
        Assert.Empty(_folder.Names());
        await PictureWriter.WritePngFileAsync(image, _folder["a.png"], Tools.Token);
        Assert.Equal(["a.png"], _folder.Names());
    }

    [Fact]
    public void A_picture_that_fits_is_not_touched_and_none_is_enlarged()
    {
        var image = new RgbImage(64, 32, new byte[3 * 64 * 32]);
        Assert.Same(image, PictureScaler.FitWithin(image, 64));
        Assert.Same(image, PictureScaler.FitWithin(image, 4096));
    }

    [Fact]
    public void Shrinking_averages_so_that_fine_detail_does_not_alias()
    {
        // A checkerboard of single pixels has no detail left at half its size, only grey.
        var pixels = Enumerable.Range(0, 128 * 128).SelectMany(i => Enumerable.Repeat((byte)((((i % 128) + (i / 128)) & 1) * 255), 3)).ToArray();
        var small = PictureScaler.FitWithin(new RgbImage(128, 128, pixels), 64);
        Assert.All(small.Pixels, value => Assert.InRange(value, 126, 129));
    }

    private static byte[] Png(RgbImage image)
    {
        using var stream = new MemoryStream();
        PictureWriter.WritePng(image, stream);
        return stream.ToArray();
    }

    private static IEnumerable<string> ChunkNames(byte[] png)
    {
        for (var at = 8; at < png.Length; at += 12 + System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at)))
            yield return System.Text.Encoding.ASCII.GetString(png, at + 4, 4);
    }

    public void Dispose() => _folder.Dispose();
}
