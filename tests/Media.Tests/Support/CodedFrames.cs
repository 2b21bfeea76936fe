using WanTalk.Media.Pictures;

namespace WanTalk.Media.Tests.Support;

/// <summary>Pictures that carry their own number as black and white squares, readable after any honest encoding.</summary>
internal static class CodedFrames
{
    public const int Side = 64;
    private const int Square = 16;

    /// <summary>A picture with a number below 65,536 in its 16 squares of 16 pixels.</summary>
    public static RgbImage Draw(int number)
    {
        var pixels = new byte[3 * Side * Side];
        for (var i = 0; i < Side * Side; i++)
        {
            var bit = (number >> BitAt(i % Side, i / Side)) & 1;
            pixels.AsSpan(3 * i, 3).Fill((byte)(bit == 1 ? 220 : 30));
        }

        return new RgbImage(Side, Side, pixels);
    }

    /// <summary>The number that a picture carries.</summary>
    public static int Read(RgbImage image)
    {
        var number = 0;
        for (var bit = 0; bit < 16; bit++)
        {
            var (x, y) = ((bit % 4 * Square) + (Square / 2), (bit / 4 * Square) + (Square / 2));
            if (image.Pixels[3 * ((y * Side) + x)] > 125)
                number |= 1 << bit;
        }

        return number;
    }

    public static async IAsyncEnumerable<RgbImage> Sequence(int first, int count)
    {
        for (var i = 0; i < count; i++)
            yield return Draw(first + i);
        await Task.CompletedTask;
    }

    private static int BitAt(int x, int y) => (y / Square * 4) + (x / Square);
}
