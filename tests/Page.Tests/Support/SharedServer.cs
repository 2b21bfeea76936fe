using WanTalk.EndToEnd.Support;

namespace WanTalk.Page.Tests.Support;

/// <summary>One server without keys for all tests that need no own.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new("wantalk page ");
    private TalkServer? _server;

    public Uri Address => _server!.Address;

    public async ValueTask InitializeAsync() => _server = await TalkServer.StartAsync(_folder);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Dispose();
    }
}
