using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace WanTalk.Understudy.Values;

/// <summary>A loaded model: nothing but its settings, since nothing is loaded.</summary>
internal sealed record ModelValue(string Class, JsonObject Settings);

/// <summary>The stand-in for text embeddings: the prompts' digest.</summary>
internal sealed record TextValue(byte[] Digest);

/// <summary>The stand-in for CLIP vision embeddings: the picture's digest.</summary>
internal sealed record ClipValue(byte[] Digest);

/// <summary>A MASK value of one picture: one byte a pixel, 255 where the mask is 1.</summary>
internal sealed record MaskValue(int Width, int Height, byte[] Values)
{
    /// <summary>What a node gives that has no mask to give: nothing is masked, in the size that the real server has for it.</summary>
    public static MaskValue None { get; } = new(64, 64, new byte[64 * 64]);
}

/// <summary>What WanVideoImageToVideoMultiTalk gives to the sampler; the start image is the first of as many as were given.</summary>
internal sealed record ImageEmbedsValue(
    PictureValue? StartImage, int StartImages, int Width, int Height, int WindowFrames, int MotionFrames, string ColorMatch, string Mode);

/// <summary>Audio embeddings: one row of numbers for each frame.</summary>
internal interface IAudioRows
{
    /// <summary>Frames of the whole speech.</summary>
    long TotalFrames { get; }

    /// <summary>Reads the rows of some frames, counted over the whole speech.</summary>
    float[] ReadRows(long first, int frames);
}

/// <summary>Audio embeddings as they were just made: rows of floats on disk.</summary>
internal sealed class EmbedsValue(ScratchFile rows, int frames, int dimensions, double audioScale, double audioCfgScale)
    : IAudioRows, IDisposable
{
    public ScratchFile Rows { get; } = rows;

    public int Frames { get; } = frames;

    public int Dimensions { get; } = dimensions;

    public double AudioScale { get; } = audioScale;

    public double AudioCfgScale { get; } = audioCfgScale;

    public long TotalFrames => Frames;

    public float[] ReadRows(long first, int frames)
    {
        var values = new float[frames * Dimensions];
        Rows.Read(first * Dimensions * sizeof(float), MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    public void Dispose() => Rows.Dispose();
}
