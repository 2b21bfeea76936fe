using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using WanTalk.Api.Callers;
using WanTalk.Api.Events;
using WanTalk.Api.Health;
using WanTalk.Api.OpenApi;
using WanTalk.Api.Page;
using WanTalk.Api.Preflights;
using WanTalk.Api.Problems;
using WanTalk.Api.Quotes;
using WanTalk.Api.RunPod;
using WanTalk.Api.Streaming;
using WanTalk.Api.Talks;
using WanTalk.Api.Uploads;
using WanTalk.Core.Quotes;
using WanTalk.Core.Uploads;

namespace WanTalk.Api.Routes;

/// <summary>Puts the API into a host.</summary>
public static class ApiMapping
{
    /// <summary>
    /// Adds the handlers. The host adds what they work with: OwnedTalks, TalkIndex, IArtifactStore, IOrchestrationClient, CallerOptions,
    /// RequestOptions, RunPodOptions, EventOptions and TimeProvider. Uploads work with IUploadStore, IRecordStore and UploadOptions, quotes
    /// with ISpeechLength, GpuHistory and GpuPrices, preflights with OwnedPreflights.
    /// </summary>
    public static IServiceCollection AddApi(this IServiceCollection services) => services
        .AddSingleton<ProblemGuard>()
        .AddSingleton<CallerGuard>()
        .AddSingleton<DescriptionHandlers>()
        .AddSingleton<PageHandlers>()
        .AddSingleton<TalkHandlers>()
        .AddSingleton<PortraitHandlers>()
        .AddSingleton<OwnedUploads>()
        .AddSingleton<UploadHandlers>()
        .AddSingleton<TalkQuotes>()
        .AddSingleton<QuoteHandlers>()
        .AddSingleton<PreflightHandlers>()
        .AddSingleton<EventHandlers>()
        .AddSingleton<StreamHandlers>()
        .AddSingleton<Readiness>()
        .AddSingleton<HealthHandlers>()
        .AddSingleton<RunPodJobs>()
        .AddSingleton<RunPodQueue>()
        .AddSingleton<RunPodHandlers>();

    /// <summary>Adds what <c>/health/ready</c> looks at.</summary>
    public static IServiceCollection AddReadiness(this IServiceCollection services, params IReadOnlyList<ReadinessCheck> checks)
    {
        ArgumentNullException.ThrowIfNull(checks);
        foreach (var check in checks)
        {
            services.AddSingleton(check);
        }

        return services;
    }

