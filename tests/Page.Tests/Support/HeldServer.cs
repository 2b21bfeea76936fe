using WanTalk.EndToEnd.Support;

namespace WanTalk.Page.Tests.Support;

/// <summary>A server of one's own, whose engine can be told to hold a talk for as long as the test looks at it.</summary>
internal sealed class HeldServer : IAsyncDisposable
{
    private readonly TemporaryFolder _home = new();
    private readonly TemporaryFolder _elsewhere = new();
    private EngineProcess? _engine;
    private TalkServer? _server;

    public Uri Address => _server!.Address;

    public static async Task<HeldServer> StartAsync(IReadOnlyDictionary<string, string>? environment = null)
    {
        var held = new HeldServer();
        try
        {
            held._engine = await EngineProcess.StartAsync(held._elsewhere, "--faults");
            held._server = await TalkServer.StartAsync(held._home, environment, held._engine);
            return held;
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }
    }

    /// <summary>The next talk's second window is not made before it may be.</summary>
    public Task HoldAsync() => _engine!.ArmAsync(new { kind = "slow_window", window = 1, seconds = 600 });

    /// <summary>Makes what was held, and holds nothing any more.</summary>
    public Task LetGoAsync() => _engine!.ClearAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }

        _home.Dispose();
        _elsewhere.Dispose();
    }
}
