using WanTalk.Core.Errors;
using WanTalk.Local.Hosting;
using WanTalk.Storage.Local;

namespace WanTalk.Local.Tests.Hosting;

/// <summary>The secret that decides which talk a message is.</summary>
public sealed class IdSecretSpecs : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wantalk-secret-");

    private HomeLayout Home => new(_folder.FullName);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void It_is_drawn_once_for_a_home_and_nobody_else_may_read_it()
    {
        var drawn = IdSecret.Of(Home, _ => null);
        Assert.Equal(drawn.ToArray(), IdSecret.Of(Home, _ => "").ToArray());
        Assert.Equal(32, drawn.Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(Home.IdSecret).UnixFileMode);
        Assert.Equal(Home.IdSecret, Assert.Single(_folder.EnumerateFiles()).FullName);
    }

    [Fact]
    public void One_that_is_given_goes_before_it_and_a_short_one_is_refused()
    {
        Assert.Equal("0123456789abcdef"u8.ToArray(), IdSecret.Of(Home, _ => "0123456789abcdef").ToArray());
        Assert.Empty(_folder.EnumerateFiles());
        var refused = Assert.Throws<TalkException>(() => IdSecret.Of(Home, _ => "0123456789abcde"));
        Assert.StartsWith("WANTALK_ID_SECRET is too short", refused.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_one_is_not_replaced_behind_the_operators_back()
    {
        File.WriteAllText(Home.IdSecret, "short");
        Assert.Equal(ErrorCode.ArgumentInvalid, Assert.Throws<TalkException>(() => IdSecret.Of(Home, _ => null)).Error.Code);
    }
}
