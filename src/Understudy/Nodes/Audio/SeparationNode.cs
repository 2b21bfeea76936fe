using System.Runtime.InteropServices;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Faults;
using WanTalk.Understudy.Values;
using static WanTalk.Understudy.Nodes.InputSpec;

namespace WanTalk.Understudy.Nodes.Audio;

/// <summary>
/// AudioSeparation as a preview: all of the sound counts as vocals, and the other three are silence. The edges are the real ones: always
/// 44.1 kHz stereo, not-a-number for silence (the real one divides by the standard deviation), zeros below a tenth of a second.
/// </summary>
internal sealed class SeparationNode : Node
{
    private const int Rate = 44100;

    public override NodeSchema Schema { get; } = new(
        "AudioSeparation",
        [
            Link("audio", "AUDIO"),
            Choice("chunk_fade_shape", ["linear", "half_sine", "logarithmic", "exponential"], "linear").Optional(),
            Float("chunk_length", 10.0).Optional(),
            Float("chunk_overlap", 0.1).Optional(),
        ],
        [new OutputSpec("AUDIO", "Bass"), new OutputSpec("AUDIO", "Drums"), new OutputSpec("AUDIO", "Other"), new OutputSpec("AUDIO", "Vocals")])
    {
        Category = "audio",
        Module = "custom_nodes.audio-separation-nodes-comfyui",
        Description = "Separate audio into four sources: bass, drums, other, and vocals.",
    };

    public override async Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context)
    {
        var stems = await SeparateAsync(inputs.Get<AudioValue>("audio"), context.Folders.Temp, context.Stop);
        if (context.Host.IsSpoilt(FaultKind.NanVocals))
        {
            using var vocals = stems[^1];
            stems[^1] = Filled(vocals, float.NaN, context.Folders.Temp);
        }
        return new NodeResult([.. stems]);
    }

    /// <summary>Bass, drums, other and vocals.</summary>
    internal static async Task<AudioValue[]> SeparateAsync(AudioValue audio, string scratch, CancellationToken cancellationToken)
    {
        var whole = await AudioFiles.ConvertAsync(audio, Rate, 2, scratch, cancellationToken);
        var tooShort = whole.Length < Rate / 10;
        if (!tooShort && !IsConstant(whole))
            return [Filled(whole, 0, scratch), Filled(whole, 0, scratch), Filled(whole, 0, scratch), whole];
        using (whole)
        {
            var value = tooShort ? 0 : float.NaN;
            return [.. Enumerable.Range(0, 4).Select(_ => Filled(whole, value, scratch))];
        }
    }

    private static bool IsConstant(AudioValue audio)
    {
        var samples = new float[16 << 10];
        float? first = null;
        for (long offset = 0; offset < audio.Samples.Length;)
        {
            var count = audio.Samples.Read(offset, MemoryMarshal.AsBytes(samples.AsSpan()));
            foreach (var sample in samples.AsSpan(0, count / sizeof(float)))
            {
                if (sample != (first ??= sample))
                    return false;
            }
            offset += count;
        }
        return true;
    }

    private static AudioValue Filled(AudioValue like, float value, string scratch)
    {
        var samples = new ScratchFile(scratch);
        var part = new float[16 << 10];
        part.AsSpan().Fill(value);
        for (var left = like.Samples.Length; left > 0;)
        {
            var bytes = MemoryMarshal.AsBytes<float>(part);
            bytes = bytes[..(int)Math.Min(bytes.Length, left)];
            samples.Append(bytes);
            left -= bytes.Length;
        }
        return new AudioValue(samples, like.Rate, like.Channels);
    }
}