    /// <summary>Maps every route, for a host that routes by itself. The Functions host has a function for each instead.</summary>
    public static IEndpointRouteBuilder MapApi(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        routes.MapGet(ApiRoutes.Page, (HttpContext http, PageHandlers page) => page.ReadIndex(http)).ExcludeFromDescription();
        routes.MapGet(ApiRoutes.PageFile, (HttpContext http, string path, PageHandlers page) => page.ReadFile(http, path)).ExcludeFromDescription();
        routes.MapGet(ApiRoutes.Document, (HttpContext http, DescriptionHandlers descriptions) => descriptions.ReadDocument(http));
        routes.MapGet(ApiRoutes.Reference, (HttpContext http, DescriptionHandlers descriptions) => descriptions.ReadPage(http));
        routes.MapPost(ApiRoutes.Talks, (HttpContext http, TalkHandlers talks) => talks.CreateAsync(http)).DisableAntiforgery();
        routes.MapGet(ApiRoutes.Talks, (HttpContext http, TalkHandlers talks) => talks.ListAsync(http));
        routes.MapGet(ApiRoutes.Talk, (HttpContext http, string id, TalkHandlers talks) => talks.ReadAsync(http, id));
        routes.MapDelete(ApiRoutes.Talk, (HttpContext http, string id, TalkHandlers talks) => talks.DeleteAsync(http, id));
        routes.MapPost(ApiRoutes.CancelTalk, (HttpContext http, string id, TalkHandlers talks) => talks.CancelAsync(http, id));
        routes.MapPost(ApiRoutes.RetryTalk, (HttpContext http, string id, TalkHandlers talks) => talks.RetryAsync(http, id));
        routes.MapGet(ApiRoutes.TalkEvents, (HttpContext http, string id, EventHandlers events) => events.WatchAsync(http, id));
        routes.MapGet(ApiRoutes.TalkVideo, (HttpContext http, string id, TalkHandlers talks) => talks.DownloadAsync(http, id));
        routes.MapGet(ApiRoutes.TalkPortrait, (HttpContext http, string id, PortraitHandlers portraits) => portraits.ReadAsync(http, id));
        routes.MapGet(
            ApiRoutes.TalkThumbnail, (HttpContext http, string id, PortraitHandlers portraits) => portraits.ReadThumbnailAsync(http, id));
        routes.MapGet(
            ApiRoutes.TalkStream, (HttpContext http, string id, string file, StreamHandlers streams) => streams.ReadAsync(http, id, file));
        routes.MapPost(ApiRoutes.Quote, (HttpContext http, QuoteHandlers quotes) => quotes.QuoteAsync(http)).DisableAntiforgery();
        routes.MapPost(ApiRoutes.Preflights, (HttpContext http, PreflightHandlers preflights) => preflights.CreateAsync(http)).DisableAntiforgery();
        routes.MapGet(ApiRoutes.Preflight, (HttpContext http, string id, PreflightHandlers preflights) => preflights.ReadAsync(http, id));
        routes.MapPost(ApiRoutes.Uploads, (HttpContext http, UploadHandlers uploads) => uploads.AuthoriseAsync(http)).DisableAntiforgery();
        routes.MapPut(ApiRoutes.Upload, (HttpContext http, string id, UploadHandlers uploads) => uploads.ReceiveAsync(http, id)).DisableAntiforgery();
        routes.MapMethods(ApiRoutes.Upload, [HttpMethods.Options], (HttpContext http, UploadHandlers uploads) => uploads.PermitAsync(http));
        routes.MapGet(ApiRoutes.HealthLive, (HttpContext http, HealthHandlers health) => health.LiveAsync(http));
        routes.MapGet(ApiRoutes.HealthReady, (HttpContext http, HealthHandlers health) => health.ReadyAsync(http));
        routes.MapGet(ApiRoutes.HealthStartup, (HttpContext http, HealthHandlers health) => health.StartupAsync(http));
        return routes.MapRunPod();
    }

    /// <summary>
    /// Gives what the server refuses by itself, an address that is not mapped or a method that an address does not have, the form of all other
    /// errors. For a host that routes by itself.
    /// </summary>
    public static IApplicationBuilder UseApiRefusals(this IApplicationBuilder server) =>
        server.UseStatusCodePages(context => ServerRefusal.Of(context.HttpContext).ExecuteAsync(context.HttpContext));

    private static IEndpointRouteBuilder MapRunPod(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(ApiRoutes.Run, (HttpContext http, string endpoint, RunPodHandlers jobs) => jobs.RunAsync(http, endpoint));
        routes.MapPost(ApiRoutes.RunSync, (HttpContext http, string endpoint, RunPodHandlers jobs) => jobs.RunSyncAsync(http, endpoint));
        routes.MapGet(
            ApiRoutes.RunPodStatus, (HttpContext http, string endpoint, string id, RunPodHandlers jobs) => jobs.ReadAsync(http, endpoint, id));
        routes.MapGet(
            ApiRoutes.RunPodStream, (HttpContext http, string endpoint, string id, RunPodHandlers jobs) => jobs.StreamAsync(http, endpoint, id));
        routes.MapPost(
            ApiRoutes.RunPodCancel, (HttpContext http, string endpoint, string id, RunPodHandlers jobs) => jobs.CancelAsync(http, endpoint, id));
        routes.MapPost(
            ApiRoutes.RunPodRetry, (HttpContext http, string endpoint, string id, RunPodHandlers jobs) => jobs.RetryAsync(http, endpoint, id));
        routes.MapGet(ApiRoutes.RunPodHealth, (HttpContext http, string endpoint, RunPodHandlers jobs) => jobs.ReadHealthAsync(http, endpoint));
        routes.MapPost(ApiRoutes.RunPodPurge, (HttpContext http, string endpoint, RunPodHandlers jobs) => jobs.PurgeAsync(http, endpoint));
        return routes;
    }
}
