using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace WanTalk.Understudy.Tests.Harness;

/// <summary>Passes TCP on to a server, and cuts or mutes connections when it is told to.</summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Link, bool> _links = new();
    private readonly Uri _target;
    private readonly Task _accepting;

    public CuttingProxy(Uri target)
    {
        _target = target;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>Connections that were made so far.</summary>
    public int Accepted { get; private set; }

    /// <summary>After so many bytes towards the client, a connection is cut; 0 for never. Counted for each connection.</summary>
    public long CutAfter { get; set; }

    /// <summary>Cuts the WebSocket connections that there are.</summary>
    public void CutSockets()
    {
        foreach (var (link, _) in _links)
        {
            if (link.IsWebSocket)
                link.Cut();
        }
    }

    /// <summary>Lets nothing through on the WebSocket connections that there are, and leaves them open.</summary>
    public void MuteSockets()
    {
        foreach (var (link, _) in _links)
            link.Muted |= link.IsWebSocket;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        foreach (var (link, _) in _links)
            link.Cut();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Accepted++;
                serving.Add(ServeAsync(client));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException
            || (_stop.IsCancellationRequested && error is InvalidOperationException))
        {
            // It was stopped, while it waited or between two.
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            var link = new Link(client, server);
            _links[link] = true;
            try
            {
                await server.ConnectAsync(_target.Host, _target.Port, _stop.Token);
                await Task.WhenAny(PassAsync(link, client, server, toClient: false), PassAsync(link, server, client, toClient: true));
            }
            catch (Exception error) when (error is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
            {
                link.Cut();
            }
            finally
            {
                link.Cut();
                _links.TryRemove(link, out _);
            }
        }
    }

    private async Task PassAsync(Link link, TcpClient from, TcpClient to, bool toClient)
    {
        var buffer = new byte[16 << 10];
        long passed = 0;
        try
        {
            for (int count; (count = await from.GetStream().ReadAsync(buffer, _stop.Token)) > 0;)
            {
                if (!toClient && buffer.AsSpan(0, count).StartsWith("GET /ws"u8))
                    link.IsWebSocket = true;
                if (toClient && CutAfter > 0 && passed + count > CutAfter && !link.IsWebSocket)
                {
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, (int)(CutAfter - passed)), _stop.Token);
                    return;
                }
                passed += count;
                if (!link.Muted)
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, count), _stop.Token);
            }
        }
        catch (Exception error) when (error is SocketException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            link.Cut();
        }
    }

    private sealed class Link(TcpClient client, TcpClient server)
    {
        public volatile bool IsWebSocket;

        public volatile bool Muted;

        public void Cut()
        {
            client.Close();
            server.Close();
        }
    }
}
