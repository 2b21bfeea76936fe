using System.Runtime.InteropServices;
using WanTalk.Understudy.Speech;

namespace WanTalk.Understudy.Values;

/// <summary>An AUDIO value: interleaved 32-bit floats on disk.</summary>
internal sealed class AudioValue(ScratchFile samples, int rate, int channels) : IDisposable
{
    public ScratchFile Samples { get; } = samples;

    /// <summary>Samples a second, of each channel.</summary>
    public int Rate { get; } = rate;

    public int Channels { get; } = channels;

    /// <summary>Samples of each channel.</summary>
    public long Length => Samples.Length / (sizeof(float) * Channels);

    /// <summary>A copy of some samples.</summary>
    public AudioValue Part(long first, long length, string scratch)
    {
        var samples = new ScratchFile(scratch);
        var part = new byte[64 << 10];
        var frame = sizeof(float) * Channels;
        for (long offset = first * frame, end = (first + length) * frame; offset < end;)
        {
            var count = Samples.Read(offset, part.AsSpan(0, (int)Math.Min(part.Length, end - offset)));
            if (count == 0)
                break;
            samples.Append(part.AsSpan(0, count));
            offset += count;
        }
        return new AudioValue(samples, Rate, Channels);
    }

    public void Dispose() => Samples.Dispose();
}

/// <summary>The first channel of an <see cref="AudioValue"/>, which is what wav2vec hears.</summary>
internal sealed class FirstChannel(AudioValue audio, long length) : ISampleSource
{
    public long Length { get; } = Math.Min(length, audio.Length);

    public void Read(long start, Span<float> destination)
    {
        destination.Clear();
        var first = Math.Max(0, start);
        var last = Math.Min(Length, start + destination.Length);
        if (last <= first)
            return;
        var frames = new float[(last - first) * audio.Channels];
        audio.Samples.Read(first * audio.Channels * sizeof(float), MemoryMarshal.AsBytes(frames.AsSpan()));
        for (var i = 0; i < last - first; i++)
            destination[(int)(first - start) + i] = frames[i * audio.Channels];
    }
}
