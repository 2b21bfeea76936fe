using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace WanTalk.Faults.Houses;

/// <summary>The network between a program and a server on loopback: it cuts and delays connections when it is told to.</summary>
internal sealed class Gate : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private readonly int _server;
    private readonly Task _accepting;
    private int _dark;
    private int _delayMilliseconds;

    /// <param name="server">The server's port.</param>
    public Gate(int server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The port that clients use.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Cuts all connections, and lets none be made for a while.</summary>
    public async Task CutAsync(TimeSpan length, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _dark);
        try
        {
            foreach (var socket in _open.Keys)
            {
                Cut(socket);
            }

            await Task.Delay(length, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _dark);
        }
    }

    /// <summary>Holds back all that passes, each way, for a while.</summary>
    public async Task DelayAsync(TimeSpan each, TimeSpan length, CancellationToken cancellationToken)
    {
        Interlocked.Add(ref _delayMilliseconds, (int)each.TotalMilliseconds);
        try
        {
            await Task.Delay(length, cancellationToken);
        }
        finally
        {
            Interlocked.Add(ref _delayMilliseconds, -(int)each.TotalMilliseconds);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        foreach (var socket in _open.Keys)
        {
            Cut(socket);
        }

        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var carrying = new List<Task>();
        try
        {
            while (true)
            {
                carrying.Add(CarryAsync(await _listener.AcceptSocketAsync(_end.Token)));
                carrying.RemoveAll(task => task.IsCompleted);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException
            || (_end.IsCancellationRequested && end is InvalidOperationException))
        {
            // It was stopped, while it waited or between two.
            await Task.WhenAll(carrying);
        }
    }

    private async Task CarryAsync(Socket near)
    {
        using var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (near)
        {
            (_open[near], _open[far]) = (true, true);
            try
            {
                if (Volatile.Read(ref _dark) > 0)
                {
                    return;
                }

                (near.NoDelay, far.NoDelay) = (true, true);
                await far.ConnectAsync(IPAddress.Loopback, _server, _end.Token);
                await Task.WhenAll(PassAsync(near, far), PassAsync(far, near));
            }
            catch (Exception broken) when (broken is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // One of both has hung up, or the connection was cut.
            }
            finally
            {
                Cut(near);
                Cut(far);
                _open.TryRemove(near, out _);
                _open.TryRemove(far, out _);
            }
        }
    }

    private async Task PassAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 << 10];
        int count;
        while ((count = await from.ReceiveAsync(buffer, _end.Token)) > 0)
        {
            if (Volatile.Read(ref _delayMilliseconds) is var delay and > 0)
            {
                await Task.Delay(delay, _end.Token);
            }

            for (var sent = 0; sent < count;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _end.Token);
            }
        }

        to.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Closes with a reset, as a network does that is gone.</summary>
    private static void Cut(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // It was closed already.
        }

        socket.Dispose();
    }
}
