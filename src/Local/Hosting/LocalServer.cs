using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using WanTalk.Api.Callers;
using WanTalk.Api.Events;
using WanTalk.Api.Routes;
using WanTalk.Api.RunPod;
using WanTalk.Core.Errors;
using WanTalk.Core.Owners;
using WanTalk.Core.Preflight;
using WanTalk.Core.Quotes;
using WanTalk.Core.Talks;
using WanTalk.Core.Uploads;
using WanTalk.GpuRunner;
using WanTalk.Telemetry;

namespace WanTalk.Local.Hosting;

/// <summary>Serves the API on loopback, on top of the local host.</summary>
internal static class LocalServer
{
    /// <summary>Serves until the token fires. Talks that were unfinished go on by themselves.</summary>
    /// <param name="options">What to run.</param>
    /// <param name="requests">What the operator decides about requests.</param>
    /// <param name="port">The port on loopback; 0 for a free one.</param>
    /// <param name="cancellationToken">Ends serving; talks go on at the next start.</param>
    /// <exception cref="TalkException">The home or the port is in use.</exception>
    public static async Task RunAsync(LocalOptions options, RequestOptions requests, int port, CancellationToken cancellationToken)
    {
        var runPod = RunPodOptions.FromEnvironment(Environment.GetEnvironmentVariable);
        var uploads = UploadOptions.FromEnvironment(Environment.GetEnvironmentVariable);
        var callers = CallerOptions.FromEnvironment(Environment.GetEnvironmentVariable);
        using var telemetry = TelemetryExport.Start(TelemetrySettings.Read(Environment.GetEnvironmentVariable), TelemetryService.Host);
        using var logging = LoggerFactory.Create(factory => Logging(factory, telemetry));
        await using var host = await LocalHost.StartAsync(options with { WatchesRunner = true }, logging, cancellationToken);
        using var lengths = new DecodedSpeechLength(host.Layout.Measuring);
        var builder = WebApplication.CreateSlimBuilder();
        Logging(builder.Logging, telemetry);
        // Each request in four lines or more: for who looks for a fault in the server.
        builder.Logging.AddFilter("Microsoft.AspNetCore", Level < LogLevel.Information ? Level : LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services
            .AddSingleton(TimeProvider.System)
            .AddSingleton(host.Store)
            .AddSingleton(host.Index)
            .AddSingleton(host.Records)
            .AddSingleton(host.Uploads)
            .AddSingleton(uploads)
            .AddSingleton(new OwnedTalks(
                host.Intake, host.Control, host.Reader, host.Index, TimeProvider.System, aloneSince: TimeProvider.System.GetUtcNow()))
            .AddSingleton(new OwnedPreflights(
                host.Store, host.Records, host.Orchestrations, LocalOptions.Rules, new PreflightLimits(), TimeProvider.System))
            .AddSingleton(host.History)
            .AddSingleton(host.Prices)
            .AddSingleton<ISpeechLength>(lengths)
            .AddSingleton(callers)
            .AddSingleton(host.Orchestrations)
            .AddSingleton(runPod)
            .AddSingleton(new EventOptions())
            .AddSingleton(requests)
            .AddReadiness(host.Checks)
            .AddApi();
        await using var server = builder.Build();
        server.UseApiRefusals();
        server.MapApi();
        try
        {
            await server.StartAsync(cancellationToken);
        }
        catch (IOException busy)
        {
            throw new TalkException(ErrorCode.ArgumentInvalid, $"Port {port} cannot be used: {busy.Message} Give another --port.", busy);
        }

        var address = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        await Console.Out.WriteLineAsync($"wantalk serving on {address}");
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await server.StopAsync(CancellationToken.None);
    }

    private static LogLevel Level =>
        RunnerEnvironment.FindLogLevel(Environment.GetEnvironmentVariable(RunnerEnvironment.LogLevelName)) ?? LogLevel.Information;

    private static void Logging(ILoggingBuilder logging, TelemetryExport telemetry) => telemetry.AddTo(logging
        .ClearProviders()
        .SetMinimumLevel(Level)
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        .AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
        })
        .Redacted());
}
