namespace WanTalk.Core.Uploads;

/// <summary>An upload as an input of a request: <c>upload:ID</c>, where an address would be.</summary>
public static class UploadReference
{
    private const string Scheme = "upload:";

    /// <summary>The reference of an upload.</summary>
    public static string Of(string id) => $"{Scheme}{id}";

    /// <summary>Whether a text is meant as one.</summary>
    public static bool IsMeant(string? text) => text?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>What stands for the id in a text that is meant as a reference, whatever its form.</summary>
    public static string IdIn(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text[Scheme.Length..];
    }
}
