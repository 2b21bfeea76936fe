using System.Net;
using System.Net.Sockets;
using System.Text;
using WanTalk.ComfyUI.Prompts;

namespace WanTalk.ComfyUI.Tests;

/// <summary>A server that never ends what it says fills nobody's memory.</summary>
public sealed class BoundSpecs
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nX-Endless: ", ComfyErrorKind.Protocol)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[\"", ComfyErrorKind.Protocol)]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n\r\n{\"", ComfyErrorKind.Protocol)]
    [InlineData("HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/plain\r\n\r\n", ComfyErrorKind.Refused)]
    [InlineData("nothing of the kind ", ComfyErrorKind.Protocol)]
    public async Task An_answer_without_an_end_is_an_error(string beginning, ComfyErrorKind kind)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = AnswerAsync(listener, beginning);
        using var client = new ComfyClient(
            new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"), new ComfyClientOptions { MaxJsonBytes = 1 << 20 });

        var error = await Assert.ThrowsAsync<ComfyException>(() => client.GetQueueAsync(Stop));

        Assert.Equal(kind, error.Kind);
        Assert.True(error.Message.Length < 1000);
        await answering;
    }

    [Fact]
    public async Task Of_messages_that_nobody_takes_the_newest_are_kept()
    {
        var backlog = new MessageBacklog(maxMessages: 3, maxBytes: 100);
        foreach (var bytes in (int[])[10, 10, 10, 10, 60, 40])
            backlog.Add(new StatusMessage(bytes, null), bytes);
        backlog.Complete();
        var kept = new List<int>();
        while (await backlog.WaitAsync(Stop))
        {
            Assert.True(backlog.TryTake(out var message));
            kept.Add(((StatusMessage)message!).QueueRemaining);
        }

        Assert.Equal([60, 40], kept);
    }

    /// <summary>Answers one request with a beginning and then with the same letter for ever, until the client has enough.</summary>
    private static async Task AnswerAsync(TcpListener listener, string beginning)
    {
        using var connection = await listener.AcceptTcpClientAsync(Stop);
        var stream = connection.GetStream();
        await stream.ReadAtLeastAsync(new byte[1], 1, cancellationToken: Stop);
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(beginning), Stop);
            var more = Encoding.ASCII.GetBytes(new string('x', 64 << 10));
            while (true)
                await stream.WriteAsync(more, Stop);
        }
        catch (IOException)
        {
            // The client hung up.
        }
    }
}
