using System.Diagnostics;
using WanTalk.Core.Errors;

namespace WanTalk.Core.Telemetry;

/// <summary>
/// Carries a trace where no call does: over artifacts, as a W3C <c>traceparent</c>. Vendors' <c>tracestate</c> is not carried.
/// </summary>
public static class TraceContext
{
    /// <summary>Begins a span under one that another process, or an earlier run of this one, began.</summary>
    /// <param name="source">Whose span it is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="traceParent">The <c>traceparent</c>; without one that makes sense the span is under what is current here.</param>
    /// <param name="startTime">When it began; now by default.</param>
    /// <returns>Null when nobody listens.</returns>
    public static Activity? StartUnder(
        this ActivitySource source, string name, ActivityKind kind, string? traceParent, DateTimeOffset startTime = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        _ = ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent);
        return source.StartActivity(name, kind, parent, startTime: startTime);
    }

    /// <summary>
    /// Says on a span that its work failed: with the code, and without the message, which may name an address or a path of an input.
    /// </summary>
    public static void SetError(this Activity? span, ErrorCode code)
    {
        span?.SetStatus(ActivityStatusCode.Error);
        span?.SetTag(TelemetryNames.ErrorType, ErrorCatalog.Name(code));
    }
}
