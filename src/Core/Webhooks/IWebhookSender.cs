namespace WanTalk.Core.Webhooks;

/// <summary>Calls webhooks, on the public internet only.</summary>
public interface IWebhookSender
{
    /// <summary>Makes one call. Redirects are not followed, and the answer's body is not read.</summary>
    /// <param name="message">What to send, and where.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Errors.TalkException">
    /// <see cref="Errors.ErrorCode.AddressForbidden"/>: nothing is sent there, however often it is tried.
    /// </exception>
    Task<WebhookAnswer> SendAsync(WebhookMessage message, CancellationToken cancellationToken);
}

/// <summary>A call of a webhook.</summary>
/// <param name="Url">Who is called, with POST.</param>
/// <param name="Id">The header <c>webhook-id</c>: the same in each attempt.</param>
/// <param name="Timestamp">The header <c>webhook-timestamp</c>: when this attempt was made.</param>
/// <param name="Signature">The header <c>webhook-signature</c>; null for none.</param>
/// <param name="Body">JSON.</param>
public sealed record WebhookMessage(Uri Url, string Id, DateTimeOffset Timestamp, string? Signature, ReadOnlyMemory<byte> Body);

/// <summary>What came of a call.</summary>
/// <param name="Status">The HTTP status; null when there was no answer.</param>
/// <param name="What">What happened, in a few words.</param>
/// <param name="RetryAfter">How long the receiver asks to be left alone; null when it does not.</param>
public sealed record WebhookAnswer(int? Status, string What, TimeSpan? RetryAfter = null);
