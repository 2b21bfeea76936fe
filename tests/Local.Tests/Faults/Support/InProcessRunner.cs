using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Fetching;
using WanTalk.Core.Publishing;
using WanTalk.Core.Work;
using WanTalk.GpuRunner;
using WanTalk.Storage.Fetching;

namespace WanTalk.Local.Tests.Faults.Support;

/// <summary>A runner as its program builds it, in this process: with a home and an engine of its own, on lanes that others may serve.</summary>
internal sealed class InProcessRunner : IAsyncDisposable
{
    private readonly RunnerOptions _options;
    private readonly IHost _host;

    private InProcessRunner(RunnerOptions options, IHost host) => (_options, _host) = (options, host);

    /// <summary>Whether it is at nothing: all that it works on has a folder there.</summary>
    public bool IsIdle => !Directory.Exists(_options.Home.Scratch) || !Directory.EnumerateFileSystemEntries(_options.Home.Scratch).Any();

    public static async Task<InProcessRunner> StartAsync(
        RunnerOptions options, IArtifactStore store, IWorkQueues queues, IPublisher publisher, TimeProvider clock)
    {
        Directory.CreateDirectory(options.Home.Root);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services
            .AddLogging()
            .AddSingleton(clock)
            .AddSingleton(store)
            .AddSingleton(queues)
            .AddSingleton(publisher)
            .AddSingleton<IInputFetcher>(new GuardedFetcher(new FetchOptions(), clock))
            .AddRunner(options);
        var runner = new InProcessRunner(options, builder.Build());
        await runner._host.StartAsync(FullHost.TestEnd);
        return runner;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }
}
