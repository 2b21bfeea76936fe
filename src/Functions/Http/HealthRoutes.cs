using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using WanTalk.Api.Health;
using WanTalk.Api.Routes;

namespace WanTalk.Functions.Http;

/// <summary>A function for each route that probes ask.</summary>
public sealed class HealthRoutes(HealthHandlers health)
{
    /// <summary>Tells that the host answers.</summary>
    [Function("HealthLive")]
    public Task<IResult> Live([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiRoutes.HealthLive)] HttpRequest request) =>
        health.LiveAsync(request.HttpContext);

    /// <summary>Tells what is missing.</summary>
    [Function("HealthReady")]
    public Task<IResult> Ready([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiRoutes.HealthReady)] HttpRequest request) =>
        health.ReadyAsync(request.HttpContext);

    /// <summary>Tells that the host has started.</summary>
    [Function("HealthStartup")]
    public Task<IResult> Startup([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiRoutes.HealthStartup)] HttpRequest request) =>
        health.StartupAsync(request.HttpContext);
}
