namespace WanTalk.Telemetry;

/// <summary>What OpenTelemetry tells apart.</summary>
public enum Signal
{
    /// <summary>Spans.</summary>
    Traces,

    /// <summary>Numbers over time.</summary>
    Metrics,

    /// <summary>Log records.</summary>
    Logs,
}
