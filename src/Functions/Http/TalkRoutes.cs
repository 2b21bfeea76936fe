using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using WanTalk.Api.Routes;
using WanTalk.Functions.Hosting;

namespace WanTalk.Functions.Http;

/// <summary>A function for each route of the API. They are anonymous to the platform: the API checks its callers itself.</summary>
public sealed class TalkRoutes(TalkServices services)
{
    /// <summary>Accepts a talk.</summary>
    [Function("CreateTalk")]
    public Task<IResult> Create(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiRoutes.Talks)] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        services.HandlersFor(client).CreateAsync(request.HttpContext);

    /// <summary>Lists the caller's talks.</summary>
    [Function("ListTalks")]
    public Task<IResult> List(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiRoutes.Talks)] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        services.HandlersFor(client).ListAsync(request.HttpContext);

    /// <summary>Tells where a talk stands.</summary>
    [Function("ReadTalk")]
    public Task<IResult> Read(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiRoutes.Talk)] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client) =>
        services.HandlersFor(client).ReadAsync(request.HttpContext, id);

    /// <summary>Deletes an ended talk.</summary>
    [Function("DeleteTalk")]
    public Task<IResult> Delete(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = ApiRoutes.Talk)] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client) =>
        services.HandlersFor(client).DeleteAsync(request.HttpContext, id);

    /// <summary>Starts a failed or cancelled talk again.</summary>
    [Function("RetryTalk")]
    public Task<IResult> Retry(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiRoutes.RetryTalk)] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client) =>
        services.HandlersFor(client).RetryAsync(request.HttpContext, id);

    /// <summary>Cancels a talk.</summary>
    [Function("CancelTalk")]
    public Task<IResult> Cancel(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiRoutes.CancelTalk)] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client) =>
        services.HandlersFor(client).CancelAsync(request.HttpContext, id);

    /// <summary>Tells each change of a talk.</summary>
    [Function("WatchTalk")]
    public Task<IResult> Watch(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiRoutes.TalkEvents)] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client) =>
        services.EventsFor(client).WatchAsync(request.HttpContext, id);

    /// <summary>A talk's video.</summary>
    [Function("DownloadTalk")]
    public Task<IResult> Download(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiRoutes.TalkVideo)] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client) =>
        services.HandlersFor(client).DownloadAsync(request.HttpContext, id);

    /// <summary>A talk's portrait.</summary>
    [Function("ReadPortrait")]
    public Task<IResult> ReadPortrait(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiRoutes.TalkPortrait)] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client) =>
        services.PortraitsFor(client).ReadAsync(request.HttpContext, id);

    /// <summary>A talk's thumbnail.</summary>
    [Function("ReadThumbnail")]
    public Task<IResult> ReadThumbnail(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiRoutes.TalkThumbnail)] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client) =>
        services.PortraitsFor(client).ReadThumbnailAsync(request.HttpContext, id);

    /// <summary>A file of a talk's stream.</summary>
    [Function("StreamTalk")]
    public Task<IResult> Stream(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiRoutes.TalkStream)] HttpRequest request,
        string id,
        string file,
        [DurableClient] DurableTaskClient client) =>
        services.StreamsFor(client).ReadAsync(request.HttpContext, id, file);
}
