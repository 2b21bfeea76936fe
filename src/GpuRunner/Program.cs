using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WanTalk.Core.Errors;
using WanTalk.Core.Fetching;
using WanTalk.Core.Publishing;
using WanTalk.GpuRunner;
using WanTalk.GpuRunner.Graphs;
using WanTalk.GpuRunner.Models;
using WanTalk.Storage;
using WanTalk.Storage.Fetching;
using WanTalk.Telemetry;

if (args is ["models", .. var rest])
{
    return await ModelsCommand.RunAsync(rest);
}

RunnerOptions options;
try
{
    options = RunnerArguments.Parse(args, Environment.GetEnvironmentVariable);
    Directory.CreateDirectory(options.Home.Root);
}
catch (Exception wrong) when (wrong is ArgumentException or TalkException or IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync(
        Redaction.Of(((wrong as TalkException)?.Error ?? new TalkError(ErrorCode.ArgumentInvalid, wrong.Message)).ToString()));
    return 2;
}

using var life = RunnerLife.Begin(options);
using var runnerLock = await RunnerLock.TakeAsync(options.Home, TimeProvider.System, life.End);
if (runnerLock is null)
{
    return 0;
}

StorageAdapters opened;
IPublisher publisher;
FetchOptions fetching;
TelemetrySettings measuring;
try
{
    measuring = TelemetrySettings.Read(Environment.GetEnvironmentVariable);
    publisher = StorageAdapters.OpenPublisher(options.Publish, options.Home, Environment.GetEnvironmentVariable, TimeProvider.System);
    fetching = FetchOptions.FromEnvironment(Environment.GetEnvironmentVariable);
    opened = StorageAdapters.Open(options.Storage, options.Home, Environment.GetEnvironmentVariable, TimeProvider.System);
}
catch (TalkException failure)
{
    await Console.Error.WriteLineAsync(Redaction.Of(failure.Error.ToString()));
    return 2;
}

using var storage = opened;
using var telemetry = TelemetryExport.Start(measuring, TelemetryService.Runner(options.Name));
var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
builder.Logging.SetMinimumLevel(options.LogLevel).AddSimpleConsole(console =>
{
    console.SingleLine = true;
    console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
    console.UseUtcTimestamp = true;
}).Redacted();
telemetry.AddTo(builder.Logging);
builder.Services
    .AddSingleton(TimeProvider.System)
    .AddSingleton(storage.Artifacts)
    .AddSingleton(storage.Queues)
    .AddSingleton(publisher)
    .AddSingleton<IInputFetcher>(new GuardedFetcher(fetching, TimeProvider.System))
    .AddRunner(options)
    .Configure<HostOptions>(host => host.ShutdownTimeout = RunnerLife.StopTime);

using var runner = builder.Build();
StageGraph.CheckAll();
await runner.StartAsync();
await life.End;
await runner.StopAsync();
return 0;
