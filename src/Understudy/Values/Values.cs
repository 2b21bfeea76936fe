using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using WanTalk.Media.Pictures;

namespace WanTalk.Understudy.Values;

/// <summary>An IMAGE value of one picture, and the digest that stands for it in identities.</summary>
internal sealed class PictureValue
{
    public PictureValue(RgbImage image)
    {
        Image = image;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var size = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(size, image.Width);
        BinaryPrimitives.WriteInt32LittleEndian(size.AsSpan(4), image.Height);
        hash.AppendData(size);
        hash.AppendData(image.Pixels);
        Digest = Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public RgbImage Image { get; }

    public string Digest { get; }
}

/// <summary>A loaded model: nothing but its settings, since nothing is loaded.</summary>
internal sealed record ModelValue(string Class, JsonObject Settings);

/// <summary>The stand-in for text embeddings: the prompts' digest.</summary>
internal sealed record TextValue(byte[] Digest);

/// <summary>The stand-in for CLIP vision embeddings: the picture's digest.</summary>
internal sealed record ClipValue(byte[] Digest);

/// <summary>What WanVideoImageToVideoMultiTalk gives to the sampler.</summary>
internal sealed record ImageEmbedsValue(
    PictureValue? StartImage, int Width, int Height, int WindowFrames, int MotionFrames, string ColorMatch, string Mode);

/// <summary>Audio embeddings as they were just made: rows of floats on disk.</summary>
internal sealed class EmbedsValue(ScratchFile rows, int frames, int dimensions, double audioScale, double audioCfgScale) : IDisposable
{
    public ScratchFile Rows { get; } = rows;

    public int Frames { get; } = frames;

    public int Dimensions { get; } = dimensions;

    public double AudioScale { get; } = audioScale;

    public double AudioCfgScale { get; } = audioCfgScale;

    public void Dispose() => Rows.Dispose();
}
