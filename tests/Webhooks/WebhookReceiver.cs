using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace WanTalk.Webhooks;

/// <summary>A server on a loopback port that takes webhooks, remembers them, and answers as a test wants; 204 when it wants nothing.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    /// <summary>Listens.</summary>
    /// <param name="port">A free port.</param>
    public WebhookReceiver(int port)
    {
        Url = UrlOf(port);
        _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Where it is called.</summary>
    public string Url { get; }

    /// <summary>The answers to the next calls: a status, and a header if there is to be one.</summary>
    public ConcurrentQueue<(int Status, string? Header, string? Value)> Answers { get; } = [];

    /// <summary>What came.</summary>
    public ConcurrentQueue<ReceivedWebhook> Received { get; } = [];

    /// <summary>Where a receiver on a port is called, also while there is none. The query is a secret between caller and receiver.</summary>
    public static string UrlOf(int port) => $"http://127.0.0.1:{port}/hook?key=s3cret";

    /// <summary>The next answers, by their statuses.</summary>
    public WebhookReceiver Answer(params int[] statuses)
    {
        foreach (var status in statuses)
        {
            Answers.Enqueue((status, null, null));
        }

        return this;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                var (status, header, value) = Answers.TryDequeue(out var answer) ? answer : (204, null, null);
                Received.Enqueue(new ReceivedWebhook(
                    $"{context.Request.HttpMethod} {context.Request.RawUrl}", context.Request.ContentType, context.Request.Headers["webhook-id"]!,
                    context.Request.Headers["webhook-timestamp"]!, context.Request.Headers["webhook-signature"]!, body.ToArray()));
                context.Response.StatusCode = status;
                if (header is not null)
                {
                    context.Response.AddHeader(header, value!);
                }

                context.Response.Close();
            }
        }
        catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}

/// <summary>A webhook as it came.</summary>
internal sealed record ReceivedWebhook(string Request, string? ContentType, string Id, string Timestamp, string Signature, byte[] Body)
{
    /// <summary>What it says.</summary>
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>What happened.</summary>
    public string? Type => Json.GetProperty("type").GetString();

    /// <summary>Whether it was signed with a secret, as its receiver finds out.</summary>
    public bool IsGenuine(string secret, DateTimeOffset now) => WebhookVerifier.IsGenuine(secret, Id, Timestamp, Signature, Body, now);
}
