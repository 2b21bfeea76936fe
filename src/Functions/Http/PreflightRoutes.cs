using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using WanTalk.Api.Routes;
using WanTalk.Functions.Hosting;

namespace WanTalk.Functions.Http;

/// <summary>The functions of preflights without a talk. They are anonymous to the platform: the API checks its callers itself.</summary>
public sealed class PreflightRoutes(TalkServices services)
{
    /// <summary>Has inputs looked at.</summary>
    [Function("CreatePreflight")]
    public Task<IResult> Create(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiRoutes.Preflights)] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        services.PreflightsFor(client).CreateAsync(request.HttpContext);

    /// <summary>Tells what was found.</summary>
    [Function("ReadPreflight")]
    public Task<IResult> Read(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiRoutes.Preflight)] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client) =>
        services.PreflightsFor(client).ReadAsync(request.HttpContext, id);
}
