using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using WanTalk.Api.Callers;
using WanTalk.Api.Problems;
using WanTalk.Api.Talks;

namespace WanTalk.Api.Routes;

/// <summary>Puts the API into a host.</summary>
public static class ApiMapping
{
    /// <summary>
    /// Adds the handlers. The host adds what they work with: OwnedTalks, TalkIndex, IArtifactStore, CallerOptions, WorkflowOptions and
    /// TimeProvider.
    /// </summary>
    public static IServiceCollection AddApi(this IServiceCollection services) => services
        .AddSingleton<ProblemGuard>()
        .AddSingleton<CallerGuard>()
        .AddSingleton<TalkHandlers>();

    /// <summary>Maps every route, for a host that routes by itself. The Functions host has a function for each instead.</summary>
    public static IEndpointRouteBuilder MapApi(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        routes.MapPost(ApiRoutes.Talks, (HttpContext http, TalkHandlers talks) => talks.CreateAsync(http)).DisableAntiforgery();
        routes.MapGet(ApiRoutes.Talks, (HttpContext http, TalkHandlers talks) => talks.ListAsync(http));
        routes.MapGet(ApiRoutes.Talk, (HttpContext http, string id, TalkHandlers talks) => talks.ReadAsync(http, id));
        routes.MapDelete(ApiRoutes.Talk, (HttpContext http, string id, TalkHandlers talks) => talks.DeleteAsync(http, id));
        routes.MapPost(ApiRoutes.CancelTalk, (HttpContext http, string id, TalkHandlers talks) => talks.CancelAsync(http, id));
        routes.MapPost(ApiRoutes.RetryTalk, (HttpContext http, string id, TalkHandlers talks) => talks.RetryAsync(http, id));
        routes.MapGet(ApiRoutes.TalkVideo, (HttpContext http, string id, TalkHandlers talks) => talks.DownloadAsync(http, id));
        return routes;
    }
}
