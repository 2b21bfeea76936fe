using System.Net;
using System.Text.Json;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Nodes;
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
            kestrel.Limits.MaxRequestBodySize = InfoRoutes.MaxUploadBytes;
            kestrel.AddServerHeader = false;
        });
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(_ => new EngineFolders(options.Folder));
        services.AddSingleton(provider => new NodeRegistry(provider.GetRequiredService<EngineFolders>(), options.Probes ? ProbeNodes.All() : []));
        services.AddSingleton<SocketHub>();
        services.AddSingleton<IMessageSender>(provider => provider.GetRequiredService<SocketHub>());
        services.AddSingleton<PromptQueue>().AddSingleton<ResultCache>().AddSingleton<GraphValidator>();
        services.AddSingleton<EngineParts>().AddSingleton<EngineState>().AddSingleton<PromptExecutor>();
        services.AddSingleton<PromptRoutes>().AddSingleton<UploadRoute>().AddSingleton<ViewRoute>().AddSingleton<InfoRoutes>();
        services.AddHostedService<ExecutorService>();
        var app = builder.Build();
        app.Use(GuardAsync);
        app.Use(WithoutApiPrefixAsync);
        app.UseWebSockets();
        app.UseRouting();
        Map(app);
        return app;
    }

    private static void Map(WebApplication app)
    {
        var services = app.Services;
        services.GetRequiredService<PromptRoutes>().Map(app);
        services.GetRequiredService<InfoRoutes>().Map(app);
        app.MapPost("/upload/image", services.GetRequiredService<UploadRoute>().HandleAsync);
        app.MapMethods("/view", ["GET", "HEAD"], services.GetRequiredService<ViewRoute>().HandleAsync);
        app.MapGet("/ws", http => SocketAsync(http, services));
        app.MapFallback(UnknownAsync);
    }

    private static async Task SocketAsync(HttpContext http, IServiceProvider services)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            await Answers.TextAsync(http, 400, "No WebSocket UPGRADE hdr: None\n Can \"Upgrade\" only to \"WebSocket\".");
            return;
        }
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var clientId = http.Request.Query["clientId"].ToString();
        var current = services.GetRequiredService<EngineState>().Current;
        var runningNode = current.ClientId is { Length: > 0 } client && client == clientId ? current.Node : null;
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var remaining = services.GetRequiredService<PromptQueue>().Remaining;
        await services.GetRequiredService<SocketHub>().ServeAsync(socket, clientId, remaining, runningNode, stopping);
    }

    /// <summary>Turns away pages of other origins and bodies that are too large; an exception in a handler is the real server's 500.</summary>
    private static async Task GuardAsync(HttpContext http, RequestDelegate next)
    {
        var origin = http.Request.Headers.Origin.ToString();
        if (origin.Length > 0 && (!Uri.TryCreate(origin, UriKind.Absolute, out var from) || from.Authority != http.Request.Host.Value))
        {
            Answers.Empty(http, 403);
            return;
        }
        if (http.Request.ContentLength > InfoRoutes.MaxUploadBytes)
        {
            var size = http.Request.ContentLength;
            await Answers.TextAsync(http, 413, $"Maximum request body size {InfoRoutes.MaxUploadBytes} exceeded, actual body size {size}");
            return;
        }
        try
        {
            await next(http);
        }
        catch (BadHttpRequestException error) when (!http.Response.HasStarted && error.StatusCode == 413)
        {
            await Answers.TextAsync(http, 413, $"Maximum request body size {InfoRoutes.MaxUploadBytes} exceeded");
        }
        catch (Exception error) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested
            && error is JsonException or FormatException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            await Answers.TroubleAsync(http);
        }
    }

    /// <summary>A path that ends in a slash is another path in aiohttp, and an unknown one.</summary>
    private static Task WithoutApiPrefixAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Path.Value is { Length: > 1 } path && path.EndsWith('/'))
            return UnknownAsync(http);
        if (http.Request.Path.StartsWithSegments("/api", out var rest))
            http.Request.Path = rest;
        return next(http);
    }

    private static async Task UnknownAsync(HttpContext http)
    {
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.StatusCode = 404;
            http.Response.ContentType = "application/octet-stream";
            return;
        }
        http.Response.Headers.Allow = http.Request.Path.Value is "/prompt" or "/queue" or "/history" ? "GET,HEAD,POST" : "GET,HEAD";
        await Answers.TextAsync(http, 405, "405: Method Not Allowed");
    }
}
