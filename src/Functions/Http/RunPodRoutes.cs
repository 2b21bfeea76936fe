using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using WanTalk.Api.Routes;
using WanTalk.Functions.Hosting;

namespace WanTalk.Functions.Http;

/// <summary>A function for each route of RunPod's contract. They are anonymous to the platform: the API checks its callers itself.</summary>
public sealed class RunPodRoutes(TalkServices services)
{
    /// <summary>Accepts a job.</summary>
    [Function("RunPodRun")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiRoutes.Run)] HttpRequest request,
        string endpoint,
        [DurableClient] DurableTaskClient client) =>
        services.RunPodFor(client).RunAsync(request.HttpContext, endpoint);

    /// <summary>Accepts a job and waits for its end.</summary>
    [Function("RunPodRunSync")]
    public Task<IResult> RunSync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiRoutes.RunSync)] HttpRequest request,
        string endpoint,
        [DurableClient] DurableTaskClient client) =>
        services.RunPodFor(client).RunSyncAsync(request.HttpContext, endpoint);

    /// <summary>Tells where a job stands.</summary>
    [Function("RunPodStatus")]
    public Task<IResult> Read(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiRoutes.RunPodStatus)] HttpRequest request,
        string endpoint,
        string id,
        [DurableClient] DurableTaskClient client) =>
        services.RunPodFor(client).ReadAsync(request.HttpContext, endpoint, id);

    /// <summary>Tells how far a job is.</summary>
    [Function("RunPodStream")]
    public Task<IResult> Stream(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiRoutes.RunPodStream)] HttpRequest request,
        string endpoint,
        string id,
        [DurableClient] DurableTaskClient client) =>
        services.RunPodFor(client).StreamAsync(request.HttpContext, endpoint, id);

    /// <summary>Cancels a job.</summary>
    [Function("RunPodCancel")]
    public Task<IResult> Cancel(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiRoutes.RunPodCancel)] HttpRequest request,
        string endpoint,
        string id,
        [DurableClient] DurableTaskClient client) =>
        services.RunPodFor(client).CancelAsync(request.HttpContext, endpoint, id);

    /// <summary>Starts a job again.</summary>
    [Function("RunPodRetry")]
    public Task<IResult> Retry(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiRoutes.RunPodRetry)] HttpRequest request,
        string endpoint,
        string id,
        [DurableClient] DurableTaskClient client) =>
        services.RunPodFor(client).RetryAsync(request.HttpContext, endpoint, id);

    /// <summary>Counts jobs and runners.</summary>
    [Function("RunPodHealth")]
    public Task<IResult> ReadHealth(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiRoutes.RunPodHealth)] HttpRequest request,
        string endpoint,
        [DurableClient] DurableTaskClient client) =>
        services.RunPodFor(client).ReadHealthAsync(request.HttpContext, endpoint);

    /// <summary>Cancels the jobs that are queued.</summary>
    [Function("RunPodPurgeQueue")]
    public Task<IResult> Purge(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiRoutes.RunPodPurge)] HttpRequest request,
        string endpoint,
        [DurableClient] DurableTaskClient client) =>
        services.RunPodFor(client).PurgeAsync(request.HttpContext, endpoint);
}
