using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SkiaSharp;

namespace WanTalk.Understudy.Tests.Replay;

/// <summary>Binary messages as JSON, so that they can be compared with others: of a picture, its format and size are looked at.</summary>
public static class BinaryMessage
{
    public const string Type = "binary";

    public static JsonObject Describe(ReadOnlySpan<byte> message)
    {
        var kind = BinaryPrimitives.ReadInt32BigEndian(message);
        var rest = message[8..];
        var second = BinaryPrimitives.ReadInt32BigEndian(message[4..]);
        var data = kind switch
        {
            1 => new JsonObject { ["format"] = second, ["picture"] = Picture(rest) },
            3 => new JsonObject { ["node"] = Encoding.UTF8.GetString(rest[..second]), ["html"] = Encoding.UTF8.GetString(rest[second..]) },
            4 => new JsonObject { ["about"] = JsonNode.Parse(rest[..second]), ["picture"] = Picture(rest[second..]) },
            _ => [],
        };
        data["kind"] = kind;
        return new JsonObject { ["type"] = Type, ["data"] = data };
    }

    /// <summary>What a picture is: "Jpeg 16x16"; and of a lossless one, its pixels.</summary>
    public static string Picture(ReadOnlySpan<byte> bytes)
    {
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data);
        if (codec is null)
            return "no picture";
        var name = $"{codec.EncodedFormat} {codec.Info.Width}x{codec.Info.Height}";
        if (codec.EncodedFormat != SKEncodedImageFormat.Png)
            return name;
        using var bitmap = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        return $"{name} of {Convert.ToHexString(SHA256.HashData(bitmap.GetPixelSpan()))[..16]}";
    }
}
