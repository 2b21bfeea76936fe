using WanTalk.Core.Errors;
using WanTalk.Local.Hosting;
using WanTalk.Storage.Local;

namespace WanTalk.Local.Tests.Hosting;

/// <summary>The secret of a home's webhooks.</summary>
public sealed class WebhookSecretFileSpecs : IDisposable
{
    private const string Given = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wantalk-secret-");

    private HomeLayout Home => new(_folder.FullName);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void It_is_drawn_once_for_a_home_and_nobody_else_may_read_it()
    {
        var first = SignatureWith(null);
        Assert.Equal(first, SignatureWith(""));
        Assert.Matches("^whsec_[A-Za-z0-9+/]{43}=$", File.ReadAllText(Home.WebhookSecret));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(Home.WebhookSecret).UnixFileMode);
        Assert.Equal(Home.WebhookSecret, Assert.Single(_folder.EnumerateFiles()).FullName);
    }

    [Fact]
    public void Given_ones_are_used_and_none_is_drawn()
    {
        Assert.Equal(2, SignatureWith($"{Given},{Given}").Split(' ').Length);
        Assert.Empty(_folder.EnumerateFiles());
        Assert.Equal(ErrorCode.ArgumentInvalid, Assert.Throws<TalkException>(() => SignatureWith("whsec_short")).Error.Code);
    }

    [Fact]
    public void A_damaged_file_is_named_and_not_replaced()
    {
        File.WriteAllText(Home.WebhookSecret, "whsec_");
        var refused = Assert.Throws<TalkException>(() => SignatureWith(null));
        Assert.Contains(Home.WebhookSecret, refused.Message, StringComparison.Ordinal);
        Assert.Equal("whsec_", File.ReadAllText(Home.WebhookSecret));
    }

    private string SignatureWith(string? secrets) => WebhookSecretFile.SignerOf(Home, _ => secrets).Sign("id", DateTimeOffset.UnixEpoch, []);
}
