using WanTalk.EndToEnd.Support;

namespace WanTalk.Page.Tests.Support;

/// <summary>One server without keys, which fetches from this machine, for all tests that need no own.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    /// <summary>The settings of a server that fetches from this machine.</summary>
    internal static readonly IReadOnlyDictionary<string, string> Environment = new Dictionary<string, string> { ["WANTALK_PRIVATE_HOSTS"] = "127.0.0.1" };

    private readonly TemporaryFolder _folder = new("wantalk page ");
    private TalkServer? _server;

    public Uri Address => _server!.Address;

    /// <summary>The server as a program uses it.</summary>
    internal TalkServer Api => _server!;

    public async ValueTask InitializeAsync() =>
        _server = await TalkServer.StartAsync(_folder, Environment);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Dispose();
    }
}
