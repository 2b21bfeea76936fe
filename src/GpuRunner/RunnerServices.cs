using Microsoft.Extensions.DependencyInjection;
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
            .AddSingleton<RunnerReadiness>()
            .AddSingleton<IStage, PrepareStage>()
            .AddSingleton<IStage, AssembleStage>()
            .AddSingleton<IStage, PublishStage>()
            .AddSingleton<AttemptHandler>();
        if (options.NeedsEngine)
        {
            services
                .AddSingleton<EngineSupervisor>()
                .AddHostedService(provider => provider.GetRequiredService<EngineSupervisor>())
                .AddSingleton<EngineReadiness>()
                .AddSingleton<IReadinessCheck, EngineCheck>()
                .AddSingleton<EngineAccess>()
                .AddSingleton<EngineCleaner>()
                .AddSingleton<IStage, SeparateStage>()
                .AddSingleton<IStage, EmbedStage>()
                .AddSingleton<IStage, SampleStage>();
        }

        // Hosted services are stopped in the opposite order: what is taken from lanes ends first, and the engine last.
        services
            .AddHostedService(provider => provider.GetRequiredService<RunnerReadiness>())
            .AddHostedService<HealthServer>()
            .AddHostedService<LaneGroup>();
        return services;
    }
}
