using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace WanTalk.Core.Talks;

/// <summary>Ids of talks: 26 lower-case letters and digits that cannot be guessed (130 random bits).</summary>
public static partial class TalkId
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    private const int Length = 26;

    /// <summary>A new id.</summary>
    public static string New() => RandomNumberGenerator.GetString(Alphabet, Length);

    /// <summary>
    /// The id of the talk that a queue's message asks for: HMAC-SHA-256 (RFC 2104) of queue and message id, the first 130 bits of it. Who
    /// does not know the secret cannot guess it, and the same message has the same id.
    /// </summary>
    /// <param name="secret">The key.</param>
    /// <param name="queue">The queue's name.</param>
    /// <param name="messageId">The message's id.</param>
    public static string OfMessage(ReadOnlySpan<byte> secret, string queue, string messageId)
    {
        ArgumentNullException.ThrowIfNull(queue);
        ArgumentNullException.ThrowIfNull(messageId);
        // The length in front keeps "a" + "bc" and "ab" + "c" apart.
        var hash = HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{queue.Length}:{queue}{messageId}"));
        return string.Create(Length, hash, (characters, bytes) =>
        {
            for (var i = 0; i < characters.Length; i++)
            {
                // Five bits a character, in the hash's own order.
                var (at, shift) = (i * 5 / 8, i * 5 % 8);
                characters[i] = Alphabet[((bytes[at] | bytes[at + 1] << 8) >> shift) & 31];
            }
        });
    }

    /// <summary>Whether a text has the form of an id. Ids are used in names of artifacts and instances, so nothing else may pass.</summary>
    public static bool IsValid(string? text) => text is not null && Pattern().IsMatch(text);

    [GeneratedRegex(@"^[a-z0-9]{8,40}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
