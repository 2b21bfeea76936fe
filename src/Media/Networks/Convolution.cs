using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace WanTalk.Media.Networks;

/// <summary>
/// A convolution: for each place and each output channel the sum of what the window sees, times weights. Four places and sixteen
/// channels are summed at once. Sums run in a fixed order with fused multiply-adds, which round alike on every processor.
/// </summary>
internal sealed class Convolution
{
    private const int Channels = 2 * Plane.Lanes;
    private const int Places = 4;
    private readonly Plane _input;
    private readonly Plane _output;
    private readonly Window _down;
    private readonly Window _across;
    private readonly int _terms;
    private readonly float[] _weights;
    private readonly float[] _biases;
    private readonly float[] _seen;

    /// <summary>Prepares the weights.</summary>
    /// <param name="input">What is seen.</param>
    /// <param name="output">Receives the sums.</param>
    /// <param name="down">How the window goes down.</param>
    /// <param name="across">How the window goes across.</param>
    /// <param name="weights">Output channels x window height x window width x input channels.</param>
    /// <param name="biases">One for each output channel.</param>
    public Convolution(Plane input, Plane output, Window down, Window across, float[] weights, float[] biases)
    {
        (_input, _output, _down, _across) = (input, output, down, across);
        _terms = down.Size * across.Size * input.Channels;
        var blocks = (output.Channels + Channels - 1) / Channels;
        _weights = new float[blocks * _terms * Channels];
        _biases = new float[blocks * Channels];
        _seen = new float[Places * _terms];
        biases.CopyTo(_biases, 0);
        for (var channel = 0; channel < output.Channels; channel++)
        {
            var block = channel / Channels * _terms * Channels;
            for (var term = 0; term < _terms; term++)
                _weights[block + (term * Channels) + (channel % Channels)] = weights[(channel * _terms) + term];
        }
    }

    public void Run()
    {
        var count = _output.Height * _output.Width;
        Span<float> sums = stackalloc float[Places * Channels];
        for (var first = 0; first < count; first += Places)
        {
            var places = Math.Min(Places, count - first);
            for (var i = 0; i < places; i++)
                Gather(first + i, _seen.AsSpan(i * _terms, _terms));
            for (var channel = 0; channel < _output.Channels; channel += Channels)
            {
                Sum(channel, sums);
                var width = Math.Min(Channels, _output.Stride - channel);
                for (var i = 0; i < places; i++)
                    sums.Slice(i * Channels, width).CopyTo(_output.Values.AsSpan(((first + i) * _output.Stride) + channel, width));
            }
        }
    }

    private void Gather(int place, Span<float> seen)
    {
        var top = (place / _output.Width * _down.Step) - _down.Before;
        var left = (place % _output.Width * _across.Step) - _across.Before;
        var channels = _input.Channels;
        for (var y = top; y < top + _down.Size; y++)
        {
            for (var x = left; x < left + _across.Size; x++, seen = seen[channels..])
            {
                if (y < 0 || x < 0 || y >= _input.Height || x >= _input.Width)
                    seen[..channels].Clear();
                else
                    _input.Values.AsSpan(((y * _input.Width) + x) * _input.Stride, channels).CopyTo(seen);
            }
        }
    }

    private void Sum(int channel, Span<float> sums)
    {
        ref var weights = ref MemoryMarshal.GetReference(_weights.AsSpan(channel * _terms, _terms * Channels));
        ref var seen = ref MemoryMarshal.GetArrayDataReference(_seen);
        var terms = (nuint)_terms;
        var a0 = Vector256.Create<float>(_biases.AsSpan(channel, Plane.Lanes));
        var b0 = Vector256.Create<float>(_biases.AsSpan(channel + Plane.Lanes, Plane.Lanes));
        var (a1, a2, a3, b1, b2, b3) = (a0, a0, a0, b0, b0, b0);
        for (nuint term = 0; term < terms; term++)
        {
            var a = Vector256.LoadUnsafe(ref weights, term * Channels);
            var b = Vector256.LoadUnsafe(ref weights, (term * Channels) + Plane.Lanes);
            var s0 = Vector256.Create(System.Runtime.CompilerServices.Unsafe.Add(ref seen, term));
            var s1 = Vector256.Create(System.Runtime.CompilerServices.Unsafe.Add(ref seen, terms + term));
            var s2 = Vector256.Create(System.Runtime.CompilerServices.Unsafe.Add(ref seen, (2 * terms) + term));
            var s3 = Vector256.Create(System.Runtime.CompilerServices.Unsafe.Add(ref seen, (3 * terms) + term));
            (a0, b0) = (Vector256.FusedMultiplyAdd(s0, a, a0), Vector256.FusedMultiplyAdd(s0, b, b0));
            (a1, b1) = (Vector256.FusedMultiplyAdd(s1, a, a1), Vector256.FusedMultiplyAdd(s1, b, b1));
            (a2, b2) = (Vector256.FusedMultiplyAdd(s2, a, a2), Vector256.FusedMultiplyAdd(s2, b, b2));
            (a3, b3) = (Vector256.FusedMultiplyAdd(s3, a, a3), Vector256.FusedMultiplyAdd(s3, b, b3));
        }

        Store(sums, 0, a0, b0);
        Store(sums, 1, a1, b1);
        Store(sums, 2, a2, b2);
        Store(sums, 3, a3, b3);
    }

    private static void Store(Span<float> sums, int place, Vector256<float> a, Vector256<float> b)
    {
        a.CopyTo(sums[(place * Channels)..]);
        b.CopyTo(sums[((place * Channels) + Plane.Lanes)..]);
    }
}
