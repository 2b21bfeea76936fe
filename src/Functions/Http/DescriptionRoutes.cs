using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using WanTalk.Api.OpenApi;
using WanTalk.Api.Routes;

namespace WanTalk.Functions.Http;

/// <summary>A function for each description of the API. Nobody needs a key for them.</summary>
public sealed class DescriptionRoutes(DescriptionHandlers descriptions)
{
    /// <summary>The OpenAPI document.</summary>
    [Function("ReadDocument")]
    public IResult ReadDocument([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiRoutes.Document)] HttpRequest request) =>
        descriptions.ReadDocument(request.HttpContext);

    /// <summary>The reference page.</summary>
    [Function("ReadReference")]
    public IResult ReadReference([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiRoutes.Reference)] HttpRequest request) =>
        descriptions.ReadPage(request.HttpContext);
}
