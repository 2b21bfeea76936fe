using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WanTalk.Core.Errors;
using WanTalk.Core.Fetching;
using WanTalk.Core.Publishing;
using WanTalk.Core.Work;
using WanTalk.GpuRunner;
using WanTalk.GpuRunner.Engine;
using WanTalk.GpuRunner.Graphs;
using WanTalk.GpuRunner.Health;
using WanTalk.GpuRunner.Lanes;
using WanTalk.GpuRunner.Processes;
using WanTalk.GpuRunner.Stages;
using WanTalk.Media.Faces;
using WanTalk.Media.Ffmpeg;
using WanTalk.Storage;
using WanTalk.Storage.Fetching;

// A runner belongs to its parent: Ctrl-C goes to the whole group of a terminal and is the parent's to act on; the runner ends with its input.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
var parentEnds = ParentLifetime.WaitForEndAsync();
RunnerOptions options;
try
{
    options = RunnerArguments.Parse(args);
}
catch (ArgumentException wrong)
{
    await Console.Error.WriteLineAsync(new TalkError(ErrorCode.ArgumentInvalid, wrong.Message).ToString());
    return 2;
}

using var runnerLock = await RunnerLock.TakeAsync(options.Home, TimeProvider.System, parentEnds);
if (runnerLock is null)
{
    return 0;
}

StorageAdapters opened;
IPublisher publisher;
FetchOptions fetching;
try
{
    publisher = StorageAdapters.OpenPublisher(options.Publish, options.Home, Environment.GetEnvironmentVariable, TimeProvider.System);
    fetching = FetchOptions.FromEnvironment(Environment.GetEnvironmentVariable);
    opened = StorageAdapters.Open(options.Storage, options.Home, Environment.GetEnvironmentVariable, TimeProvider.System);
}
catch (TalkException failure)
{
    await Console.Error.WriteLineAsync(failure.Error.ToString());
    return 2;
}

using var storage = opened;
var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
builder.Logging.AddSimpleConsole(console =>
{
    console.SingleLine = true;
    console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
    console.UseUtcTimestamp = true;
});
builder.Services
    .AddSingleton(options)
    .AddSingleton(TimeProvider.System)
    .AddSingleton(storage.Artifacts)
    .AddSingleton(storage.Queues)
    .AddSingleton(publisher)
    .AddSingleton<IInputFetcher>(new GuardedFetcher(fetching, TimeProvider.System))
    .AddSingleton(new FfmpegOptions())
    .AddSingleton<FaceFinder>()
    .AddSingleton<EngineSupervisor>()
    .AddHostedService(services => services.GetRequiredService<EngineSupervisor>())
    .AddSingleton<EngineReadiness>()
    .AddSingleton<RunnerReadiness>()
    .AddHostedService(services => services.GetRequiredService<RunnerReadiness>())
    .AddHostedService<HealthServer>()
    .AddSingleton<EngineAccess>()
    .AddSingleton<EngineCleaner>()
    .AddSingleton<IStage, PrepareStage>()
    .AddSingleton<IStage, SeparateStage>()
    .AddSingleton<IStage, EmbedStage>()
    .AddSingleton<IStage, SampleStage>()
    .AddSingleton<IStage, AssembleStage>()
    .AddSingleton<IStage, PublishStage>()
    .AddSingleton<AttemptHandler>();
foreach (var (lane, concurrency) in ((Lane, int)[])[(Lane.Media, options.MediaConcurrency), (Lane.Embed, 1), (Lane.Sample, 1)])
{
    builder.Services.AddSingleton<IHostedService>(
        services => ActivatorUtilities.CreateInstance<LaneWorker>(services, lane, concurrency));
}

using var runner = builder.Build();
StageGraph.CheckAll();
await runner.StartAsync();
await parentEnds;
await runner.StopAsync();
return 0;
