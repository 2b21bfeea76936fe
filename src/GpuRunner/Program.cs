using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WanTalk.Core.Errors;
using WanTalk.Core.Fetching;
using WanTalk.Core.Publishing;
using WanTalk.GpuRunner;
using WanTalk.GpuRunner.Graphs;
using WanTalk.GpuRunner.Processes;
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
    .AddSingleton(TimeProvider.System)
    .AddSingleton(storage.Artifacts)
    .AddSingleton(storage.Queues)
    .AddSingleton(publisher)
    .AddSingleton<IInputFetcher>(new GuardedFetcher(fetching, TimeProvider.System))
    .AddRunner(options);

using var runner = builder.Build();
StageGraph.CheckAll();
await runner.StartAsync();
await parentEnds;
await runner.StopAsync();
return 0;
