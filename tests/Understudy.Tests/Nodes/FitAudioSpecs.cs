using CsCheck;
using WanTalk.Understudy.Nodes.Pack;

namespace WanTalk.Understudy.Tests.Nodes;

public sealed class FitAudioSpecs
{
    [Theory]
    [InlineData(1, 81)]
    [InlineData(81, 81)]
    [InlineData(82, 153)]
    [InlineData(153, 153)]
    [InlineData(154, 225)]
    [InlineData(175, 225)]
    [InlineData(425, 441)]
    public void The_frames_of_whole_windows_are_those_of_the_plan(int visible, int total) => Assert.Equal(total, FitAudioNode.FramesFor(visible, 81, 9));

    [Fact]
    public void The_rule_is_the_plans_at_every_length() => Gen.Long[1, 900_000].Sample(visible =>
        Assert.Equal((72 * Math.Max(1, (visible + 62) / 72)) + 9, FitAudioNode.FramesFor(visible, 81, 9)));

    [Fact]
    public void The_spare_samples_give_exactly_the_frames_in_the_embedding_nodes_arithmetic() => Gen.Int[1, 12_500].Sample(windows =>
    {
        var total = (72L * windows) + 9;
        Assert.Equal(total, (long)((double)((640 * total) + 40) / 16000 * 25.0));
    });
}
