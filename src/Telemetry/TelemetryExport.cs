using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Instrumentation.AspNetCore;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using WanTalk.Core.Telemetry;

namespace WanTalk.Telemetry;

/// <summary>
/// Sends what a program measures to where the settings say, until it is disposed, which sends the rest and waits for it a few seconds. It
/// holds no host's container, so that every program uses it: the server, a command, the runner, the Azure host.
/// </summary>
public sealed class TelemetryExport : IDisposable
{
    private readonly TelemetrySettings _settings;
    private readonly ResourceBuilder _resource;
    private readonly TracerProvider? _traces;
    private readonly MeterProvider? _metrics;
    private readonly List<ServiceProvider> _logs = [];

    private TelemetryExport(TelemetrySettings settings, TelemetryService service)
    {
        _settings = settings;
        _resource = service.Describe();
        _traces = settings.Sends(Signal.Traces) ? Traces(service) : null;
        _metrics = settings.Sends(Signal.Metrics) ? Metrics() : null;
    }

    /// <summary>Begins to send.</summary>
    /// <param name="settings">Where to.</param>
    /// <param name="service">Who sends.</param>
    public static TelemetryExport Start(TelemetrySettings settings, TelemetryService service)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(service);
        return new TelemetryExport(settings, service);
    }

    /// <summary>Sends what a program's loggers get, with their scopes; addresses in them are cut behind the host.</summary>
    /// <remarks>
    /// The provider has a container of its own: in the program's it would read that program's configuration, which need not have the
    /// environment's variables in it, and two factories cannot share one, since each gives its provider scopes of its own.
    /// </remarks>
    public void AddTo(ILoggingBuilder logging)
    {
        ArgumentNullException.ThrowIfNull(logging);
        if (!_settings.Sends(Signal.Logs))
        {
            return;
        }

        var container = new ServiceCollection().AddLogging(own => own.AddOpenTelemetry(Logs)).BuildServiceProvider();
        _logs.Add(container);
        logging.AddProvider(container.GetServices<ILoggerProvider>().OfType<OpenTelemetryLoggerProvider>().Single());
    }

    /// <summary>Sends the rest.</summary>
    public void Dispose()
    {
        // Together: each waits up to five seconds for a receiver that does not answer, and a runner has twenty seconds to end.
        IEnumerable<IDisposable?> all = [_traces, _metrics, .. _logs];
        Parallel.ForEach(all, part => part?.Dispose());
    }

    private TracerProvider Traces(TelemetryService service)
    {
        var traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(_resource)
            .AddSource(TelemetryNames.Talks, TelemetryNames.Runner)
            .AddSource([.. service.MoreSources]);
        if (service.ServesHttp)
        {
            traces.AddAspNetCoreInstrumentation(Restrain);
        }

        if (_settings.Otlp.TryGetValue(Signal.Traces, out var otlp))
        {
            traces.AddOtlpExporter(otlp.Apply);
        }

        if (_settings.AzureMonitor is { } connection)
        {
            traces.AddAzureMonitorTraceExporter(azure => Connect(azure, connection));
        }

        return traces.Build();
    }

    private MeterProvider Metrics()
    {
        var metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(_resource)
            .AddMeter(TelemetryNames.Talks, TelemetryNames.Runner, "Microsoft.AspNetCore.Hosting", "System.Runtime");
        if (_settings.Otlp.TryGetValue(Signal.Metrics, out var otlp))
        {
            metrics.AddOtlpExporter(otlp.Apply);
        }

        if (_settings.AzureMonitor is { } connection)
        {
            metrics.AddAzureMonitorMetricExporter(azure => Connect(azure, connection));
        }

        return metrics.Build();
    }

    private void Logs(OpenTelemetryLoggerOptions options)
    {
        options.SetResourceBuilder(_resource);
        options.IncludeScopes = true;
        options.IncludeFormattedMessage = true;
        options.AddProcessor(new LogRedaction());
        if (_settings.Otlp.TryGetValue(Signal.Logs, out var otlp))
        {
            options.AddOtlpExporter(otlp.Apply);
        }

        if (_settings.AzureMonitor is { } connection)
        {
            options.AddAzureMonitorLogExporter(azure => Connect(azure, connection));
        }
    }

    /// <summary>Probes make no spans, and no query leaves: it may hold a key.</summary>
    private static void Restrain(AspNetCoreTraceInstrumentationOptions options)
    {
        options.Filter = http => !http.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase);
        options.EnrichWithHttpResponse = (span, _) => span.SetTag("url.query", null);
    }

    private static void Connect(AzureMonitorExporterOptions options, string connection)
    {
        options.ConnectionString = connection;
        // A runner's disk is small and counted: what cannot be sent is lost.
        options.DisableOfflineStorage = true;
        // Its own default drops what is above five traces a second, and a second channel shows live what is sent anyway.
        options.TracesPerSecond = null;
        options.EnableLiveMetrics = false;
    }
}
