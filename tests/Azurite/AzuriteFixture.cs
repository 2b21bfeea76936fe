namespace WanTalk.Azurite;

/// <summary>One Azurite for all tests of an assembly, started by the first that asks. Each test has containers and queues of its own.</summary>
public sealed class AzuriteFixture : IAsyncDisposable
{
    private readonly Lazy<Task<AzuriteServer>> _server = new(() => AzuriteServer.StartAsync(CancellationToken.None));

    /// <summary>The server.</summary>
    public Task<AzuriteServer> Server => _server.Value;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
