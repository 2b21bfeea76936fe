using System.Security.Cryptography;
using System.Text;

namespace WanTalk.Webhooks;

/// <summary>What a receiver does, by the text of Standard Webhooks and without any code of ours; docs/webhooks.md shows it.</summary>
internal static class WebhookVerifier
{
    // Shown in docs/webhooks.md from here.
    public static bool IsGenuine(
        string secret, string id, string timestamp, string signatures, byte[] body, DateTimeOffset now)
    {
        if (!long.TryParse(timestamp, out var seconds) || Math.Abs(now.ToUnixTimeSeconds() - seconds) > 300)
        {
            return false;
        }

        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var expected = Encoding.ASCII.GetBytes("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed)));
        return signatures.Split(' ').Any(
            given => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(given), expected));
    }
    // To here.
}
