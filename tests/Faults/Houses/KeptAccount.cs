using WanTalk.Azurite;

namespace WanTalk.Faults.Houses;

/// <summary>A storage account that programs reach through gates, and that is killed, paused and started again.</summary>
internal sealed class KeptAccount : IAsyncDisposable
{
    private readonly AzuriteServer _server;
    private readonly List<Gate> _gates = [];
    private readonly SemaphoreSlim _oneAtATime = new(1);

    private KeptAccount(AzuriteServer server) => _server = server;

    /// <summary>The connection string past any gate.</summary>
    public string ConnectionString => _server.ConnectionString;

    /// <summary>Between the account and each program; blobs and queues each.</summary>
    public IReadOnlyList<Gate> Gates => _gates;

    /// <summary>Starts one.</summary>
    public static async Task<KeptAccount> StartAsync(CancellationToken cancellationToken) => new(await AzuriteServer.StartAsync(cancellationToken));

    /// <summary>New gates to it.</summary>
    /// <returns>The connection string that leads through them.</returns>
    public string Through()
    {
        var (blobs, queues) = (new Gate(_server.BlobPort), new Gate(_server.QueuePort));
        _gates.AddRange([blobs, queues]);
        return ConnectionString
            .Replace($":{_server.BlobPort}/", $":{blobs.Port}/", StringComparison.Ordinal)
            .Replace($":{_server.QueuePort}/", $":{queues.Port}/", StringComparison.Ordinal);
    }

    /// <summary>
    /// kill -9, and a new server after a while. All gates are dark from before the kill until it is back.
    /// </summary>
    /// <returns>False when something else is being done to it.</returns>
    public Task<bool> KillAsync(TimeSpan away, CancellationToken cancellationToken) => AloneAsync(async () =>
    {
        using var isBack = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var dark = Task.WhenAll(_gates.Select(gate => gate.CutAsync(Timeout.InfiniteTimeSpan, isBack.Token)));
        try
        {
            await _server.KillAsync();
            await Task.Delay(away, cancellationToken);
            await _server.GoOnAsync(cancellationToken);
        }
        finally
        {
            await isBack.CancelAsync();
            await dark.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }, cancellationToken);

    /// <summary>SIGSTOP, and SIGCONT after a while.</summary>
    /// <returns>False when something else is being done to it.</returns>
    public Task<bool> PauseAsync(TimeSpan length, CancellationToken cancellationToken) => AloneAsync(async () =>
    {
        Signals.Send("STOP", _server.ProcessId);
        try
        {
            await Task.Delay(length, cancellationToken);
        }
        finally
        {
            Signals.Send("CONT", _server.ProcessId);
        }
    }, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var gate in _gates)
        {
            await gate.DisposeAsync();
        }

        await _server.DisposeAsync();
        _oneAtATime.Dispose();
    }

    /// <summary>A server that is paused cannot write what it answered, and must not be killed.</summary>
    private async Task<bool> AloneAsync(Func<Task> disturb, CancellationToken cancellationToken)
    {
        if (!await _oneAtATime.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            return false;
        }

        try
        {
            await disturb();
            return true;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }
}
