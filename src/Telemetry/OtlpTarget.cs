using OpenTelemetry.Exporter;
using WanTalk.Core.Errors;

namespace WanTalk.Telemetry;

/// <summary>
/// Where one signal goes over OTLP, from the variables of OpenTelemetry's specification ("OpenTelemetry Protocol Exporter"): those of the
/// signal win over those of all signals, which the exporter reads itself.
/// </summary>
/// <param name="Endpoint">The signal's own address, used as it is; null for the one of all signals, which the signal's path is put behind.</param>
/// <param name="Protocol">The signal's own protocol; null for the one of all signals.</param>
/// <param name="Headers">The signal's own headers, which may hold a key; null for those of all signals.</param>
public sealed record OtlpTarget(Uri? Endpoint, OtlpExportProtocol? Protocol, string? Headers)
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";

    /// <summary>The target of a signal; null when none is set, or when OTEL_{SIGNAL}_EXPORTER is <c>none</c>.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="variable">Gives the value of an environment variable.</param>
    /// <exception cref="TalkException">A variable is wrong, which it names.</exception>
    internal static OtlpTarget? Read(Signal signal, Func<string, string?> variable)
    {
        var name = signal.ToString().ToUpperInvariant();
        var exporter = $"OTEL_{name}_EXPORTER";
        switch (Given(variable, exporter))
        {
            case null or "otlp":
                break;
            case "none":
                return null;
            default:
                throw Wrong(exporter, "Give 'otlp' or 'none'.");
        }

        // What is wrong would only be written to the SDK's own event log, and the default address be taken.
        var all = Address(variable, $"{Prefix}ENDPOINT");
        var own = Address(variable, $"{Prefix}{name}_ENDPOINT");
        _ = ProtocolOf(variable, $"{Prefix}PROTOCOL");
        var protocol = ProtocolOf(variable, $"{Prefix}{name}_PROTOCOL");
        return all is null && own is null ? null : new OtlpTarget(own, protocol, Given(variable, $"{Prefix}{name}_HEADERS"));
    }

    /// <summary>Sets an exporter's options; they have what was said for all signals already.</summary>
    internal void Apply(OtlpExporterOptions options)
    {
        options.Protocol = Protocol ?? options.Protocol;
        options.Headers = Headers ?? options.Headers;
        if (Endpoint is not null)
        {
            options.Endpoint = Endpoint;
        }
    }

    /// <summary>Without the headers, which may hold a key.</summary>
    public override string ToString() => $"{Endpoint?.GetLeftPart(UriPartial.Authority) ?? "the endpoint of all signals"}";

    private static string? Given(Func<string, string?> variable, string name) => variable(name)?.Trim() is { Length: > 0 } value ? value : null;

    private static Uri? Address(Func<string, string?> variable, string name) => Given(variable, name) is not { } text
        ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw Wrong(name, "Give an address like http://localhost:4317.");

    private static OtlpExportProtocol? ProtocolOf(Func<string, string?> variable, string name) => Given(variable, name) switch
    {
        null => null,
        "grpc" => OtlpExportProtocol.Grpc,
        "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
        _ => throw Wrong(name, "Give 'grpc' or 'http/protobuf'."),
    };

    /// <summary>The value is not told: an address may hold a key.</summary>
    private static TalkException Wrong(string name, string what) => new(ErrorCode.ArgumentInvalid, $"{name} is wrong. {what}");
}
