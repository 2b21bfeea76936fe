using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using WanTalk.Api.Routes;
using WanTalk.Api.Uploads;

namespace WanTalk.Functions.Http;

/// <summary>The functions of uploads. They are anonymous to the platform: the API checks its callers itself.</summary>
public sealed class UploadRoutes(UploadHandlers uploads)
{
    /// <summary>Authorises an upload, which goes to the account of the artifacts.</summary>
    [Function("AuthoriseUpload")]
    public Task<IResult> Authorise([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiRoutes.Uploads)] HttpRequest request) =>
        uploads.AuthoriseAsync(request.HttpContext);

    /// <summary>Says that this host takes none itself.</summary>
    [Function("ReceiveUpload")]
    public Task<IResult> Receive([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = ApiRoutes.Upload)] HttpRequest request, string id) =>
        uploads.ReceiveAsync(request.HttpContext, id);

    /// <summary>Tells a browser that it may ask.</summary>
    [Function("PermitUpload")]
    public Task<IResult> Permit([HttpTrigger(AuthorizationLevel.Anonymous, "options", Route = ApiRoutes.Upload)] HttpRequest request, string id) =>
        uploads.PermitAsync(request.HttpContext);
}
