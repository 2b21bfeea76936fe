using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WanTalk.GpuRunner.Engine;
using WanTalk.GpuRunner.Health;
using WanTalk.GpuRunner.Health.StartUp;
using WanTalk.GpuRunner.Lanes;
using WanTalk.GpuRunner.Models;
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
            .AddSingleton<IReadinessCheck, DiskCheck>()
            .AddSingleton<RunnerReadiness>()
            .AddSingleton<IStage, PreflightStage>()
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
                .AddHostedService<UseSweeper>()
                .AddSingleton<IStage, SeparateStage>()
                .AddSingleton<IStage, EmbedStage>()
                .AddSingleton<IStage, SampleStage>();
        }

        if (options.NeedsEngine && options.EngineUrl is null && options.Models is not null)
        {
            services.AddStartUpChecks(options);
        }

        // Hosted services are stopped in the opposite order: what is taken from lanes ends first, and the engine last.
        services
            .AddHostedService(provider => provider.GetRequiredService<RunnerReadiness>())
            .AddHostedService<HealthServer>()
            .AddHostedService<LaneGroup>();
        return services;
    }

    /// <summary>What a ComfyUI of the runner's own needs, where the models' folder says that it is one whose parts are known.</summary>
    private static void AddStartUpChecks(this IServiceCollection services, RunnerOptions options)
    {
        services
            .AddSingleton(_ => EnginePins.Read(EnginePins.DefaultPath))
            .AddSingleton(_ => ModelManifest.Read(ModelManifest.DefaultPath))
            .AddSingleton<IReadinessCheck>(provider => new GpuCheck(
                provider.GetRequiredService<EnginePins>(), provider.GetRequiredService<ILogger<GpuCheck>>()))
            .AddSingleton<IReadinessCheck, ModelsCheck>();
        if (options.Engine.Folder is not null)
        {
            services.AddSingleton<IReadinessCheck, PacksCheck>();
        }
    }
}
