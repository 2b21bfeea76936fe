using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using WanTalk.Api.Page;
using WanTalk.Api.Routes;

namespace WanTalk.Functions.Http;

/// <summary>The functions of the page. Nobody needs a key for them.</summary>
public sealed class PageRoutes(PageHandlers page)
{
    /// <summary>The page.</summary>
    [Function("ReadPage")]
    public IResult ReadIndex([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiRoutes.Page)] HttpRequest request) =>
        page.ReadIndex(request.HttpContext);

    /// <summary>A file of the page.</summary>
    [Function("ReadPageFile")]
    public IResult ReadFile([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiRoutes.PageFile)] HttpRequest request, string path) =>
        page.ReadFile(request.HttpContext, path);
}
