using System.Buffers.Binary;
using System.Security.Cryptography;
using WanTalk.Media.Pictures;

namespace WanTalk.Understudy.Values;

/// <summary>
/// An IMAGE value: one frame or many, all of one size, R G B bytes. Frames are read one at a time, since a video must not be in memory.
/// A value may be held from several sides; what it has on disk goes when the last one lets go of it.
/// </summary>
internal abstract class ImageValue(int width, int height, int count) : IDisposable
{
    private int _holders = 1;

    public int Width { get; } = width;

    public int Height { get; } = height;

    /// <summary>How many frames there are, at least one.</summary>
    public int Count { get; } = count;

    /// <summary>The bytes of a frame.</summary>
    public int FrameBytes => 3 * Width * Height;

    /// <summary>Reads a frame into as many bytes as a frame has.</summary>
    public abstract void Read(int frame, Span<byte> rgb24);

    /// <summary>A copy of a frame.</summary>
    public virtual RgbImage Picture(int frame)
    {
        var pixels = new byte[FrameBytes];
        Read(frame, pixels);
        return new RgbImage(Width, Height, pixels);
    }

    /// <summary>Takes hold of the value; each holder disposes it once.</summary>
    public ImageValue Share()
    {
        Interlocked.Increment(ref _holders);
        return this;
    }

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
            Free();
    }

    protected virtual void Free()
    {
    }
}

/// <summary>One picture in memory, and the digest that stands for it in identities.</summary>
internal sealed class PictureValue : ImageValue
{
    public PictureValue(RgbImage image)
        : base(image.Width, image.Height, 1)
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

    /// <summary>The first frame of an image, in memory.</summary>
    public static PictureValue FirstOf(ImageValue image) => image as PictureValue ?? new PictureValue(image.Picture(0));

    public override void Read(int frame, Span<byte> rgb24) => Image.Pixels.CopyTo(rgb24);

    public override RgbImage Picture(int frame) => Image;
}

/// <summary>Frames on disk, one behind the other.</summary>
internal sealed class FramesValue(ScratchFile pixels, int width, int height)
    : ImageValue(width, height, (int)(pixels.Length / (3L * width * height)))
{
    public override void Read(int frame, Span<byte> rgb24)
    {
        if (pixels.Read((long)frame * FrameBytes, rgb24[..FrameBytes]) != FrameBytes)
            throw new EndOfStreamException($"Frame {frame} of {Count} is not whole.");
    }

    protected override void Free() => pixels.Dispose();
}

/// <summary>Frames of another image in order, from one on, and from its beginning again when they run out.</summary>
internal sealed class FrameRange(ImageValue source, int first, int count) : ImageValue(source.Width, source.Height, count)
{
    private readonly ImageValue _source = source.Share();

    public override void Read(int frame, Span<byte> rgb24) => _source.Read(Place(frame), rgb24);

    public override RgbImage Picture(int frame) => _source.Picture(Place(frame));

    protected override void Free() => _source.Dispose();

    private int Place(int frame) => (int)((first + (long)frame) % _source.Count);
}

/// <summary>The LATENT of the sampler: the understudy draws frames where the real one has numbers.</summary>
internal sealed class LatentValue(ImageValue frames) : IDisposable
{
    public ImageValue Frames { get; } = frames;

    public void Dispose() => Frames.Dispose();
}
