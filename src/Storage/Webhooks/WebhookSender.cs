using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using WanTalk.Core.Errors;
using WanTalk.Core.Fetching;
using WanTalk.Core.Webhooks;
using WanTalk.Storage.Fetching;

namespace WanTalk.Storage.Webhooks;

/// <summary>
/// Calls webhooks over http and https, through the same guard as the fetcher of inputs. An answer is its status and its headers: no byte of
/// its body is waited for, and the connection is closed with it.
/// </summary>
public sealed class WebhookSender : IWebhookSender, IDisposable
{
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    /// <summary>Makes a sender.</summary>
    /// <param name="options">How it calls.</param>
    /// <param name="time">The clock of its patience, and of a date in Retry-After.</param>
    /// <exception cref="ArgumentException">An option cannot be used.</exception>
    public WebhookSender(WebhookSenderOptions options, TimeProvider time)
        : this(options, time, new MachineNetwork())
    {
    }

    /// <summary>Makes a sender on a network.</summary>
    internal WebhookSender(WebhookSenderOptions options, TimeProvider time, INetwork network)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        (_timeout, _time) = (TimeSpan.FromSeconds(options.TimeoutSeconds), time);
        _http = new GuardedConnections(options.PrivateHosts, network).NewClient(_timeout);
    }

    /// <inheritdoc/>
    public async Task<WebhookAnswer> SendAsync(WebhookMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (InputAddress.RefusalOf(message.Url) is { } refusal)
        {
            throw new TalkException(refusal);
        }

        using var patience = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        using var request = RequestOf(message);
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var status = (int)answer.StatusCode;
            return new WebhookAnswer(status, $"Answered {status}.", WaitOf(answer.Headers.RetryAfter));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            return new WebhookAnswer(null, $"No answer in {_timeout.TotalSeconds} s.");
        }
        catch (HttpRequestException failure) when (failure.InnerException is TalkException forbidden)
        {
            throw new TalkException(forbidden.Error, failure);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return new WebhookAnswer(null, $"No answer: {GuardedConnections.ReasonOf(failure)}.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage RequestOf(WebhookMessage message)
    {
        var content = new ReadOnlyMemoryContent(message.Body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, message.Url)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.Add("webhook-id", message.Id);
        request.Headers.Add("webhook-timestamp", message.Timestamp.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        if (message.Signature is { } signature)
        {
            request.Headers.Add("webhook-signature", signature);
        }

        request.Headers.ConnectionClose = true;
        return request;
    }

    private TimeSpan? WaitOf(RetryConditionHeaderValue? asked) => asked?.Delta ?? (asked?.Date is { } date ? date - _time.GetUtcNow() : null);
}
