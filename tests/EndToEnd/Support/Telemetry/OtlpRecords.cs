namespace WanTalk.EndToEnd.Support.Telemetry;

/// <summary>A span that arrived.</summary>
internal sealed record SpanRecord(
    string Service, string Trace, string Id, string Parent, string Name, IReadOnlyDictionary<string, string> Attributes, bool Failed);

/// <summary>A point of a metric that arrived: the sum and, for a histogram, how many were recorded.</summary>
internal sealed record MetricRecord(
    string Service, string Name, string Unit, IReadOnlyDictionary<string, string> Attributes, double Sum, ulong Count);

/// <summary>A log record that arrived.</summary>
internal sealed record LogRecord(string Service, string Trace, string Body, IReadOnlyDictionary<string, string> Attributes);

/// <summary>Reads OTLP's requests, by the field numbers of opentelemetry-proto 1 (opentelemetry/proto/*/v1).</summary>
internal static class OtlpRecords
{
    public static IEnumerable<SpanRecord> Spans(ProtobufMessage request) =>
        from resource in request.All(1)
        from scope in resource.All(2)
        from span in scope.All(2)
        select new SpanRecord(
            ServiceOf(resource), span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), AttributesOf(span, 9), span.One(15).Number(3) == 2);

    public static IEnumerable<MetricRecord> Metrics(ProtobufMessage request) =>
        from resource in request.All(1)
        from scope in resource.All(2)
        from metric in scope.All(2)
        from point in Points(metric)
        select new MetricRecord(ServiceOf(resource), metric.Text(1), metric.Text(3), point.Attributes, point.Sum, point.Count);

    public static IEnumerable<LogRecord> Logs(ProtobufMessage request) =>
        from resource in request.All(1)
        from scope in resource.All(2)
        from log in scope.All(2)
        select new LogRecord(ServiceOf(resource), log.Hex(9), ValueOf(log.One(5)), AttributesOf(log, 6));

    private static IEnumerable<(IReadOnlyDictionary<string, string> Attributes, double Sum, ulong Count)> Points(ProtobufMessage metric)
    {
        foreach (var point in metric.One(5).All(1).Concat(metric.One(7).All(1)))
        {
            yield return (AttributesOf(point, 7), point.Has(4) ? point.Double(4) : (long)point.Number(6), 0);
        }

        foreach (var point in metric.One(9).All(1))
        {
            yield return (AttributesOf(point, 9), point.Double(5), point.Number(4));
        }
    }

    private static string ServiceOf(ProtobufMessage resource) => AttributesOf(resource.One(1), 1).GetValueOrDefault("service.name", "");

    private static Dictionary<string, string> AttributesOf(ProtobufMessage message, int number) =>
        message.All(number).ToLookup(pair => pair.Text(1), pair => ValueOf(pair.One(2))).ToDictionary(pair => pair.Key, pair => pair.First());

    private static string ValueOf(ProtobufMessage value) => value switch
    {
        _ when value.Has(1) => value.Text(1),
        _ when value.Has(2) => value.Number(2) == 1 ? "true" : "false",
        _ when value.Has(3) => $"{(long)value.Number(3)}",
        _ when value.Has(4) => $"{value.Double(4)}",
        _ => "",
    };
}
