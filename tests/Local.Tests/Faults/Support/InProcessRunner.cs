using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Fetching;
using WanTalk.Core.Publishing;
using WanTalk.Core.Work;
using WanTalk.GpuRunner;
using WanTalk.GpuRunner.Engine;
using WanTalk.GpuRunner.Health;
using WanTalk.GpuRunner.Lanes;
using WanTalk.GpuRunner.Stages;
using WanTalk.Media.Faces;
using WanTalk.Media.Ffmpeg;
using WanTalk.Storage.Fetching;

namespace WanTalk.Local.Tests.Faults.Support;

/// <summary>A runner as its program builds it, in this process: with a home and an engine of its own, on lanes that others may serve.</summary>
internal sealed class InProcessRunner : IAsyncDisposable
{
    private static readonly FaceFinder Faces = new();
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
            .AddSingleton(options)
            .AddSingleton(clock)
            .AddSingleton(store)
            .AddSingleton(queues)
            .AddSingleton(publisher)
            .AddSingleton<IInputFetcher>(new GuardedFetcher(new FetchOptions(), clock))
            .AddSingleton(new FfmpegOptions())
            .AddSingleton(Faces)
            .AddSingleton<EngineSupervisor>()
            .AddHostedService(services => services.GetRequiredService<EngineSupervisor>())
            .AddSingleton<EngineReadiness>()
            .AddSingleton<RunnerReadiness>()
            .AddHostedService(services => services.GetRequiredService<RunnerReadiness>())
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
            builder.Services.AddSingleton<IHostedService>(services => ActivatorUtilities.CreateInstance<LaneWorker>(services, lane, concurrency));
        }

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
