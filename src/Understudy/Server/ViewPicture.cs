using System.Globalization;
using SkiaSharp;

namespace WanTalk.Understudy.Server;

/// <summary>
/// Pictures as /view shows them when it is asked for a lighter copy (preview=webp;50) or for some channels (channel=rgb, a).
/// </summary>
internal static class ViewPicture
{
    private const long MaxPixels = 64L << 20;
    private const int DefaultQuality = 90;

    /// <summary>Makes the copy that is asked for: its bytes and content type.</summary>
    /// <exception cref="InvalidOperationException">The file is no picture, or too large a one.</exception>
    public static (byte[] Bytes, string Type) Make(string path, string? preview, string channel)
    {
        using var codec = SKCodec.Create(path) ?? throw new InvalidOperationException("The file is no picture.");
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        if ((long)info.Width * info.Height > MaxPixels)
            throw new InvalidOperationException("The picture is too large.");
        using var bitmap = new SKBitmap(info);
        if (codec.GetPixels(info, bitmap.GetPixels()) is not (SKCodecResult.Success or SKCodecResult.IncompleteInput))
            throw new InvalidOperationException("The picture is damaged.");
        if (preview is not null)
            return Lighter(bitmap, preview, channel);
        Keep(bitmap, channel);
        return Encode(bitmap, SKEncodedImageFormat.Png, 100, "image/png");
    }

    private static (byte[] Bytes, string Type) Lighter(SKBitmap bitmap, string preview, string channel)
    {
        var wish = preview.Split(';');
        var isQuality = int.TryParse(wish[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var asked);
        var quality = isQuality ? Math.Clamp(asked, 0, 100) : DefaultQuality;
        // JPEG has no alpha, which every copy has that does not ask for rgb.
        return wish[0] == "jpeg" && channel == "rgb"
            ? Encode(bitmap, SKEncodedImageFormat.Jpeg, quality, "image/jpeg")
            : Encode(bitmap, SKEncodedImageFormat.Webp, quality, "image/webp");
    }

    /// <summary>rgb: everything is opaque. a: everything is black, and as opaque as it was.</summary>
    private static void Keep(SKBitmap bitmap, string channel)
    {
        var pixels = bitmap.GetPixelSpan();
        var kept = new byte[pixels.Length];
        pixels.CopyTo(kept);
        for (var i = 0; i < kept.Length; i += 4)
        {
            if (channel == "rgb")
                kept[i + 3] = 255;
            else
                kept.AsSpan(i, 3).Clear();
        }
        System.Runtime.InteropServices.Marshal.Copy(kept, 0, bitmap.GetPixels(), kept.Length);
    }

    private static (byte[] Bytes, string Type) Encode(SKBitmap bitmap, SKEncodedImageFormat format, int quality, string type)
    {
        using var encoded = bitmap.Encode(format, quality) ?? throw new InvalidOperationException("The picture could not be encoded.");
        return (encoded.ToArray(), type);
    }
}
