using Microsoft.AspNetCore.Http;
using WanTalk.Api.Callers;
using WanTalk.Api.Problems;
using WanTalk.Api.Talks;
using WanTalk.Core.Errors;
using WanTalk.Core.Json;
using WanTalk.Core.Preflight;
using WanTalk.Core.Talks;
using WanTalk.Core.Uploads;

namespace WanTalk.Api.Preflights;

/// <summary>The answers to who wants to know of inputs before there is a talk, the same in every host.</summary>
/// <param name="preflights">The callers' preflights.</param>
/// <param name="requests">What the operator decides about requests.</param>
/// <param name="uploads">The callers' uploads.</param>
/// <param name="time">The clock.</param>
/// <param name="guard">Knows the callers, and turns exceptions into problems.</param>
public sealed class PreflightHandlers(
    OwnedPreflights preflights, RequestOptions requests, OwnedUploads uploads, TimeProvider time, CallerGuard guard)
{
    private const string SecondsBetweenLooks = "1";

    /// <summary>
    /// Has inputs looked at: 202 with where to look for what is found, or 400 with all that is wrong. The body is a talk's request, of which one
    /// input is enough.
    /// </summary>
    public Task<IResult> CreateAsync(HttpContext http) => guard.AnswerAsync(http, async (caller, cancellationToken) =>
    {
        var body = await (await TalkBody.ReadAsync(http, cancellationToken)).WithUploadsAsync(uploads, caller, cancellationToken);
        if (TalkIntake.CheckForPreflight(requests.Of(body.Draft), time, out var refused) is not { } request || body.Problems.Count > 0)
        {
            return Problem.Of([.. body.Problems, .. refused]);
        }

        await using var portrait = body.Portrait?.Invoke();
        await using var speech = body.Speech?.Invoke();
        return Of(http, await preflights.AcceptAsync(caller, request, portrait, speech, cancellationToken));
    });

    /// <summary>Tells what was found: 202 while a runner looks, with when to ask again; 200 behind that, as <c>status</c> says.</summary>
    public Task<IResult> ReadAsync(HttpContext http, string id) => guard.AnswerAsync(http, async (caller, cancellationToken) =>
        Of(http, await preflights.ReadAsync(caller, id, cancellationToken)
            ?? throw new TalkException(ErrorCode.PreflightNotFound, $"There is no preflight '{id}', or none any more. Ask for another one.")));

    private static IResult Of(HttpContext http, PreflightView view)
    {
        var runs = view.Status == PreflightStatus.Running;
        if (runs)
        {
            http.Response.Headers.Location = $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}/api/preflight/{view.Id}";
            http.Response.Headers.RetryAfter = SecondsBetweenLooks;
        }

        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(view, CoreJson.Options, null, runs ? StatusCodes.Status202Accepted : StatusCodes.Status200OK);
    }
}
