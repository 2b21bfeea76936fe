using CsCheck;
using WanTalk.Core.Errors;
using WanTalk.Core.Owners;

namespace WanTalk.Core.Tests.Owners;

public class ApiKeysSpecs
{
    [Fact]
    public void A_key_is_its_callers_and_no_others()
    {
        var (first, second) = (ApiKeys.New(), ApiKeys.New());
        var keys = ApiKeys.Parse($"alice={ApiKeys.HashOf(first)};rate=60;talks=4, bob={ApiKeys.HashOf(second).ToUpperInvariant()}");

        Assert.Equal(new Caller("alice", new CallerLimits(60, 4)), keys.Find(first));
        Assert.Equal(new Caller("bob", CallerLimits.None), keys.Find(second));
        Assert.Null(keys.Find(first[..^1]));
        Assert.Null(keys.Find(""));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" , ")]
    public void Without_keys_none_are_wanted(string? setting) => Assert.False(ApiKeys.Parse(setting).AreWanted);

    [Theory]
    [InlineData("alice")]
    [InlineData("alice=secret")]
    [InlineData("Alice=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("a/b=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("alice=0000000000000000000000000000000000000000000000000000000000000000;rate=0")]
    [InlineData("alice=0000000000000000000000000000000000000000000000000000000000000000;rate=1;rate=2")]
    [InlineData("alice=0000000000000000000000000000000000000000000000000000000000000000;speed=1")]
    [InlineData("alice=0000000000000000000000000000000000000000000000000000000000000000;talks=200000")]
    public void A_wrong_setting_is_refused_without_showing_it(string setting)
    {
        var refused = Assert.Throws<TalkException>(() => ApiKeys.Parse(setting));
        Assert.StartsWith("argument_invalid: WANTALK_API_KEYS", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_are_long_and_never_the_same()
    {
        var keys = Enumerable.Range(0, 100).Select(_ => ApiKeys.New()).ToHashSet();
        Assert.Equal(100, keys.Count);
        Assert.All(keys, key => Assert.Equal(67, key.Length));
    }

    [Fact]
    public void Any_setting_is_read_or_refused() => Gen.String[Gen.Char["ab=;,0 rate\n"], 0, 90].Sample(setting =>
    {
        try
        {
            ApiKeys.Parse(setting);
        }
        catch (TalkException refused)
        {
            Assert.Equal(ErrorCode.ArgumentInvalid, refused.Error.Code);
        }
    });
}
