using System.Net;
using WanTalk.Ports;

namespace WanTalk.EndToEnd.Support;

/// <summary>A web server on a free loopback port that has some files, as a caller's own storage has them.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly IReadOnlyDictionary<string, string> _files;
    private readonly Task _serving;

    /// <summary>Serves files by their paths.</summary>
    public FileServer(IReadOnlyDictionary<string, string> files)
    {
        _files = files;
        Host = $"127.0.0.1:{FreePorts.Take(1)[0]}";
        _listener.Prefixes.Add($"http://{Host}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Host and port, as an operator allows them.</summary>
    public string Host { get; }

    /// <summary>A file's address, with a query that may be a key.</summary>
    public string Url(string path) => $"http://{Host}{path}?sig=s3cret";

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        var answering = new List<Task>();
        try
        {
            while (true)
            {
                answering.Add(AnswerAsync(await _listener.GetContextAsync()));
            }
        }
        catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
            await Task.WhenAll(answering);
        }
    }

    /// <summary>Answers a request; a player that reads no further for a while keeps nobody else waiting.</summary>
    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            if (_files.TryGetValue(context.Request.Url!.AbsolutePath, out var file))
            {
                await using var content = File.OpenRead(file);
                await content.CopyToAsync(context.Response.OutputStream);
            }
            else
            {
                context.Response.StatusCode = 404;
            }

            context.Response.Close();
        }
        catch (Exception gone) when (gone is HttpListenerException or ObjectDisposedException or IOException)
        {
            // Whoever asked has gone.
        }
    }
}
