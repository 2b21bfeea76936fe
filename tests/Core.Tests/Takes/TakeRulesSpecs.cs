using WanTalk.Core.Errors;
using WanTalk.Core.Takes;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Tests.Takes;

public class TakeRulesSpecs
{
    [Theory]
    [InlineData(null, null, Continuity.Continuous)]
    [InlineData("continuous", null, Continuity.Continuous)]
    [InlineData("takes", null, Continuity.Takes)]
    [InlineData("takes", TakeLimits.MinSeconds, Continuity.Takes)]
    [InlineData("takes", TakeLimits.MaxSeconds, Continuity.Takes)]
    public void What_can_be_is_taken(string? continuity, double? seconds, Continuity expected)
    {
        var draft = new TalkDraft { Continuity = continuity, TakeSeconds = seconds };
        Assert.Empty(TakeRules.Validate(draft));
        Assert.Equal(expected, TakeRules.ContinuityOf(draft));
    }

    [Theory]
    [InlineData("Takes", null, ErrorCode.SettingOutOfRange)]
    [InlineData("", null, ErrorCode.SettingOutOfRange)]
    [InlineData("takes", 3.9, ErrorCode.SettingOutOfRange)]
    [InlineData("takes", 601.0, ErrorCode.SettingOutOfRange)]
    [InlineData("takes", double.NaN, ErrorCode.SettingOutOfRange)]
    [InlineData(null, 20.0, ErrorCode.SettingsConflict)]
    [InlineData("continuous", 20.0, ErrorCode.SettingsConflict)]
    public void What_cannot_be_is_refused_with_what_to_give(string? continuity, double? seconds, ErrorCode code)
    {
        var problem = Assert.Single(TakeRules.Validate(new TalkDraft { Continuity = continuity, TakeSeconds = seconds }));
        Assert.Equal(code, problem.Code);
        Assert.Contains("Give ", problem.Message);
    }

    [Fact]
    public void A_workflow_of_ones_own_is_not_cut_into_takes() =>
        Assert.Equal(ErrorCode.SettingsConflict, Assert.Single(TakeRules.Validate(new TalkDraft { Continuity = "takes", Workflow = "{}" })).Code);
}
