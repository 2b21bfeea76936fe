using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using WanTalk.Api.Quotes;
using WanTalk.Api.Routes;

namespace WanTalk.Functions.Http;

/// <summary>The function of quotes. It is anonymous to the platform: the API checks its callers itself.</summary>
public sealed class QuoteRoutes(QuoteHandlers quotes)
{
    /// <summary>Says what a talk would take.</summary>
    [Function("QuoteTalk")]
    public Task<IResult> Quote([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiRoutes.Quote)] HttpRequest request) =>
        quotes.QuoteAsync(request.HttpContext);
}
