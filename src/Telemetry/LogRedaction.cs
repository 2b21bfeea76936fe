using System.Text.RegularExpressions;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace WanTalk.Telemetry;

/// <summary>
/// Takes out of a log record, before it leaves, what addresses have behind their host: the path of an input, and a query that may be a key.
/// An exception goes out as its type and stack, its message as the rest: OpenTelemetry's own form of it would have the message as it was.
/// </summary>
internal sealed partial class LogRedaction : BaseProcessor<LogRecord>
{
    /// <inheritdoc/>
    public override void OnEnd(LogRecord data)
    {
        ArgumentNullException.ThrowIfNull(data);
        data.FormattedMessage = data.FormattedMessage is { } message ? Redact(message) : null;
        data.Body = data.Body is { } body ? Redact(body) : null;
        var attributes = (data.Attributes ?? []).Select(attribute => new KeyValuePair<string, object?>(attribute.Key, Redact(attribute.Value)));
        if (data.Exception is { } exception)
        {
            attributes = attributes.Concat(
            [
                new("exception.type", exception.GetType().FullName),
                new("exception.message", Redact(exception.Message)),
                new("exception.stacktrace", Redact(exception.ToString())),
            ]);
            data.Exception = null;
        }

        data.Attributes = [.. attributes];
    }

    /// <summary>A text with each address in it cut behind its host.</summary>
    internal static string Redact(string text) => text.Contains("://", StringComparison.Ordinal) ? Address().Replace(text, "${scheme}${host}/…") : text;

    // Whatever is no plain value is told as the text that a person would read.
    private static object? Redact(object? value) => value switch
    {
        null or bool or int or long or double or float or short or byte or uint or ulong or ushort or sbyte or decimal => value,
        string text => Redact(text),
        _ => Redact(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? ""),
    };

    // A user and password before the host are left out with the rest.
    [GeneratedRegex("""(?<scheme>\b[a-z][a-z0-9+.-]*://)(?:[^\s/?#"'<>@]*@)?(?<host>[^\s/?#"'<>@,;)]+)(?:[/?#][^\s"'<>]*)?""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Address();
}
