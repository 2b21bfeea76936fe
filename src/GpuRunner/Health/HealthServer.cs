using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WanTalk.Core.Json;

namespace WanTalk.GpuRunner.Health;

/// <summary>
/// Tells probes how the runner is: <c>GET /health/live</c> while the process lives, <c>GET /health/ready</c> with 200 or 503 and all that
/// is lacking, <c>GET /health/startup</c> with 200 once it has looked for the first time, whatever it found: an engine that takes minutes to
/// start is no reason to kill the runner. Work comes from queues, so that nothing else listens here; without an address nobody does.
/// </summary>
internal sealed class HealthServer(RunnerOptions options, RunnerReadiness readiness, ILogger<HealthServer> logger) : IHostedService, IAsyncDisposable
{
    private WebApplication? _server;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.HealthListen is not { } endpoint)
        {
            return;
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(endpoint));
        _server = builder.Build();
        _server.MapGet("/health/live", () => Results.Json(new { Status = "alive" }, CoreJson.Options));
        _server.MapGet("/health/ready", () => Answer(readiness.Report, readiness.Report.Ready));
        _server.MapGet("/health/startup", () => Answer(readiness.Report, readiness.HasLooked));
        await _server.StartAsync(cancellationToken);
        logger.LogInformation("Health is told on {Addresses}", string.Join(", ", _server.Urls));
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static IResult Answer(ReadinessReport report, bool good) =>
        Results.Json(report, CoreJson.Options, null, good ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);

    /// <summary>Where it listens.</summary>
    public IEnumerable<string> Urls => _server?.Urls ?? [];
}
