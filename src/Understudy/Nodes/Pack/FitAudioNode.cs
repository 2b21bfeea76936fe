using System.Runtime.InteropServices;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Nodes.Audio;
using WanTalk.Understudy.Values;
using static WanTalk.Understudy.Nodes.InputSpec;

namespace WanTalk.Understudy.Nodes.Pack;

/// <summary>
/// WanTalkFitAudio: mono at 16 kHz, lengthened with silence (or cut) so that the embedding has exactly as many rows as whole windows need.
/// With W frames in a window and M shared: n = max(1, ceil((F - M) / (W - M))), T = (W - M)·n + M, 640·T + 40 samples; the 40 keep the
/// embedding node's floating-point arithmetic from losing a frame, and num_frames = T + 1 keeps it from cutting.
/// </summary>
internal sealed class FitAudioNode : Node
{
    private const int Rate = 16000;
    private const int SamplesPerFrame = 640;
    private const int SpareSamples = 40;

    public override NodeSchema Schema { get; } = PackSchema.Of(
        "WanTalkFitAudio",
        [
            Link("audio", "AUDIO"),
            Int("visible_frames", 81, 1, 10_000_000),
            Int("frame_window_size", 81, 2, 10_000),
            Int("motion_frame", 9, 1, 9_999),
        ],
        [new OutputSpec("AUDIO", "audio"), new OutputSpec("INT", "num_frames"), new OutputSpec("INT", "expected_frames")],
        description: "Pads speech with silence to whole windows, so that no window hears the wrapper's canned silence.");

    public override async Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context)
    {
        var (window, shared) = (inputs.Int("frame_window_size"), inputs.Int("motion_frame"));
        if (shared >= window)
            throw PackRefusal.Other($"motion_frame {shared} must be less than frame_window_size {window}.");
        var audio = inputs.Get<AudioValue>("audio");
        FiniteValues.Demand(audio);
        var total = FramesFor(inputs.Int("visible_frames"), window, shared);
        var mono = await AudioFiles.ConvertAsync(audio, Rate, 1, context.Folders.Temp, context.Stop);
        using (mono)
        {
            var fitted = Fit(mono, (SamplesPerFrame * total) + SpareSamples, context);
            return new NodeResult([fitted, (decimal)(total + 1), (decimal)total]);
        }
    }

    /// <summary>The frames of as many whole windows as the visible frames need.</summary>
    internal static long FramesFor(long visible, long window, long shared)
    {
        var stride = window - shared;
        return (stride * Math.Max(1, (visible - shared + stride - 1) / stride)) + shared;
    }

    private static AudioValue Fit(AudioValue mono, long length, NodeContext context)
    {
        var samples = new ScratchFile(context.Folders.Temp);
        var source = new FirstChannel(mono, mono.Length);
        var part = new float[16 << 10];
        for (long done = 0; done < length; done += part.Length)
        {
            var now = part.AsSpan(0, (int)Math.Min(part.Length, length - done));
            source.Read(done, now);
            samples.Append(MemoryMarshal.AsBytes(now));
        }
        return new AudioValue(samples, Rate, 1);
    }
}
