using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WanTalk.ComfyUI.Http;

/// <summary>An answer whose body was read whole, within the bound.</summary>
internal sealed record ComfyAnswer(HttpStatusCode Status, byte[] Body)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The first part of the body as text on one line, for messages.</summary>
    public string Excerpt => Encoding.UTF8.GetString(Body, 0, Math.Min(Body.Length, 300)).ReplaceLineEndings(" ").Trim();
}

/// <summary>Requests with a time limit and answers with a size limit; every failure becomes a <see cref="ComfyException"/>.</summary>
internal sealed class ComfyHttp : IDisposable
{
    private const int MaxHeaderKilobytes = 64;
    private const int MaxErrorBytes = 64 << 10;
    private readonly HttpClient _client;
    private readonly ComfyClientOptions _options;
    private readonly TimeProvider _time;

    public ComfyHttp(Uri address, ComfyClientOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        Address = address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            // Files are counted and resumed by their own bytes, and JSON is bounded by the bytes that arrive: nothing is decompressed.
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
        };
        _client = new HttpClient(handler) { BaseAddress = Address, Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The server's address, with a slash at its end.</summary>
    public Uri Address { get; }

    public void Dispose() => _client.Dispose();

    /// <summary>GETs JSON; another status than 2xx is an exception.</summary>
    public async Task<JsonNode?> GetJsonAsync(string path, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(HttpMethod.Get, path, null, _options.RequestTimeout, cancellationToken);
        return ParseJson(Expect(answer, path), path);
    }

    /// <summary>POSTs JSON; another status than 2xx is an exception.</summary>
    public async Task<ComfyAnswer> PostJsonAsync(string path, JsonNode body, CancellationToken cancellationToken) =>
        Expect(await TryPostJsonAsync(path, body, cancellationToken), path);

    /// <summary>POSTs JSON and gives back whatever the status is.</summary>
    public Task<ComfyAnswer> TryPostJsonAsync(string path, JsonNode body, CancellationToken cancellationToken)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return SendAsync(HttpMethod.Post, path, content, _options.RequestTimeout, cancellationToken);
    }

    /// <summary>Sends a request and reads its whole answer.</summary>
    public async Task<ComfyAnswer> SendAsync(
        HttpMethod method, string path, HttpContent? content, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(limit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        using var request = new HttpRequestMessage(method, path) { Content = content };
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            return new ComfyAnswer(response.StatusCode, await ReadBoundedAsync(response, path, both.Token));
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ComfyException(ComfyErrorKind.TimedOut, $"The engine did not answer {path} within {limit.TotalSeconds:0} s.");
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw Unreachable(path, error);
        }
    }

    /// <summary>Sends a request and hands over the answer as soon as its headers are there; the caller disposes it.</summary>
    public async Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(_options.RequestTimeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ComfyException(ComfyErrorKind.TimedOut, $"The engine did not answer {request.RequestUri} in time.");
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw Unreachable(request.RequestUri?.ToString() ?? "", error);
        }
    }

    public static JsonNode? ParseJson(ComfyAnswer answer, string path)
    {
        try
        {
            return TolerantJson.Parse(answer.Body);
        }
        catch (JsonException error)
        {
            throw new ComfyException(ComfyErrorKind.Protocol, $"The engine's answer to {path} is not JSON: {answer.Excerpt}", answer.Status, error);
        }
    }

    public static ComfyException Refusal(HttpStatusCode status, string path, string excerpt) => new(
        status == HttpStatusCode.NotFound ? ComfyErrorKind.NotFound : ComfyErrorKind.Refused,
        $"The engine answered {path} with {(int)status}{(excerpt.Length == 0 ? "." : $": {excerpt}")}",
        status);

    private static ComfyAnswer Expect(ComfyAnswer answer, string path) =>
        answer.IsSuccess ? answer : throw Refusal(answer.Status, path, answer.Excerpt);

    private ComfyException Unreachable(string path, Exception error)
    {
        // Headers without end, or what is no HTTP at all.
        var isNonsense = error is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.InvalidResponse,
        };
        return isNonsense
            ? new ComfyException(ComfyErrorKind.Protocol, $"The answer of {Address} to {path} makes no sense: {error.Message}", inner: error)
            : new ComfyException(ComfyErrorKind.Unreachable, $"The engine at {Address} cannot be reached for {path}: {error.Message}", inner: error);
    }

    /// <summary>An answer's body. What is only shown to people, the page of some error, is read as far as they would; JSON must be whole.</summary>
    private async Task<byte[]> ReadBoundedAsync(HttpResponseMessage response, string path, CancellationToken cancellationToken)
    {
        var isPage = !response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType != "application/json";
        var limit = isPage ? Math.Min(MaxErrorBytes, _options.MaxJsonBytes) : _options.MaxJsonBytes;
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var collected = new MemoryStream();
        var buffer = new byte[16 << 10];
        for (int count; (count = await body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            var room = limit - collected.Length;
            collected.Write(buffer, 0, (int)Math.Min(count, room));
            if (count <= room)
                continue;
            if (isPage)
                break;
            throw new ComfyException(ComfyErrorKind.Protocol, $"The engine's answer to {path} is longer than {limit} bytes.");
        }
        return collected.ToArray();
    }
}
