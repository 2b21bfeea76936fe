using OpenTelemetry;
using OpenTelemetry.Logs;

namespace WanTalk.Telemetry;

/// <summary>
/// Takes out of a log record, before it leaves, what <see cref="Redaction"/> does of each of its texts.
/// An exception goes out as its type and stack, its message as the rest: OpenTelemetry's own form of it would have the message as it was.
/// </summary>
internal sealed class LogRedaction : BaseProcessor<LogRecord>
{
    /// <inheritdoc/>
    public override void OnEnd(LogRecord data)
    {
        ArgumentNullException.ThrowIfNull(data);
        data.FormattedMessage = data.FormattedMessage is { } message ? Redaction.Of(message) : null;
        data.Body = data.Body is { } body ? Redaction.Of(body) : null;
        var attributes = (data.Attributes ?? []).Select(attribute => new KeyValuePair<string, object?>(attribute.Key, Redact(attribute.Value)));
        if (data.Exception is { } exception)
        {
            attributes = attributes.Concat(
            [
                new("exception.type", exception.GetType().FullName),
                new("exception.message", Redaction.Of(exception.Message)),
                new("exception.stacktrace", Redaction.Of(exception.ToString())),
            ]);
            data.Exception = null;
        }

        data.Attributes = [.. attributes];
    }

    // Whatever is no plain value is told as the text that a person would read.
    private static object? Redact(object? value) => value switch
    {
        null or bool or int or long or double or float or short or byte or uint or ulong or ushort or sbyte or decimal => value,
        string text => Redaction.Of(text),
        _ => Redaction.Of(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? ""),
    };
}
