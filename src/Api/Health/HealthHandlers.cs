using Microsoft.AspNetCore.Http;
using WanTalk.Api.Problems;
using WanTalk.Core.Json;

namespace WanTalk.Api.Health;

/// <summary>Tells probes how the host is, the same in every host. Nobody needs a key, and nothing but names of parts is told.</summary>
/// <param name="readiness">What is missing.</param>
/// <param name="guard">Turns exceptions into problems.</param>
public sealed class HealthHandlers(Readiness readiness, ProblemGuard guard)
{
    /// <summary>200 while the process answers.</summary>
    public Task<IResult> LiveAsync(HttpContext http) =>
        guard.AnswerAsync(http, _ => Task.FromResult(Tell(http, new Liveness("alive"), StatusCodes.Status200OK)));

    /// <summary>200 when all is there that talks need; 503 and what is missing, by name, when it is not.</summary>
    public Task<IResult> ReadyAsync(HttpContext http) => guard.AnswerAsync(http, async cancellationToken =>
    {
        var report = await readiness.ReadAsync(cancellationToken);
        return Tell(http, report, report.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    });

    /// <summary>
    /// 200 once everything has been looked at, whatever was found: a storage that does not answer is no reason to start the host again.
    /// </summary>
    public Task<IResult> StartupAsync(HttpContext http) => guard.AnswerAsync(http, async cancellationToken =>
        Tell(http, await readiness.ReadAsync(cancellationToken), StatusCodes.Status200OK));

    private static IResult Tell<T>(HttpContext http, T body, int status)
    {
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(body, CoreJson.Options, null, status);
    }
}

/// <summary>That the process answers.</summary>
/// <param name="Status">Always <c>alive</c>.</param>
internal sealed record Liveness(string Status);
