using SkiaSharp;
using WanTalk.Media.Pictures;

namespace WanTalk.Media.Tests.Faces;

/// <summary>The repository's sample portrait, as it is or moved about.</summary>
internal static class SamplePortrait
{
    /// <summary>Where the face's middle is in the 512x512 original.</summary>
    public const float FaceX = 225;
    public const float FaceY = 125;

    public static RgbImage Load() => Place(512, 512, SKMatrix.Identity);

    public static RgbImage Scaled(int side) => Place(side, side, SKMatrix.CreateScale(side / 512f, side / 512f));

    public static RgbImage Rotated(float degrees) => Place(512, 512, SKMatrix.CreateRotationDegrees(degrees, FaceX, FaceY));

    public static RgbImage Mirrored() => Place(512, 512, new SKMatrix(-1, 0, 512, 0, 1, 0, 0, 0, 1));

    /// <summary>Draws the portrait onto grey.</summary>
    public static RgbImage Place(int width, int height, SKMatrix matrix)
    {
        using var portrait = SKImage.FromEncodedData(File.ReadAllBytes(FileOf("portrait.png")));
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(new SKColor(120, 120, 120));
            canvas.SetMatrix(matrix);
            canvas.DrawImage(portrait, 0, 0, new SKSamplingOptions(SKCubicResampler.CatmullRom));
        }

        var source = bitmap.GetPixelSpan();
        var pixels = new byte[3 * width * height];
        for (var i = 0; i < width * height; i++)
            source.Slice(4 * i, 3).CopyTo(pixels.AsSpan(3 * i));
        return new RgbImage(width, height, pixels);
    }

    /// <summary>One of the repository's sample files.</summary>
    public static string FileOf(string name) => Path.Combine(Root(), "samples", name);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "WanTalk.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("WanTalk.sln is in no folder above the tests.");
        return folder.FullName;
    }
}
