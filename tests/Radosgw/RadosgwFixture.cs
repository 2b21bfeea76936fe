namespace WanTalk.Radosgw;

/// <summary>One S3 server for all tests of an assembly, started by the first that asks. Each test has a bucket of its own.</summary>
public sealed class RadosgwFixture : IAsyncDisposable
{
    private readonly Lazy<Task<RadosgwServer>> _server = new(() => RadosgwServer.StartAsync(CancellationToken.None));

    /// <summary>The server.</summary>
    public Task<RadosgwServer> Server => _server.Value;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
