namespace WanTalk.Understudy.Speech;

/// <summary>A radix-2 fast Fourier transform (Cooley and Tukey, 1965) of Hann-windowed samples.</summary>
internal sealed class FourierTransform
{
    private readonly int _size;
    private readonly float[] _window;
    private readonly float[] _cosine;
    private readonly float[] _sine;

    /// <param name="size">How many samples: a power of two.</param>
    public FourierTransform(int size)
    {
        _size = size;
        _window = [.. Enumerable.Range(0, size).Select(i => (float)(0.5 - (0.5 * Math.Cos(2 * Math.PI * (i + 0.5) / size))))];
        _cosine = [.. Enumerable.Range(0, size / 2).Select(i => (float)Math.Cos(2 * Math.PI * i / size))];
        _sine = [.. Enumerable.Range(0, size / 2).Select(i => (float)-Math.Sin(2 * Math.PI * i / size))];
    }

    /// <summary>Transforms the samples times the window.</summary>
    public void Windowed(ReadOnlySpan<float> samples, Span<float> real, Span<float> imaginary)
    {
        var bits = int.Log2(_size);
        for (var i = 0; i < _size; i++)
        {
            var target = (int)(ReverseBits((uint)i) >> (32 - bits));
            real[target] = samples[i] * _window[i];
        }

        imaginary.Clear();
        for (var half = 1; half < _size; half *= 2)
        {
            var stride = _size / (2 * half);
            for (var start = 0; start < _size; start += 2 * half)
            {
                for (var k = 0; k < half; k++)
                    Butterfly(real, imaginary, start + k, start + k + half, k * stride);
            }
        }
    }

    private void Butterfly(Span<float> real, Span<float> imaginary, int a, int b, int turn)
    {
        var re = (real[b] * _cosine[turn]) - (imaginary[b] * _sine[turn]);
        var im = (real[b] * _sine[turn]) + (imaginary[b] * _cosine[turn]);
        (real[b], imaginary[b]) = (real[a] - re, imaginary[a] - im);
        (real[a], imaginary[a]) = (real[a] + re, imaginary[a] + im);
    }

    private static uint ReverseBits(uint value)
    {
        value = ((value >> 1) & 0x55555555) | ((value & 0x55555555) << 1);
        value = ((value >> 2) & 0x33333333) | ((value & 0x33333333) << 2);
        value = ((value >> 4) & 0x0F0F0F0F) | ((value & 0x0F0F0F0F) << 4);
        return System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value);
    }
}
