using System.Security.Cryptography;
using System.Text;
using WanTalk.Core.Errors;
using WanTalk.Core.Webhooks;

namespace WanTalk.Core.Tests.Webhooks;

/// <summary>Signatures that every library of Standard Webhooks accepts.</summary>
public sealed class WebhookSignerSpecs
{
    // The published vector: the test "sign function works" of the libraries in github.com/standard-webhooks/standard-webhooks.
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    [Fact]
    public void The_published_vector_is_signed_as_published() => Assert.Equal(Signature, Sign(Secret));

    [Fact]
    public void With_two_secrets_there_is_a_signature_of_each_so_that_receivers_change_theirs_one_by_one()
    {
        var other = WebhookSecret.Write(RandomNumberGenerator.GetBytes(64));
        var signatures = Sign($" {other} , {Secret}").Split(' ');

        Assert.Equal([Sign(other), Signature], signatures);
    }

    [Theory]
    [InlineData(24, true)]
    [InlineData(64, true)]
    [InlineData(23, false)]
    [InlineData(65, false)]
    [InlineData(0, false)]
    public void A_secret_has_24_to_64_bytes(int bytes, bool allowed) =>
        Assert.Equal(allowed, WebhookSecret.TryParse(WebhookSecret.Write(new byte[bytes]), out _));

    [Theory]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa-_")]
    [InlineData("whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    public void What_is_no_secret_is_told_by_its_place_and_never_shown(string wrong)
    {
        var refused = Assert.Throws<TalkException>(() => WebhookSigner.Of($"{Secret},{wrong}"));

        Assert.Equal(ErrorCode.ArgumentInvalid, refused.Error.Code);
        Assert.Contains("WANTALK_WEBHOOK_SECRETS is wrong: its secret number 2", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("MfKQ9r8", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" , ")]
    public void Without_secrets_nothing_is_signed(string? text) => Assert.Null(WebhookSigner.Of(text));

    private static string Sign(string secrets) => WebhookSigner.Of(secrets)!.Sign(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330).AddMilliseconds(700), Encoding.UTF8.GetBytes("""{"test": 2432232314}"""));
}
