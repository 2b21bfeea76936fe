using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace WanTalk.Telemetry;

/// <summary>Puts <see cref="Redaction"/> before what a program logs to.</summary>
public static class RedactedLogging
{
    /// <summary>
    /// Redacts for every provider that is there already: the console, and in Azure the worker's channel to its host. Exports, added behind it by
    /// <see cref="TelemetryExport.AddTo"/>, redact for themselves, since they need what a message was put together from.
    /// </summary>
    public static ILoggingBuilder Redacted(this ILoggingBuilder logging)
    {
        ArgumentNullException.ThrowIfNull(logging);
        var services = logging.Services;
        for (var index = 0; index < services.Count; index++)
        {
            if (services[index] is { ServiceType: var type, IsKeyedService: false } plain && type == typeof(ILoggerProvider))
            {
                services[index] = ServiceDescriptor.Singleton<ILoggerProvider>(provider => new RedactingLoggerProvider(ProviderOf(plain, provider)));
            }
        }

        return logging;
    }

    private static ILoggerProvider ProviderOf(ServiceDescriptor plain, IServiceProvider services) => (ILoggerProvider)(
        plain.ImplementationInstance ?? plain.ImplementationFactory?.Invoke(services) ?? ActivatorUtilities.CreateInstance(services, plain.ImplementationType!));
}
