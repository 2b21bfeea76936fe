using System.Net;
using System.Net.Sockets;

namespace WanTalk.Bench.ComfyUI;

/// <summary>Passes TCP on to a server and counts the HTTP requests that go by; each begins a write of the client.</summary>
internal sealed class CountingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _target;
    private readonly Task _accepting;
    private int _requests;

    public CountingProxy(Uri target)
    {
        _target = target;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Requests so far, the opening of sockets included.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient { NoDelay = true })
        {
            client.NoDelay = true;
            await server.ConnectAsync(_target.Host, _target.Port);
            await Task.WhenAny(PassAsync(client, server, isCounted: true), PassAsync(server, client, isCounted: false));
        }
    }

    private async Task PassAsync(TcpClient from, TcpClient to, bool isCounted)
    {
        var buffer = new byte[64 << 10];
        try
        {
            for (int count; (count = await from.GetStream().ReadAsync(buffer, _stop.Token)) > 0;)
            {
                if (isCounted && IsRequest(buffer.AsSpan(0, count)))
                    Interlocked.Increment(ref _requests);
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count), _stop.Token);
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The other side is gone, and so this one.
        }
    }

    private static bool IsRequest(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("GET /"u8) || bytes.StartsWith("POST /"u8) || bytes.StartsWith("HEAD /"u8);
}
