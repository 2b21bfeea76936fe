using Microsoft.AspNetCore.Http;
using WanTalk.Api.RunPod;
using WanTalk.Core.Errors;

namespace WanTalk.Api.Problems;

/// <summary>What the server refuses before any handler sees it, as an error like all others.</summary>
internal static class ServerRefusal
{
    /// <summary>The answer, by the status that the server has set; its headers stay, <c>Allow</c> among them.</summary>
    public static IResult Of(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var error = http.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound =>
                new TalkError(ErrorCode.RouteNotFound, "There is no such address here. /docs shows those that there are."),
            StatusCodes.Status405MethodNotAllowed =>
                new TalkError(ErrorCode.MethodNotAllowed, $"This address takes {http.Response.Headers.Allow}. Use one of those."),
            StatusCodes.Status413PayloadTooLarge =>
                new TalkError(ErrorCode.RequestTooLarge, "The body has more bytes than are accepted here. Give the inputs by address."),
            StatusCodes.Status415UnsupportedMediaType =>
                new TalkError(ErrorCode.MediaTypeUnsupported, "The body is of a kind that is not read here. /docs shows which are."),
            < StatusCodes.Status500InternalServerError =>
                new TalkError(ErrorCode.ArgumentInvalid, "The request cannot be read. Compare it with /docs."),
            _ => new TalkError(ErrorCode.Internal, "Something went wrong here; it is in the server's log. Try again."),
        };
        return http.Request.Path.StartsWithSegments("/v2") ? RunPodProblem.Of([error]) : Problem.Of(error);
    }
}
