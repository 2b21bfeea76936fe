using System.Text.RegularExpressions;

namespace WanTalk.Telemetry;

/// <summary>
/// Takes out of a text, before it is logged, what is nobody's business who reads logs: of an address all behind its host, and the user and
/// password before it; API keys, secrets of webhooks, what authorises a request, keys and passwords of connection strings, signatures.
/// </summary>
public static partial class Redaction
{
    /// <summary>The text without them; each leaves a … behind.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = Drawn().Replace(text, "${what}…");
        text = Header().Replace(text, "${what}…");
        text = Scheme().Replace(text, "${what}…");
        text = Value().Replace(text, "${what}…");
        text = Address().Replace(text, address => $"{address.Groups["scheme"]}{address.Groups["host"]}{(address.Groups["behind"].Success ? "/…" : "")}");
        return Query().Replace(text, "${path}?…");
    }

    // Keys of callers (ApiKeys) and secrets of webhooks (WebhookSecret) say by their beginning what they are.
    [GeneratedRegex("""\b(?<what>wt_|whsec_)[A-Za-z0-9+/=_-]{8,}""", RegexOptions.CultureInvariant)]
    private static partial Regex Drawn();

    // To the end of the line: a signature of a request has parts with commas and spaces between them.
    [GeneratedRegex("""(?<what>\b(?:Authorization|X-Api-Key|X-Amz-Security-Token|Cookie)\b["']?\s*[:=]\s*)[^\r\n]+""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Header();

    [GeneratedRegex("""\b(?<what>(?:Bearer|Basic|SharedKey|SharedKeyLite)\s+)[A-Za-z0-9+/=._~:-]{8,}""", RegexOptions.CultureInvariant)]
    private static partial Regex Scheme();

    // Connection strings, presigned queries and JSON.
    [GeneratedRegex(
        """
        (?<what>\b(?:AccountKey|SharedAccessKey|SharedAccessSignature|SecretAccessKey|secret_access_key|AccessKey|InstrumentationKey|password|pwd|secret|sig|signature|X-Amz-Signature|X-Amz-Credential|api_?key)\b["']?\s*[=:]\s*["']?)[^\s;"'<>]+
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Value();

    [GeneratedRegex("""(?<scheme>\b[a-z][a-z0-9+.-]*://)(?:[^\s/?#"'<>@]*@)?(?<host>[^\s/?#"'<>@,;)]+)(?<behind>[/?#][^\s"'<>]*)?""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    // Of an address without its host, as servers log it.
    [GeneratedRegex("""(?<path>/[^\s?"'<>]*)\?[^\s"'<>]+""", RegexOptions.CultureInvariant)]
    private static partial Regex Query();
}
