using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace WanTalk.Core.Uploads;

/// <summary>
/// Ids of uploads: the second until which the upload may be used, and 130 random bits. So ids are ordered by their end, and none can be guessed.
/// What an id says of its end is believed only of one that is on record.
/// </summary>
public static partial class UploadId
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int RandomCharacters = 26;
    private const int TimeCharacters = 10;

    /// <summary>A new id.</summary>
    /// <param name="usableUntil">Until when the upload may be used, cut to the second.</param>
    public static string New(DateTimeOffset usableUntil) => string.Create(
        CultureInfo.InvariantCulture, $"{usableUntil.ToUnixTimeSeconds():x10}{RandomNumberGenerator.GetString(Alphabet, RandomCharacters)}");

    /// <summary>Whether a text has the form of an id. Ids are used in names of artifacts and records, so nothing else may pass.</summary>
    public static bool IsValid(string? text) => text is not null && Pattern().IsMatch(text);

    /// <summary>Until when an upload may be used.</summary>
    /// <param name="id">A valid id.</param>
    public static DateTimeOffset UsableUntil(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return DateTimeOffset.FromUnixTimeSeconds(long.Parse(id.AsSpan(0, TimeCharacters), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
    }

    // Two zeros in front keep the time below the year 10889, so that every id of this form has one.
    [GeneratedRegex(@"^00[0-9a-f]{8}[0-9a-z]{26}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
