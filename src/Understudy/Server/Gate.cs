using System.Text.Json;
using WanTalk.Understudy.Faults;

namespace WanTalk.Understudy.Server;

/// <summary>What every request passes first, and what becomes of exceptions.</summary>
internal sealed class Gate(HangFault hang)
{
    /// <summary>Turns away pages of other origins; an exception in a handler is the real server's 500.</summary>
    public async Task PassAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Path != FaultRoutes.Path)
            await hang.HoldAsync(http.RequestAborted);
        var origin = http.Request.Headers.Origin.ToString();
        if (origin.Length > 0 && (!Uri.TryCreate(origin, UriKind.Absolute, out var from) || from.Authority != http.Request.Host.Value))
        {
            Answers.Empty(http, 403);
            return;
        }
        if (HttpMethods.IsOptions(http.Request.Method))
        {
            Answers.Empty(http, 200);
            return;
        }
        try
        {
            await next(http);
        }
        catch (BodyTooLargeException error) when (!http.Response.HasStarted)
        {
            await Answers.TextAsync(http, 413, error.Message);
        }
        catch (Exception error) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested
            && error is JsonException or FormatException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            await Answers.TroubleAsync(http);
        }
    }

    /// <summary>
    /// Every route is there with /api before it, too, and /api/jobs only so. A path that ends in a slash is another path in aiohttp, and an
    /// unknown one.
    /// </summary>
    public static Task WithoutPrefixAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Path.Value is { Length: > 1 } path && path.EndsWith('/'))
            return Answers.UnknownAsync(http);
        if (http.Request.Path.StartsWithSegments("/api", out var rest) && !http.Request.Path.StartsWithSegments(JobRoutes.Path))
            http.Request.Path = rest;
        return next(http);
    }
}
