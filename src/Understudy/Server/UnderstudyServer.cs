using System.Net;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Faults;
using WanTalk.Understudy.Nodes;
using WanTalk.Understudy.Nodes.Models;
using WanTalk.Understudy.Nodes.Probes;

namespace WanTalk.Understudy.Server;

/// <summary>Puts the server together: loopback only, every route with and without /api before it.</summary>
internal static class UnderstudyServer
{
    public static WebApplication Build(UnderstudyOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        // Standard output belongs to the line that says where it listens.
        builder.Logging.ClearProviders()
            .SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port);
            // Bodies are counted where they are read, as in the real server.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.AddServerHeader = false;
        });
        AddServices(builder.Services, options);
        var app = builder.Build();
        app.Use(app.Services.GetRequiredService<Gate>().PassAsync);
        app.Use(Gate.WithoutPrefixAsync);
        app.UseWebSockets();
        app.UseRouting();
        Map(app, options);
        return app;
    }

    private static void AddServices(IServiceCollection services, UnderstudyOptions options)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IHostLifetime, SignalFreeLifetime>();
        services.AddSingleton(new ServerLimits(options.MaxUploadBytes));
        services.AddSingleton(_ => new EngineFolders(options.Folder));
        services.AddSingleton(provider => new ModelFiles(provider.GetRequiredService<EngineFolders>().Root));
        services.AddSingleton(provider => new NodeRegistry(
            provider.GetRequiredService<EngineFolders>(), options.Probes ? ProbeNodes.All() : [], options.WithoutPack));
        services.AddSingleton<SocketHub>();
        services.AddSingleton<IMessageSender>(provider => provider.GetRequiredService<SocketHub>());
        services.AddSingleton<FaultBoard>().AddSingleton<NodeFaults>().AddSingleton<SocketFaults>();
        services.AddSingleton<HistoryFaults>().AddSingleton<HangFault>().AddSingleton<FaultRoutes>();
        services.AddSingleton<PromptQueue>().AddSingleton<ResultCache>().AddSingleton<GraphValidator>();
        services.AddSingleton<EngineParts>().AddSingleton<EngineState>().AddSingleton<PromptExecutor>();
        services.AddSingleton<Gate>().AddSingleton<RequestBodies>();
        services.AddSingleton<PromptRoutes>().AddSingleton<JobRoutes>().AddSingleton<SocketRoute>().AddSingleton<PackRoutes>();
        services.AddSingleton<UploadRoute>().AddSingleton<ViewRoute>().AddSingleton<InfoRoutes>().AddSingleton<BrowserRoutes>();
        services.AddHostedService<ExecutorService>();
    }

    private static void Map(WebApplication app, UnderstudyOptions options)
    {
        var services = app.Services;
        services.GetRequiredService<PromptRoutes>().Map(app);
        services.GetRequiredService<JobRoutes>().Map(app);
        services.GetRequiredService<InfoRoutes>().Map(app);
        services.GetRequiredService<BrowserRoutes>().Map(app);
        if (!options.WithoutPack)
            services.GetRequiredService<PackRoutes>().Map(app);
        app.MapPost("/upload/image", services.GetRequiredService<UploadRoute>().HandleAsync);
        app.MapMethods("/view", ["GET", "HEAD"], services.GetRequiredService<ViewRoute>().HandleAsync);
        app.MapGet("/ws", services.GetRequiredService<SocketRoute>().HandleAsync);
        if (options.Faults)
            services.GetRequiredService<FaultRoutes>().Map(app);
        app.MapFallback("{*path}", Answers.UnknownAsync);
    }
}
