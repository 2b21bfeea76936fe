using System.Diagnostics.CodeAnalysis;

namespace WanTalk.Core.Webhooks;

/// <summary>
/// A secret that webhooks are signed with, as Standard Webhooks writes one: <c>whsec_</c> and 24 to 64 random bytes in base64. It never
/// shows itself in a text.
/// </summary>
public sealed class WebhookSecret
{
    /// <summary>What each begins with.</summary>
    public const string Prefix = "whsec_";

    /// <summary>The fewest bytes.</summary>
    public const int MinBytes = 24;

    /// <summary>The most bytes.</summary>
    public const int MaxBytes = 64;

    private readonly byte[] _key;

    private WebhookSecret(byte[] key) => _key = key;

    /// <summary>The bytes that sign.</summary>
    internal ReadOnlySpan<byte> Key => _key;

    /// <summary>Reads a secret.</summary>
    /// <param name="text">What the operator gave.</param>
    /// <param name="secret">The secret.</param>
    /// <returns>False when it is none.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out WebhookSecret? secret)
    {
        ArgumentNullException.ThrowIfNull(text);
        secret = null;
        var bytes = new byte[text.Length];
        if (text.StartsWith(Prefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(text[Prefix.Length..], bytes, out var count) && count is >= MinBytes and <= MaxBytes)
        {
            secret = new WebhookSecret(bytes[..count]);
        }

        return secret is not null;
    }

    /// <summary>Writes random bytes as a secret.</summary>
    /// <param name="bytes">From <see cref="MinBytes"/> to <see cref="MaxBytes"/> of them.</param>
    public static string Write(ReadOnlySpan<byte> bytes) => Prefix + Convert.ToBase64String(bytes);
}
