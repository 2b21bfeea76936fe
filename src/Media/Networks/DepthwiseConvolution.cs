using System.Runtime.Intrinsics;

namespace WanTalk.Media.Networks;

/// <summary>A convolution of each channel with weights of its own: eight channels at a time.</summary>
internal sealed class DepthwiseConvolution
{
    private readonly Plane _input;
    private readonly Plane _output;
    private readonly Window _down;
    private readonly Window _across;
    private readonly float[] _weights;
    private readonly float[] _biases;

    /// <summary>Prepares the weights.</summary>
    /// <param name="input">What is seen.</param>
    /// <param name="output">Receives the sums.</param>
    /// <param name="down">How the window goes down.</param>
    /// <param name="across">How the window goes across.</param>
    /// <param name="weights">Window height x window width x channels.</param>
    /// <param name="biases">One for each channel.</param>
    public DepthwiseConvolution(Plane input, Plane output, Window down, Window across, float[] weights, float[] biases)
    {
        (_input, _output, _down, _across) = (input, output, down, across);
        var channels = output.Channels;
        _biases = new float[output.Stride];
        biases.CopyTo(_biases, 0);
        _weights = new float[down.Size * across.Size * output.Stride];
        for (var term = 0; term < down.Size * across.Size; term++)
            weights.AsSpan(term * channels, channels).CopyTo(_weights.AsSpan(term * output.Stride));
    }

    public void Run()
    {
        for (var y = 0; y < _output.Height; y++)
        {
            for (var x = 0; x < _output.Width; x++)
            {
                for (var channel = 0; channel < _output.Stride; channel += Plane.Lanes)
                    Sum(y, x, channel).CopyTo(_output.Values.AsSpan((((y * _output.Width) + x) * _output.Stride) + channel));
            }
        }
    }

    private Vector256<float> Sum(int y, int x, int channel)
    {
        var sum = Vector256.Create<float>(_biases.AsSpan(channel, Plane.Lanes));
        var (top, left) = ((y * _down.Step) - _down.Before, (x * _across.Step) - _across.Before);
        var (firstY, lastY) = (Math.Max(-top, 0), Math.Min(_down.Size, _input.Height - top));
        var (firstX, lastX) = (Math.Max(-left, 0), Math.Min(_across.Size, _input.Width - left));
        for (var i = firstY; i < lastY; i++)
        {
            for (var j = firstX; j < lastX; j++)
            {
                var seen = Vector256.Create<float>(
                    _input.Values.AsSpan(((((top + i) * _input.Width) + left + j) * _input.Stride) + channel, Plane.Lanes));
                var weight = Vector256.Create<float>(
                    _weights.AsSpan((((i * _across.Size) + j) * _output.Stride) + channel, Plane.Lanes));
                sum = Vector256.FusedMultiplyAdd(seen, weight, sum);
            }
        }

        return sum;
    }
}
