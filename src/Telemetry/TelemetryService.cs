using OpenTelemetry.Resources;

namespace WanTalk.Telemetry;

/// <summary>Which program sends telemetry.</summary>
/// <param name="Name">Its name, unless OTEL_SERVICE_NAME gives another.</param>
/// <param name="Instance">Which of several it is.</param>
/// <param name="ServesHttp">Whether the requests that it answers are spans.</param>
public sealed record TelemetryService(string Name, string Instance, bool ServesHttp = false)
{
    /// <summary>Sources of spans beside our own.</summary>
    public IReadOnlyList<string> MoreSources { get; init; } = [];

    /// <summary>A host, whose instance is its process on its machine.</summary>
    public static TelemetryService Host { get; } =
        new("wantalk-host", $"{Environment.MachineName.ToLowerInvariant()}-{Environment.ProcessId}", ServesHttp: true);

    /// <summary>The worker of the Azure host: Azure's own host answers the requests, and the worker's spans of invocations are under its.</summary>
    public static TelemetryService FunctionsWorker { get; } = Host with { ServesHttp = false, MoreSources = ["Microsoft.Azure.Functions.Worker"] };

    /// <summary>A runner.</summary>
    /// <param name="name">Its name in heartbeats and results.</param>
    public static TelemetryService Runner(string name) => new("wantalk-runner", name);

    /// <summary>What is said of it with everything that it sends; OTEL_RESOURCE_ATTRIBUTES and OTEL_SERVICE_NAME come last, and win.</summary>
    internal ResourceBuilder Describe() => ResourceBuilder.CreateEmpty()
        .AddTelemetrySdk()
        .AddService(
            Name, serviceNamespace: "wantalk", typeof(TelemetryService).Assembly.GetName().Version?.ToString(3), serviceInstanceId: Instance)
        .AddEnvironmentVariableDetector();
}
