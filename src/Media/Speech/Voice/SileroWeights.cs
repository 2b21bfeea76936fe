using System.Buffers.Binary;

namespace WanTalk.Media.Speech.Voice;

/// <summary>Reads the tensors of <c>Models/silero_vad_16k.f32</c>, one behind the other; <c>ORIGIN.md</c> beside it lists them.</summary>
internal sealed class SileroWeights
{
    private readonly byte[] _file;
    private int _at;

    public SileroWeights()
    {
        const string Name = "WanTalk.Media.Speech.Voice.Models.silero_vad_16k.f32";
        using var stream = typeof(SileroWeights).Assembly.GetManifestResourceStream(Name)
            ?? throw new InvalidOperationException($"{Name} is not among the assembly's resources.");
        _file = new byte[stream.Length];
        stream.ReadExactly(_file);
    }

    /// <summary>The next numbers as they are stored.</summary>
    public float[] Next(int count)
    {
        var numbers = new float[count];
        for (var i = 0; i < count; i++, _at += sizeof(float))
            numbers[i] = BinaryPrimitives.ReadSingleLittleEndian(_file.AsSpan(_at));
        return numbers;
    }

    /// <summary>A convolution's numbers, stored as outputs x inputs x size, turned to outputs x size x inputs.</summary>
    public float[] NextTurned(int outputs, int inputs, int size)
    {
        var stored = Next(outputs * inputs * size);
        var turned = new float[stored.Length];
        for (var at = 0; at < stored.Length; at++)
        {
            var (output, input, place) = (at / (inputs * size), at / size % inputs, at % size);
            turned[(((output * size) + place) * inputs) + input] = stored[at];
        }

        return turned;
    }
}
