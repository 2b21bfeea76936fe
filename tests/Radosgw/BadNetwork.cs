using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WanTalk.Radosgw;

/// <summary>What a network does to a request.</summary>
public enum Fate
{
    /// <summary>It and its answer arrive.</summary>
    Arrives,

    /// <summary>The connection breaks when half of its body is through.</summary>
    IsCut,

    /// <summary>It arrives, and its answer does not.</summary>
    IsNotAnswered,

    /// <summary>A byte in the middle of its body is another when it arrives.</summary>
    IsSpoiled,

    /// <summary>It is answered with status 500 on the way.</summary>
    Fails,
}

/// <summary>A request as it was seen on the wire: its first line and its headers.</summary>
/// <param name="Head">All lines.</param>
public sealed record SeenRequest(string Head)
{
    /// <summary>The method.</summary>
    public string Method => Head.Split(' ')[0];

    /// <summary>Path and query.</summary>
    public string Target => Head.Split(' ')[1];

    /// <summary>Whether it sends a part.</summary>
    public bool IsPart => Method == "PUT" && Target.Contains("partNumber=", StringComparison.Ordinal);

    /// <summary>The number of the part that it sends; 0 for none.</summary>
    public int Part => IsPart ? int.Parse(Target.Split("partNumber=")[1].Split('&')[0], CultureInfo.InvariantCulture) : 0;

    /// <summary>Whether it completes an upload.</summary>
    public bool IsCompletion => Method == "POST" && Target.Contains("uploadId=", StringComparison.Ordinal);

    /// <summary>The size of the body.</summary>
    public long BodyBytes => Header("Content-Length") is { } length ? long.Parse(length, CultureInfo.InvariantCulture) : 0;

    /// <summary>A header's value; null when there is none.</summary>
    public string? Header(string name) => Head.Split("\r\n").Skip(1).Select(line => line.Split(':', 2))
        .FirstOrDefault(parts => parts[0].Equals(name, StringComparison.OrdinalIgnoreCase))?[1].Trim();
}

/// <summary>A network between a client and a server on loopback that sees each request, and does to it what a test says.</summary>
public sealed class BadNetwork : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _server;
    private readonly List<SeenRequest> _seen = [];
    private readonly Task _accepting;

    /// <param name="server">The server's port.</param>
    public BadNetwork(int server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The address that clients use.</summary>
    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Says what happens to a request; everything arrives by default.</summary>
    public Func<SeenRequest, Fate> Fates { get; set; } = _ => Fate.Arrives;

    /// <summary>All requests so far.</summary>
    public IReadOnlyList<SeenRequest> Seen
    {
        get
        {
            lock (_seen)
            {
                return [.. _seen];
            }
        }
    }

    /// <summary>Lets a fate meet the first of some requests.</summary>
    public void Meet(Fate fate, Func<SeenRequest, bool> which, int times = 1)
    {
        var left = times;
        Fates = request => which(request) && Interlocked.Decrement(ref left) >= 0 ? fate : Fate.Arrives;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
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
                carrying.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
                carrying.RemoveAll(task => task.IsCompleted);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(carrying);
        }
    }

    /// <summary>Carries one request and its answer; a connection is for one.</summary>
    private async Task CarryAsync(TcpClient client)
    {
        using var mine = client;
        try
        {
            var near = client.GetStream();
            var (head, rest) = await ReadHeadAsync(near);
            var request = new SeenRequest(head);
            lock (_seen)
            {
                _seen.Add(request);
            }

            var fate = Fates(request);
            if (fate == Fate.Fails)
            {
                await near.WriteAsync("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), _end.Token);
                await CopyAsync(near, Stream.Null, request.BodyBytes - rest.Length);
                return;
            }

            using var server = new TcpClient();
            await server.ConnectAsync(IPAddress.Loopback, _server, _end.Token);
            var far = server.GetStream();
            await far.WriteAsync(Encoding.Latin1.GetBytes($"{request.Head}\r\nConnection: close\r\n\r\n"), _end.Token);
            await far.WriteAsync(rest, _end.Token);
            var left = request.BodyBytes - rest.Length;
            if (fate == Fate.IsCut)
            {
                await CopyAsync(near, far, left / 2);
                return;
            }

            if (fate == Fate.IsSpoiled)
            {
                await CopyAsync(near, far, left - 1);
                var last = new byte[1];
                await near.ReadExactlyAsync(last, _end.Token);
                await far.WriteAsync(new[] { (byte)(last[0] ^ 1) }, _end.Token);
                left = 0;
            }

            await CopyAsync(near, far, left);
            await AnswerAsync(far, fate == Fate.IsNotAnswered ? Stream.Null : near);
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException or SocketException)
        {
            // One of both has hung up, or the test has ended.
        }
    }

    // A client that keeps the connection for another request would make that again by itself when it finds it closed.
    private async Task AnswerAsync(NetworkStream far, Stream near)
    {
        var (head, rest) = await ReadHeadAsync(far);
        var lines = head.Split("\r\n").Where(line => !line.StartsWith("Connection:", StringComparison.OrdinalIgnoreCase));
        await near.WriteAsync(Encoding.Latin1.GetBytes($"{string.Join("\r\n", lines)}\r\nConnection: close\r\n\r\n"), _end.Token);
        await near.WriteAsync(rest, _end.Token);
        await far.CopyToAsync(near, _end.Token);
    }

    private async Task<(string Head, byte[] Begun)> ReadHeadAsync(NetworkStream from)
    {
        var bytes = new List<byte>();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var read = await from.ReadAsync(buffer, _end.Token);
            bytes.AddRange(buffer.AsSpan(0, read));
            if (Encoding.Latin1.GetString([.. bytes]) is var text && text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is var end and >= 0)
            {
                return (text[..end], [.. bytes[(end + 4)..]]);
            }

            if (read == 0)
            {
                throw new EndOfStreamException();
            }
        }
    }

    private async Task CopyAsync(Stream from, Stream to, long bytes)
    {
        var buffer = new byte[64 * 1024];
        for (var left = bytes; left > 0;)
        {
            var read = await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), _end.Token);
            if (read == 0)
            {
                throw new EndOfStreamException();
            }

            await to.WriteAsync(buffer.AsMemory(0, read), _end.Token);
            left -= read;
        }
    }
}
