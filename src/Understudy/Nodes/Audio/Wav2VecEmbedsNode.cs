using System.Runtime.InteropServices;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Faults;
using WanTalk.Understudy.Speech;
using WanTalk.Understudy.Values;
using static WanTalk.Understudy.Nodes.InputSpec;

namespace WanTalk.Understudy.Nodes.Audio;

/// <summary>
/// MultiTalkWav2VecEmbeds: the first channel at 16 kHz, cut to num_frames/fps seconds (never lengthened), one row for each whole frame.
/// The rows are the understudy's speech features in the place of wav2vec's.
/// </summary>
internal sealed class Wav2VecEmbedsNode : Node
{
    private const int Rate = 16000;

    public override NodeSchema Schema { get; } = new(
        "MultiTalkWav2VecEmbeds",
        [
            Link("wav2vec_model", "WAV2VECMODEL"),
            Link("audio_1", "AUDIO"),
            Flag("normalize_loudness", true),
            Int("num_frames", 81, 1, 10000, 1),
            Float("fps", 25.0, 1.0m, 60.0m, 0.1m),
            Float("audio_scale", 1.0, 0.0m, 100.0m, 0.01m),
            Float("audio_cfg_scale", 1.0, 0.0m, 100.0m, 0.01m),
            Choice("multi_audio_type", ["para", "add"], "para"),
            Link("audio_2", "AUDIO").Optional(),
            Link("audio_3", "AUDIO").Optional(),
            Link("audio_4", "AUDIO").Optional(),
            Link("ref_target_masks", "MASK").Optional(),
            Flag("add_noise_floor", false).Optional(),
            Flag("smooth_transients", false).Optional(),
        ],
        [new OutputSpec("MULTITALK_EMBEDS", "multitalk_embeds"), new OutputSpec("AUDIO", "audio"), new OutputSpec("INT", "num_frames")])
    {
        DisplayName = "Multi/InfiniteTalk Wav2vec2 Embeds",
    };

    public override async Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context)
    {
        var given = inputs.Get<AudioValue>("audio_1");
        var converted = given.Rate == Rate ? null : await AudioFiles.ConvertAsync(given, Rate, given.Channels, context.Folders.Temp, context.Stop);
        var audio = converted ?? given;
        var fps = inputs.Float("fps");
        if (fps != 25)
            throw new NodeException("ValueError", $"The understudy makes 25 frames a second, not {fps}.");
        var length = Math.Min(audio.Length, (long)(inputs.Int("num_frames") / fps * Rate));
        var frames = (int)((double)length / Rate * fps) - (context.Host.IsSpoilt(FaultKind.ShortEmbedding) ? 1 : 0);
        if (frames < 1)
            throw new NodeException("ValueError", "The audio is shorter than one frame.");
        var rows = new ScratchFile(context.Folders.Temp);
        SpeechFeatures.Extract(new FirstChannel(audio, length), frames, (_, features) => rows.Append(MemoryMarshal.AsBytes(features)), context.Stop);
        var embeds = new EmbedsValue(rows, frames, SpeechFeatures.Dimensions, inputs.Float("audio_scale"), inputs.Float("audio_cfg_scale"));
        return new NodeResult([embeds, audio, (decimal)frames]);
    }
}
