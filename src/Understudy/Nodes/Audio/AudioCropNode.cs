using System.Numerics;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Values;
using static WanTalk.Understudy.Nodes.InputSpec;

namespace WanTalk.Understudy.Nodes.Audio;

/// <summary>
/// AudioCrop: whole seconds, as "M:S" or as seconds alone. The real one's edges are kept: an end at or behind the last sample is moved to
/// one before the last, a start behind the end gives empty audio, a third field is not looked at.
/// </summary>
internal sealed class AudioCropNode : Node
{
    public override NodeSchema Schema { get; } = new(
        "AudioCrop", [Link("audio", "AUDIO"), Text("start_time", "0:00"), Text("end_time", "1:00")], [new OutputSpec("AUDIO", "AUDIO")])
    {
        Category = "audio",
        Module = "custom_nodes.audio-separation-nodes-comfyui",
        Description = "Crop (trim) audio to a specific start and end time.",
    };

    public override Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context) => NodeResult.Of(
        Crop(inputs.Get<AudioValue>("audio"), inputs.Text("start_time"), inputs.Text("end_time"), context.Folders.Temp));

    /// <summary>A copy of what is between two times.</summary>
    internal static AudioValue Crop(AudioValue audio, string startTime, string endTime, string scratch)
    {
        var (start, end) = (PlaceOf(startTime, audio), PlaceOf(endTime, audio));
        if (start > end)
            throw new NodeException("ValueError", "AudioCrop: Start time must be less than end time and be within the audio length.");
        return audio.Part(start, end - start, scratch);
    }

    /// <summary>The sample at a time, within the audio.</summary>
    private static long PlaceOf(string time, AudioValue audio)
    {
        var fields = time.Contains(':', StringComparison.Ordinal) ? time.Split(':') : ["00", time];
        var place = ((60 * PythonText.ToInteger(fields[0])) + PythonText.ToInteger(fields[1])) * audio.Rate;
        return (long)BigInteger.Max(0, BigInteger.Min(place, audio.Length - 1));
    }
}
