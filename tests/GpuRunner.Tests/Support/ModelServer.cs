using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace WanTalk.GpuRunner.Tests.Support;

/// <summary>A file as a server has it, and how it is served badly.</summary>
internal sealed class ServedFile
{
    public required byte[] Content { get; set; }

    public string? ETag { get; set; } = "\"one\"";

    public bool KnowsRanges { get; set; } = true;

    /// <summary>After how many bytes of an answer the connection is cut, for answer after answer.</summary>
    public Queue<int> Cuts { get; } = new();

    /// <summary>With what the next requests are answered instead.</summary>
    public Queue<int> Statuses { get; } = new();

    /// <summary>Headers of a repository.</summary>
    public Dictionary<string, string> Headers { get; } = [];

    /// <summary>Where it really is.</summary>
    public Uri? Redirect { get; set; }

    /// <summary>When set, an answer stands still after half of its bytes.</summary>
    public TaskCompletionSource? Stall { get; set; }
}

/// <summary>What was asked of a server.</summary>
internal sealed record SeenRequest(string Method, string Path, string Range, string IfRange, string Authorization);

/// <summary>A server of models on loopback.</summary>
internal sealed class ModelServer : IAsyncDisposable
{
    private readonly WebApplication _server;

    private ModelServer(WebApplication server) => _server = server;

    public ConcurrentDictionary<string, ServedFile> Files { get; } = new();

    public ConcurrentQueue<SeenRequest> Requests { get; } = new();

    public Uri Address => new(_server.Urls.First());

    public static async Task<ModelServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new ModelServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var file in Files.Values)
        {
            file.Stall?.TrySetResult();
        }

        await _server.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        Requests.Enqueue(new SeenRequest(
            request.Method, request.Path, request.Headers.Range.ToString(), request.Headers.IfRange.ToString(), request.Headers.Authorization.ToString()));
        if (!Files.TryGetValue(request.Path, out var file))
        {
            response.StatusCode = 404;
            return;
        }

        if (file.Statuses.TryDequeue(out var status))
        {
            response.StatusCode = status;
            return;
        }

        foreach (var (name, value) in file.Headers)
        {
            response.Headers[name] = value;
        }

        if (file.Redirect is { } elsewhere)
        {
            response.StatusCode = 302;
            response.Headers.Location = elsewhere.ToString();
            return;
        }

        var from = file.KnowsRanges && request.Headers.IfRange == file.ETag && request.Headers.Range.ToString() is { Length: > 0 } range
            ? int.Parse(range["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture)
            : 0;
        if (from >= file.Content.Length && from > 0)
        {
            response.StatusCode = 416;
            return;
        }

        if (file.ETag is { } tag)
        {
            response.Headers.ETag = tag;
        }

        if (from > 0)
        {
            response.StatusCode = 206;
            response.Headers.ContentRange = $"bytes {from}-{file.Content.Length - 1}/{file.Content.Length}";
        }

        response.ContentLength = file.Content.Length - from;
        if (request.Method == "HEAD")
        {
            return;
        }

        var rest = file.Content.AsMemory(from);
        if (file.Cuts.TryDequeue(out var cut))
        {
            // An answer that is shorter than it was announced: Kestrel sends it, and closes the connection.
            await response.Body.WriteAsync(rest[..Math.Min(cut, rest.Length - 1)]);
            return;
        }

        if (file.Stall is { } stall)
        {
            await response.Body.WriteAsync(rest[..(rest.Length / 2)]);
            await response.Body.FlushAsync();
            rest = rest[(rest.Length / 2)..];
            await stall.Task;
        }

        await response.Body.WriteAsync(rest);
    }
}
