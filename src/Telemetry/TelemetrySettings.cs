using WanTalk.Core.Errors;

namespace WanTalk.Telemetry;

/// <summary>Where telemetry goes. Without any of it nothing is measured and nothing is sent.</summary>
/// <param name="Otlp">The signals that go out over OTLP.</param>
/// <param name="AzureMonitor">The connection string of Application Insights; null for none.</param>
public sealed record TelemetrySettings(IReadOnlyDictionary<Signal, OtlpTarget> Otlp, string? AzureMonitor)
{
    /// <summary>The variable with the connection string of Application Insights.</summary>
    public const string AzureMonitorVariable = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    private const string DisabledVariable = "OTEL_SDK_DISABLED";

    /// <summary>Whether anything is sent.</summary>
    public bool IsOn => Otlp.Count > 0 || AzureMonitor is not null;

    /// <summary>Reads the standard variables; docs/telemetry.md has them all.</summary>
    /// <param name="variable">Gives the value of an environment variable.</param>
    /// <exception cref="TalkException">A variable is wrong, which it names.</exception>
    public static TelemetrySettings Read(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        var otlp = new Dictionary<Signal, OtlpTarget>();
        if (string.Equals(variable(DisabledVariable), "true", StringComparison.OrdinalIgnoreCase))
        {
            return new TelemetrySettings(otlp, null);
        }

        foreach (var signal in Enum.GetValues<Signal>())
        {
            if (OtlpTarget.Read(signal, variable) is { } target)
            {
                otlp[signal] = target;
            }
        }

        return new TelemetrySettings(otlp, variable(AzureMonitorVariable) is { Length: > 0 } connection ? CheckedConnection(connection) : null);
    }

    /// <summary>Whether a signal is sent anywhere.</summary>
    public bool Sends(Signal signal) => Otlp.ContainsKey(signal) || AzureMonitor is not null;

    /// <summary>Without the connection string, which holds a key.</summary>
    public override string ToString() => $"OTLP: {string.Join(", ", Otlp.Keys)}; Azure Monitor: {AzureMonitor is not null}";

    private static string CheckedConnection(string text) =>
        text.Split(';').Select(part => part.Split('=', 2)).Any(part =>
            part is [var name, var key] && name.Trim().Equals("InstrumentationKey", StringComparison.OrdinalIgnoreCase) && Guid.TryParse(key, out _))
            ? text
            : throw new TalkException(ErrorCode.ArgumentInvalid,
                $"{AzureMonitorVariable} is no connection string of Application Insights. Give the one of its overview page, with an InstrumentationKey.");
}
