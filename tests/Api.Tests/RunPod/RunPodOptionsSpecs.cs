using WanTalk.Api.RunPod;
using WanTalk.Core.Errors;

namespace WanTalk.Api.Tests.RunPod;

/// <summary>A host says how long its front end lets a request wait; an operator may shorten that, and no more.</summary>
public sealed class RunPodOptionsSpecs
{
    [Theory]
    [InlineData(null, 200)]
    [InlineData("", 200)]
    [InlineData("1", 1)]
    [InlineData("200", 200)]
    public void The_longest_wait_is_the_hosts_or_shorter(string? text, int seconds) =>
        Assert.Equal(seconds, RunPodOptions.FromEnvironment(_ => text, 200).MostWaitSeconds);

    [Theory]
    [InlineData("0")]
    [InlineData("201")]
    [InlineData("-1")]
    [InlineData("long")]
    public void Another_one_is_refused_by_its_variable(string text)
    {
        var refused = Assert.Throws<TalkException>(() => RunPodOptions.FromEnvironment(_ => text, 200));
        Assert.Equal(ErrorCode.ArgumentInvalid, refused.Error.Code);
        Assert.Contains("WANTALK_RUNSYNC_SECONDS", refused.Error.Message, StringComparison.Ordinal);
    }
}
