using WanTalk.Core.Errors;
using WanTalk.Storage.R2;

namespace WanTalk.Storage.Tests.R2;

/// <summary>What is missing or wrong in the settings is named before a talk begins, all of it at once.</summary>
public sealed class R2OptionsSpecs
{
    private static readonly Dictionary<string, string> _right = new()
    {
        ["R2_ENDPOINT_URL"] = "https://0123456789abcdef.r2.cloudflarestorage.com",
        ["R2_ACCESS_KEY_ID"] = "id",
        ["R2_SECRET_ACCESS_KEY"] = "a secret",
        ["R2_BUCKET_NAME"] = "talks",
    };

    [Fact]
    public void Four_variables_are_enough_for_signed_addresses_of_a_week()
    {
        var options = R2Options.FromEnvironment(_right.GetValueOrDefault);

        options.Check();
        Assert.Equal("https://0123456789abcdef.r2.cloudflarestorage.com/talks", options.Address.AbsoluteUri);
        Assert.Null(options.PublicUrl);
        Assert.Equal(TimeSpan.FromDays(7), options.SignedUrlLifetime);
    }

    [Fact]
    public void All_that_is_missing_is_named_at_once() => Assert.Equal(
        "Publishing to R2 needs R2_ENDPOINT_URL, R2_ACCESS_KEY_ID, R2_SECRET_ACCESS_KEY, R2_BUCKET_NAME; set what is missing.",
        Refused([]).Message);

    [Theory]
    [InlineData("R2_SECRET_ACCESS_KEY", "", "needs R2_SECRET_ACCESS_KEY;")]
    [InlineData("R2_ENDPOINT_URL", "r2.cloudflarestorage.com", "R2_ENDPOINT_URL is 'r2.cloudflarestorage.com', which is no https:// address.")]
    [InlineData("R2_ENDPOINT_URL", "https://a.r2.cloudflarestorage.com/talks", "belongs in R2_BUCKET_NAME")]
    [InlineData("R2_BUCKET_NAME", "My Talks", "R2_BUCKET_NAME is 'My Talks'")]
    [InlineData("R2_PUBLIC_URL", "pub-1.r2.dev", "R2_PUBLIC_URL is 'pub-1.r2.dev', which is no https:// address.")]
    [InlineData("R2_SIGNED_URL_HOURS", "169", "R2_SIGNED_URL_HOURS is '169'; give 1 to 168 hours.")]
    [InlineData("R2_SIGNED_URL_HOURS", "0", "R2_SIGNED_URL_HOURS is '0'")]
    [InlineData("R2_SIGNED_URL_HOURS", "a day", "R2_SIGNED_URL_HOURS is 'a day'")]
    public void What_is_wrong_is_said_by_its_variable(string name, string value, string said)
    {
        var refused = Refused(new(_right) { [name] = value });

        Assert.Equal(ErrorCode.ArgumentInvalid, refused.Code);
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("a secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_wrong_ones_are_said_together()
    {
        var message = Refused(new() { ["R2_ENDPOINT_URL"] = "here", ["R2_BUCKET_NAME"] = "X", ["R2_SIGNED_URL_HOURS"] = "-1" }).Message;

        Assert.All(
            (string[])["needs R2_ACCESS_KEY_ID, R2_SECRET_ACCESS_KEY;", "R2_ENDPOINT_URL is", "R2_BUCKET_NAME is", "R2_SIGNED_URL_HOURS is"],
            said => Assert.Contains(said, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Options_outside_their_ranges_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => With(partBytes: (5 * 1024 * 1024) - 1).Check());
        Assert.Throws<ArgumentOutOfRangeException>(() => With(singlePutBytes: (5L << 30) + 1).Check());
        Assert.Throws<ArgumentOutOfRangeException>(() => With(hours: 169).Check());
        Assert.Throws<ArgumentOutOfRangeException>(() => With(maxRetries: 21).Check());
    }

    private static R2Options With(int partBytes = 5 * 1024 * 1024, long singlePutBytes = 0, int hours = 1, int maxRetries = 0) => new()
    {
        Endpoint = new Uri("https://a.example"),
        AccessKeyId = "id",
        SecretAccessKey = "secret",
        Bucket = "talks",
        PartBytes = partBytes,
        SinglePutBytes = singlePutBytes,
        SignedUrlLifetime = TimeSpan.FromHours(hours),
        MaxRetries = maxRetries,
    };

    private static TalkError Refused(Dictionary<string, string> environment) =>
        Assert.Throws<TalkException>(() => R2Options.FromEnvironment(environment.GetValueOrDefault)).Error;
}
