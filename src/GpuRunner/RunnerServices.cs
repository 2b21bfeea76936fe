using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WanTalk.Core.Work;
using WanTalk.GpuRunner.Engine;
using WanTalk.GpuRunner.Health;
using WanTalk.GpuRunner.Lanes;
using WanTalk.GpuRunner.Stages;
using WanTalk.Media.Faces;
using WanTalk.Media.Ffmpeg;

namespace WanTalk.GpuRunner;

/// <summary>What a runner is made of, whoever hosts it.</summary>
internal static class RunnerServices
{
    /// <summary>Adds all of a runner but the clock and the ports: artifacts, queues, publisher and fetcher are the caller's to add.</summary>
    public static IServiceCollection AddRunner(this IServiceCollection services, RunnerOptions options)
    {
        services
            .AddSingleton(options)
            .AddSingleton(new FfmpegOptions())
            .AddSingleton<FaceFinder>()
            .AddSingleton<EngineSupervisor>()
            .AddHostedService(provider => provider.GetRequiredService<EngineSupervisor>())
            .AddSingleton<EngineReadiness>()
            .AddSingleton<RunnerReadiness>()
            .AddHostedService(provider => provider.GetRequiredService<RunnerReadiness>())
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
            services.AddSingleton<IHostedService>(provider => ActivatorUtilities.CreateInstance<LaneWorker>(provider, lane, concurrency));
        }

        return services;
    }
}
