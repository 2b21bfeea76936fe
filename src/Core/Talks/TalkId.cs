using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace WanTalk.Core.Talks;

/// <summary>Ids of talks: 26 lower-case letters and digits that cannot be guessed (130 random bits).</summary>
public static partial class TalkId
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>A new id.</summary>
    public static string New() => RandomNumberGenerator.GetString(Alphabet, 26);

    /// <summary>Whether a text has the form of an id. Ids are used in names of artifacts and instances, so nothing else may pass.</summary>
    public static bool IsValid(string? text) => text is not null && Pattern().IsMatch(text);

    [GeneratedRegex(@"^[a-z0-9]{8,40}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
