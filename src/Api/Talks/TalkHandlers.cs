using Microsoft.AspNetCore.Http;
using WanTalk.Api.Callers;
using WanTalk.Api.Problems;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Json;
using WanTalk.Core.Owners;
using WanTalk.Core.Quotes;
using WanTalk.Core.Talks;
using WanTalk.Core.Uploads;

namespace WanTalk.Api.Talks;

/// <summary>The answers to requests about talks, the same in every host.</summary>
/// <param name="talks">The callers' talks.</param>
/// <param name="store">The artifacts.</param>
/// <param name="requests">What the operator decides about requests.</param>
/// <param name="quotes">Says what talks would take.</param>
/// <param name="uploads">The callers' uploads.</param>
/// <param name="time">The clock of acceptance.</param>
/// <param name="guard">Knows the callers, and turns exceptions into problems.</param>
public sealed class TalkHandlers(
    OwnedTalks talks, IArtifactStore store, RequestOptions requests, TalkQuotes quotes, OwnedUploads uploads, TimeProvider time, CallerGuard guard)
{
    private const string KeyHeader = "Idempotency-Key";

    private const string ReplayedHeader = "Idempotency-Replayed";

    /// <summary>
    /// Accepts a talk: 202 with its links, or 400 with all that is wrong. The same Idempotency-Key and request is the same talk. With
    /// <c>dry_run=true</c> it only tells: 200 with the plan and the quote, or 400.
    /// </summary>
    public Task<IResult> CreateAsync(HttpContext http) => guard.AnswerAsync(http, async (caller, cancellationToken) =>
    {
        var body = await (await TalkBody.ReadAsync(http, cancellationToken)).WithUploadsAsync(uploads, caller, cancellationToken);
        var draft = requests.Of(body.Draft);
        body = body with { Draft = draft, Problems = [.. body.Problems, .. talks.RefusalsOf(draft)] };
        if (DryRun.IsAsked(http.Request.Query))
        {
            return await TryAsync(body, cancellationToken);
        }

        if (TalkIntake.Check(draft, time, out var refused) is not { } request || body.Problems.Count > 0)
        {
            return Problem.Of([.. body.Problems, .. refused]);
        }

        var key = http.Request.Headers[KeyHeader].FirstOrDefault();
        var (talk, again) = await talks.AcceptAsync(caller, request, new TalkInputs(draft, body.Portrait, body.Speech), key, cancellationToken);
        if (again)
        {
            http.Response.Headers[ReplayedHeader] = "true";
            return TalkAnswer.Of(http, await talks.ReadAsync(caller, talk, cancellationToken) ?? throw NotFound(talk));
        }

        var links = TalkAnswer.PointTo(http, talk);
        return Results.Json(
            new AcceptedTalk(talk, TalkStatus.Queued, request.Seed, request.Warnings, links), CoreJson.Options, null, StatusCodes.Status202Accepted);
    });

    /// <summary>A page of the caller's talks, newest first: <c>limit</c> (20, at most 100), <c>after</c>, <c>status</c>.</summary>
    public Task<IResult> ListAsync(HttpContext http) => guard.AnswerAsync(http, async (caller, cancellationToken) =>
    {
        var query = ListQuery.Read(http.Request.Query);
        var (views, next) = await talks.ListAsync(caller, query.Status, query.Limit, query.After, cancellationToken);
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(new TalkList([.. views.Select(view => TalkAnswer.BodyOf(http, view))], next), CoreJson.Options);
    });

    /// <summary>
    /// Tells where a talk stands: 202 while it is under way, with where and when to look again; 200 once it has ended, whatever the end,
    /// which <c>status</c> and <c>error</c> say.
    /// </summary>
    public Task<IResult> ReadAsync(HttpContext http, string id) => guard.AnswerAsync(http, async (caller, cancellationToken) =>
        TalkAnswer.Of(http, await talks.ReadAsync(caller, id, cancellationToken) ?? throw NotFound(id)), id);

    /// <summary>Cancels a talk: 202 until its runner has let go of it, 200 when it had been cancelled before.</summary>
    public Task<IResult> CancelAsync(HttpContext http, string id) => guard.AnswerAsync(http, async (caller, cancellationToken) =>
    {
        await talks.CancelAsync(caller, id, cancellationToken);
        return TalkAnswer.Of(http, await talks.ReadAsync(caller, id, cancellationToken) ?? throw NotFound(id));
    }, id);

    /// <summary>Starts a failed or cancelled talk again, from its first missing artifact.</summary>
    public Task<IResult> RetryAsync(HttpContext http, string id) => guard.AnswerAsync(http, async (caller, cancellationToken) =>
    {
        await talks.RetryAsync(caller, id, cancellationToken);
        return TalkAnswer.Of(http, await talks.ReadAsync(caller, id, cancellationToken) ?? throw NotFound(id));
    }, id);

    /// <summary>Deletes an ended talk with its artifacts: 204. What was published stays where it was published.</summary>
    public Task<IResult> DeleteAsync(HttpContext http, string id) => guard.AnswerAsync(http, async (caller, cancellationToken) =>
    {
        await talks.DeleteAsync(caller, id, cancellationToken);
        return Results.NoContent();
    }, id);

    /// <summary>A completed talk's video, in ranges if the caller asks so.</summary>
    public Task<IResult> DownloadAsync(HttpContext http, string id) => guard.AnswerAsync(http, async (caller, cancellationToken) =>
    {
        var view = await talks.ReadAsync(caller, id, cancellationToken) ?? throw NotFound(id);
        if (view.Status != TalkStatus.Completed || await store.OpenReadAsync(new TalkPaths(id).Video, cancellationToken) is not { } video)
        {
            throw new TalkException(ErrorCode.TalkStateConflict, $"The talk {id} has no video yet; it is {view.Status.ToString().ToLowerInvariant()}.");
        }

        return Results.Stream(video, "video/mp4", $"{id}.mp4", enableRangeProcessing: video.CanSeek);
    }, id);

    private async Task<IResult> TryAsync(TalkBody body, CancellationToken cancellationToken)
    {
        if (TalkIntake.CheckForDryRun(body.Draft, time, out var refused) is not { } request || body.Problems.Count > 0)
        {
            return Problem.Of([.. body.Problems, .. refused]);
        }

        await using var uploaded = await uploads.OpenSpeechAsync(body.Draft, cancellationToken);
        var (plan, quote) = await quotes.QuoteAsync(request, body.Draft, uploaded is null ? body.Speech : () => uploaded, cancellationToken);
        return Results.Json(new DryRun(plan, quote), CoreJson.Options);
    }

    private static TalkException NotFound(string id) => new(ErrorCode.TalkNotFound, $"There is no talk '{id}'.");
}
