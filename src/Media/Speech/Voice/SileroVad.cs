using WanTalk.Media.Networks;

namespace WanTalk.Media.Speech.Voice;

/// <summary>
/// Silero VAD version 6 at 16 kHz: tells for each 32 ms how likely it is that somebody speaks, and remembers what it heard before.
/// <code>
///   64 samples of before + 512 + 64 mirrored ─ STFT (256, every 128; 129 magnitudes) ─ 4 convolutions ─ LSTM of 128 ─ 1 probability
/// </code>
/// The same samples give the same numbers on one machine. One speech at a time.
/// </summary>
internal sealed class SileroVad
{
    /// <summary>Samples of one step.</summary>
    public const int FrameSamples = 512;

    private const int Context = 64;
    private const int Hop = 128;
    private const int Bins = 129;
    private const int Hidden = 128;
    private const int Gates = 4 * Hidden;
    private static readonly Window Still = new(1, 1, 0);
    private readonly Plane _sound = new(1, (Context + FrameSamples + Context) / Hop, Hop);
    private readonly Plane _spectrum;
    private readonly Plane _magnitudes;
    private readonly Convolution _fourier;
    private readonly (Convolution Convolution, Plane Output)[] _encoder;
    private readonly Plane _heard = new(1, 1, 2 * Hidden);
    private readonly Plane _gates = new(1, 1, Gates);
    private readonly Convolution _recurrent;
    private readonly float[] _cell = new float[Hidden];
    private readonly float[] _decoder;
    private readonly float _decoderBias;

    /// <summary>Reads the weights; nothing was heard yet.</summary>
    public SileroVad()
    {
        var weights = new SileroWeights();
        var places = _sound.Width - 1;
        _spectrum = new Plane(1, places, 2 * Bins);
        _magnitudes = new Plane(1, places, Bins);
        _fourier = new Convolution(_sound, _spectrum, Still, new Window(2, 1, 0), weights.Next(2 * Bins * 2 * Hop), new float[2 * Bins]);
        var (first, second) = (new Plane(1, places, 128), new Plane(1, places / 2, 64));
        var (third, fourth) = (new Plane(1, places / 4, 64), new Plane(1, places / 4, 128));
        _encoder =
        [
            Layer(weights, _magnitudes, first, 1), Layer(weights, first, second, 2), Layer(weights, second, third, 2), Layer(weights, third, fourth, 1),
        ];
        var (input, hidden) = (weights.Next(Gates * Hidden), weights.Next(Gates * Hidden));
        var biases = weights.Next(Gates).Zip(weights.Next(Gates), (ofInput, ofHidden) => ofInput + ofHidden).ToArray();
        var both = input.Chunk(Hidden).Zip(hidden.Chunk(Hidden)).SelectMany(rows => rows.First.Concat(rows.Second)).ToArray();
        _recurrent = new Convolution(_heard, _gates, Still, Still, both, biases);
        _decoder = weights.Next(Hidden);
        _decoderBias = weights.Next(1)[0];
    }

    /// <summary>Hears the next 32 ms.</summary>
    /// <param name="samples">Exactly <see cref="FrameSamples"/>, from -1 to 1.</param>
    /// <returns>How likely it is that somebody speaks, 0..1.</returns>
    public float Next(ReadOnlySpan<float> samples)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(samples.Length, FrameSamples);
        var sound = _sound.Values.AsSpan(0, Context + FrameSamples + Context);
        sound.Slice(FrameSamples, Context).CopyTo(sound);
        samples.CopyTo(sound[Context..]);
        for (var i = 0; i < Context; i++)
            sound[Context + FrameSamples + i] = sound[Context + FrameSamples - 2 - i];
        _fourier.Run();
        Measure();
        foreach (var (convolution, output) in _encoder)
        {
            convolution.Run();
            PlaneOperations.Relu(output, output);
        }

        _encoder[^1].Output.Values.AsSpan(0, Hidden).CopyTo(_heard.Values);
        _recurrent.Run();
        return Decide();
    }

    private static (Convolution Convolution, Plane Output) Layer(SileroWeights weights, Plane input, Plane output, int step)
    {
        var numbers = weights.NextTurned(output.Channels, input.Channels, 3);
        return (new Convolution(input, output, Still, new Window(3, step, 1), numbers, weights.Next(output.Channels)), output);
    }

    private void Measure()
    {
        for (var place = 0; place < _spectrum.Width; place++)
        {
            var parts = _spectrum.Values.AsSpan(place * _spectrum.Stride, 2 * Bins);
            var sizes = _magnitudes.Values.AsSpan(place * _magnitudes.Stride, Bins);
            for (var bin = 0; bin < Bins; bin++)
                sizes[bin] = MathF.Sqrt((parts[bin] * parts[bin]) + (parts[Bins + bin] * parts[Bins + bin]));
        }
    }

    /// <summary>The LSTM's gates (in PyTorch's order: input, forget, cell, output), and the one output behind them.</summary>
    private float Decide()
    {
        ReadOnlySpan<float> gates = _gates.Values.AsSpan(0, Gates);
        var hidden = _heard.Values.AsSpan(Hidden, Hidden);
        var sum = _decoderBias;
        for (var i = 0; i < Hidden; i++)
        {
            _cell[i] = (Sigmoid(gates[Hidden + i]) * _cell[i]) + (Sigmoid(gates[i]) * MathF.Tanh(gates[(2 * Hidden) + i]));
            hidden[i] = Sigmoid(gates[(3 * Hidden) + i]) * MathF.Tanh(_cell[i]);
            sum += _decoder[i] * MathF.Max(hidden[i], 0);
        }

        return Sigmoid(sum);
    }

    private static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));
}
