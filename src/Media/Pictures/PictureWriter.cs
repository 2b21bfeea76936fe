using SkiaSharp;
using WanTalk.Media.Ffmpeg;

namespace WanTalk.Media.Pictures;

/// <summary>Writes pictures as PNG: 8-bit RGB, no metadata, the same bytes for the same pixels.</summary>
public static class PictureWriter
{
    /// <summary>Writes a PNG to a stream.</summary>
    public static void WritePng(RgbImage image, Stream to)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(to);
        using var bitmap = SkiaBitmaps.FromRgb(image);
        using var pixels = bitmap.PeekPixels();
        using var stream = new SKManagedWStream(to);
        if (!pixels.Encode(stream, new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, zLibLevel: 6)))
            throw new IOException("The picture could not be encoded as PNG.");
        stream.Flush();
    }

    /// <summary>Writes a PNG file, whole or not at all.</summary>
    public static Task WritePngFileAsync(RgbImage image, string path, CancellationToken cancellationToken) =>
        WholeFiles.WriteAsync(path, async temporary =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            await using var file = File.Create(temporary);
            WritePng(image, file);
            await file.FlushAsync(cancellationToken);
        });
}
