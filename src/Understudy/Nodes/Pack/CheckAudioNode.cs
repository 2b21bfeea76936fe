using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Values;
using static WanTalk.Understudy.Nodes.InputSpec;

namespace WanTalk.Understudy.Nodes.Pack;

/// <summary>WanTalkCheckAudio: hands audio on as it is, if it has samples and all of them are numbers. Silence is no fault.</summary>
internal sealed class CheckAudioNode : Node
{
    public override NodeSchema Schema { get; } = PackSchema.Of(
        "WanTalkCheckAudio",
        [Link("audio", "AUDIO")],
        [new OutputSpec("AUDIO", "audio")],
        description: "Refuses audio that is empty or has values that are no numbers, before it is stored.");

    public override Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context)
    {
        var audio = inputs.Get<AudioValue>("audio");
        FiniteValues.Demand(audio);
        return NodeResult.Of(audio);
    }
}
