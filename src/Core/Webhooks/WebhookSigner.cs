using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using WanTalk.Core.Errors;

namespace WanTalk.Core.Webhooks;

/// <summary>
/// Signs webhooks as Standard Webhooks 1.0.0 says (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md): HMAC-SHA256
/// over <c>id.timestamp.body</c>. With several secrets there is a signature of each, so that receivers can change theirs one by one.
/// </summary>
public sealed class WebhookSigner
{
    /// <summary>The variable with the secrets, separated by commas; the newest first.</summary>
    public const string SecretsVariable = "WANTALK_WEBHOOK_SECRETS";

    private const string Version = "v1,";

    private readonly IReadOnlyList<WebhookSecret> _secrets;

    private WebhookSigner(IReadOnlyList<WebhookSecret> secrets) => _secrets = secrets;

    /// <summary>Reads the secrets.</summary>
    /// <param name="text">Secrets, separated by commas; null or empty for none.</param>
    /// <returns>Null when there are none.</returns>
    /// <exception cref="TalkException">One of them is no secret; the message says which by its place, not by its text.</exception>
    public static WebhookSigner? Of(string? text)
    {
        var secrets = new List<WebhookSecret>();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            secrets.Add(WebhookSecret.TryParse(part, out var secret)
                ? secret
                : throw new TalkException(ErrorCode.ArgumentInvalid,
                    $"{SecretsVariable} is wrong: its secret number {secrets.Count + 1} is not {WebhookSecret.Prefix} with {WebhookSecret.MinBytes} to "
                    + $"{WebhookSecret.MaxBytes} bytes in base64. Make one: echo \"{WebhookSecret.Prefix}$(openssl rand -base64 32)\"."));
        }

        return secrets.Count == 0 ? null : new WebhookSigner(secrets);
    }

    /// <summary>The value of the header <c>webhook-signature</c>.</summary>
    /// <param name="id">The webhook's id, without a full stop.</param>
    /// <param name="timestamp">When it is sent; counts in whole seconds.</param>
    /// <param name="body">The body, byte for byte.</param>
    public string Sign(string id, DateTimeOffset timestamp, ReadOnlySpan<byte> body)
    {
        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp.ToUnixTimeSeconds()}."));
        byte[] signed = [.. head, .. body];
        return string.Join(' ', _secrets.Select(secret => Version + Convert.ToBase64String(HMACSHA256.HashData(secret.Key, signed))));
    }
}
