namespace WanTalk.RabbitMQ;

/// <summary>One RabbitMQ for all tests of an assembly, started by the first that asks. Each test has queues of its own.</summary>
public sealed class RabbitFixture : IAsyncDisposable
{
    private readonly Lazy<Task<RabbitServer>> _server = new(() => RabbitServer.StartAsync(CancellationToken.None));

    /// <summary>The broker.</summary>
    public Task<RabbitServer> Server => _server.Value;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
