using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WanTalk.Storage.Tests.Fetching;

/// <summary>A server on a free loopback port that answers each request with exactly the bytes that a test wants, and then closes.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly Func<string, Stream, CancellationToken, Task> _answer;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;

    /// <summary>Serves.</summary>
    /// <param name="answer">Gets the path with its query, and writes the answer until the server ends.</param>
    /// <param name="address">Where it listens; 127.0.0.1 when null.</param>
    internal ScriptedServer(Func<string, Stream, CancellationToken, Task> answer, IPAddress? address = null)
    {
        _answer = answer;
        _listener = new TcpListener(address ?? IPAddress.Loopback, 0);
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Serves one text for every path.</summary>
    internal ScriptedServer(string answer)
        : this((_, stream, _) => WriteAsync(stream, answer))
    {
    }

    /// <summary>The port.</summary>
    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many requests came.</summary>
    internal int Requests { get; private set; }

    /// <summary>The host as an operator allows it.</summary>
    internal string Host => $"127.0.0.1:{Port}";

    internal Uri Url(string path = "/portrait.png") => new($"http://{Host}{path}");

    internal static async Task WriteAsync(Stream stream, string text)
    {
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text.ReplaceLineEndings("\r\n")));
        await stream.FlushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _serving;
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        var open = new List<Task>();
        try
        {
            while (!_end.IsCancellationRequested)
            {
                open.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (Exception ended) when (_end.IsCancellationRequested
            && ended is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The listener was stopped; what it says then hangs on how far it was.
        }

        await Task.WhenAll(open);
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using var stream = client.GetStream();
                var (head, one) = (new StringBuilder(), new byte[1]);
                while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
                {
                    await stream.ReadExactlyAsync(one, _end.Token);
                    head.Append((char)one[0]);
                }

                Requests++;
                await _answer(head.ToString().Split(' ')[1], stream, _end.Token);
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException)
            {
                // The fetcher has had enough.
            }
        }
    }
}
