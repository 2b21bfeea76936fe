namespace WanTalk.Storage.R2;

/// <summary>The tags of objects and parts: R2's are MD5s, of the parts' MD5s where there are parts. Other servers may give any.</summary>
internal static class ETag
{
    private const int Md5Digits = 32;

    /// <summary>The tag without its quotation marks.</summary>
    internal static string Unquoted(string? etag) => etag?.Trim('"') ?? "";

    /// <summary>Refuses a tag that is another MD5 than the one of what was sent.</summary>
    /// <exception cref="R2DamageException">The server has something else.</exception>
    internal static void Check(string? etag, string sent)
    {
        if (Unquoted(etag) is var got && got != sent && FormOf(got) is { } form && form == FormOf(sent))
        {
            throw new R2DamageException($"has something else than what was sent: its MD5 is {got} instead of {sent}");
        }
    }

    /// <summary>Behind an MD5 the number of parts, if there were any; null for what is no MD5.</summary>
    private static string? FormOf(string etag) =>
        etag.Length >= Md5Digits && etag.Take(Md5Digits).All(char.IsAsciiHexDigitLower)
        && (etag.Length == Md5Digits || etag[Md5Digits] == '-')
            ? etag[Md5Digits..]
            : null;
}
