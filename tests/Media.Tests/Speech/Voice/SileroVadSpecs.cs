using System.Runtime.InteropServices;
using WanTalk.Media.Speech.Voice;
using WanTalk.Media.Tests.Faces;
using WanTalk.Media.Tests.Support;

namespace WanTalk.Media.Tests.Speech.Voice;

/// <summary>The network against what ONNX Runtime 1.31.1 gave for the same weights and the repository's sample speech at 16 kHz.</summary>
public sealed class SileroVadSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_computes_what_ONNX_Runtime_computes()
    {
        double[] expected =
        [
            0.010376662, 0.99994934, 0.99696624, 0.9999536, 0.9999901, 0.93312466, 0.9999168, 0.9999963, 0.99999917, 0.9999975, 0.034585476,
            0.99765337, 0.9999783, 0.24299967, 0.99999225, 0.99806035, 0.99996006, 0.013197869,
        ];
        var heard = Hear(new SileroVad(), await SampleAsync());

        Assert.Equal(278, heard.Count);
        Assert.All(expected.Select((value, i) => (value, i)), number => Assert.Equal(number.value, heard[16 * number.i], 2e-3));
    }

    [Fact]
    public async Task The_same_speech_gives_the_very_same_numbers()
    {
        var sample = await SampleAsync();

        Assert.Equal(Hear(new SileroVad(), sample), Hear(new SileroVad(), sample));
    }

    private async Task<float[]> SampleAsync()
    {
        await Tools.FfmpegAsync("-i {0} -ac 1 -ar 16000 -f f32le {1}", SamplePortrait.FileOf("speech.wav"), _folder["speech.f32"]);
        return MemoryMarshal.Cast<byte, float>(await File.ReadAllBytesAsync(_folder["speech.f32"], Tools.Token)).ToArray();
    }

    private static List<float> Hear(SileroVad network, float[] samples) =>
        [.. samples.Chunk(SileroVad.FrameSamples).Where(frame => frame.Length == SileroVad.FrameSamples).Select(frame => network.Next(frame))];
}
