using WanTalk.Core.Errors;
using WanTalk.Storage.Local;

namespace WanTalk.Local.Hosting;

/// <summary>
/// The folder in which one host keeps everything: artifacts, queues, state, published videos, logs. An OS lock, which ends with the
/// process, keeps a second host out.
/// </summary>
internal sealed class Home : IDisposable
{
    private readonly FileStream _lock;

    private Home(HomeLayout layout, FileStream held) => (Layout, _lock) = (layout, held);

    /// <summary>What lies where in it.</summary>
    public HomeLayout Layout { get; }

    /// <summary>The home of a command that names none: <c>WANTALK_HOME</c>, or <c>.wantalk</c> in the user's home folder.</summary>
    public static string DefaultRoot() =>
        Environment.GetEnvironmentVariable("WANTALK_HOME") is { Length: > 0 } given
            ? given
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".wantalk");

    /// <summary>Opens a home, making it when it is not there.</summary>
    /// <exception cref="TalkException">Another host has it, or the folder cannot be used.</exception>
    public static Home Open(string root)
    {
        var layout = new HomeLayout(Path.GetFullPath(root));
        try
        {
            Directory.CreateDirectory(layout.Root);
            return new Home(layout, new FileStream(layout.HostLock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(layout.HostLock))
        {
            throw new TalkException(ErrorCode.HomeInUse,
                $"Another wantalk is using {layout.Root}. Wait for it, talk to its server, or give another folder with --home.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new TalkException(ErrorCode.ArgumentInvalid, $"The home {root} cannot be used: {failure.Message} Give another with --home.", failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();
}
