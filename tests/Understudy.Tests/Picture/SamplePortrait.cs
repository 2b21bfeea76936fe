using SkiaSharp;
using WanTalk.Media.Pictures;

namespace WanTalk.Understudy.Tests.Picture;

/// <summary>The repository's sample portrait at a size of one's choice.</summary>
internal static class SamplePortrait
{
    public static RgbImage Scaled(int side) => Place(side, SKMatrix.CreateScale(side / 512f, side / 512f));

    /// <summary>Mirrored, turned by ten degrees, and so close that the face is half as high as the picture.</summary>
    public static RgbImage CloseUp(int side) => Place(
        side,
        new SKMatrix(-1, 0, 512, 0, 1, 0, 0, 0, 1)
            .PostConcat(SKMatrix.CreateTranslation(-287, -125))
            .PostConcat(SKMatrix.CreateRotationDegrees(10))
            .PostConcat(SKMatrix.CreateScale(side / 240f, side / 240f))
            .PostConcat(SKMatrix.CreateTranslation(side / 2f, side / 2f)));

    /// <summary>So close that forehead and chin are cut off.</summary>
    public static RgbImage CutOff(int side) =>
        Place(side, SKMatrix.CreateTranslation(-175, -75).PostConcat(SKMatrix.CreateScale(side / 102f, side / 102f)));

    private static RgbImage Place(int side, SKMatrix matrix)
    {
        using var portrait = SKImage.FromEncodedData(File.ReadAllBytes(Path.Combine(Repository.Root, "samples", "portrait.png")));
        using var bitmap = new SKBitmap(side, side, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.SetMatrix(matrix);
            canvas.DrawImage(portrait, 0, 0, new SKSamplingOptions(SKCubicResampler.CatmullRom));
        }

        var source = bitmap.GetPixelSpan();
        var pixels = new byte[3 * side * side];
        for (var i = 0; i < side * side; i++)
            source.Slice(4 * i, 3).CopyTo(pixels.AsSpan(3 * i));
        return new RgbImage(side, side, pixels);
    }
}
