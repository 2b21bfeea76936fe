using System.Text.Json;
using Microsoft.AspNetCore.Http;
using WanTalk.Api.Problems;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Json;
using WanTalk.Core.Talks;
using WanTalk.Core.Workflows;

namespace WanTalk.Api.Talks;

/// <summary>The answers to requests about talks, the same in every host.</summary>
/// <param name="intake">Accepts talks.</param>
/// <param name="control">Cancels them.</param>
/// <param name="reader">Reads them.</param>
/// <param name="store">The artifacts.</param>
/// <param name="workflows">What workflows of callers' own may do.</param>
/// <param name="time">The clock of acceptance.</param>
/// <param name="guard">Turns exceptions into problems.</param>
public sealed class TalkHandlers(
    TalkIntake intake, TalkControl control, TalkReader reader, IArtifactStore store, WorkflowOptions workflows, TimeProvider time, ProblemGuard guard)
{
    private const string SecondsBetweenLooks = "2";

    /// <summary>Accepts a talk: 202 with its links, or 400 with all that is wrong.</summary>
    public Task<IResult> CreateAsync(HttpContext http) => guard.AnswerAsync(http, async cancellationToken =>
    {
        var body = await TalkBody.ReadAsync(http, cancellationToken);
        var draft = body.Draft with { AlsoAllowedNodes = workflows.AlsoAllowedNodes };
        if (TalkIntake.Check(draft, time, out var refused) is not { } request || body.Problems.Count > 0)
        {
            return Problem.Of([.. body.Problems, .. refused]);
        }

        await using var portrait = body.Portrait?.Invoke();
        await using var speech = body.Speech?.Invoke();
        await intake.AcceptAsync(request, portrait, speech, draft.Workflow, cancellationToken);
        var links = PointTo(http, request.Id);
        return Results.Json(
            new AcceptedTalk(request.Id, TalkStatus.Queued, request.Seed, request.Warnings, links), CoreJson.Options, null, StatusCodes.Status202Accepted);
    });

    /// <summary>
    /// Tells where a talk stands: 202 while it is under way, with where and when to look again; 200 once it has ended, whatever the end,
    /// which <c>status</c> and <c>error</c> say.
    /// </summary>
    public Task<IResult> ReadAsync(HttpContext http, string id) => guard.AnswerAsync(http, async cancellationToken =>
        Show(http, await reader.ReadAsync(id, cancellationToken) ?? throw NotFound(id)));

    /// <summary>Cancels a talk: 202 until its runner has let go of it, 200 when it had been cancelled before.</summary>
    public Task<IResult> CancelAsync(HttpContext http, string id) => guard.AnswerAsync(http, async cancellationToken =>
    {
        await control.CancelAsync(id, cancellationToken);
        return Show(http, await reader.ReadAsync(id, cancellationToken) ?? throw NotFound(id));
    });

    /// <summary>A completed talk's video, in ranges if the caller asks so.</summary>
    public Task<IResult> DownloadAsync(HttpContext http, string id) => guard.AnswerAsync(http, async cancellationToken =>
    {
        var view = await reader.ReadAsync(id, cancellationToken) ?? throw NotFound(id);
        if (view.Status != TalkStatus.Completed || await store.OpenReadAsync(new TalkPaths(id).Video, cancellationToken) is not { } video)
        {
            throw new TalkException(ErrorCode.TalkStateConflict, $"The talk {id} has no video yet; it is {view.Status.ToString().ToLowerInvariant()}.");
        }

        return Results.Stream(video, "video/mp4", $"{id}.mp4", enableRangeProcessing: video.CanSeek);
    });

    /// <summary>A talk with its links. A video that lies on the server's own disk is offered through the server.</summary>
    private static IResult Show(HttpContext http, TalkView view)
    {
        var ended = view.Status is TalkStatus.Completed or TalkStatus.Failed or TalkStatus.Cancelled;
        var links = ended ? TalkLinks.Of(http.Request, view.Id) : PointTo(http, view.Id);
        http.Response.Headers.CacheControl = "no-store";
        var video = view.Video.Select(url => url.StartsWith("file:", StringComparison.Ordinal) ? links.Video : url);
        var body = JsonSerializer.SerializeToNode(view with { Video = [.. video] }, CoreJson.Options)!.AsObject();
        body["links"] = JsonSerializer.SerializeToNode(links, CoreJson.Options);
        return Results.Json(body, CoreJson.Options, null, ended ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
    }

    /// <summary>Says where and when to look at a talk that is under way.</summary>
    private static TalkLinks PointTo(HttpContext http, string id)
    {
        var links = TalkLinks.Of(http.Request, id);
        http.Response.Headers.Location = links.Self;
        http.Response.Headers.RetryAfter = SecondsBetweenLooks;
        return links;
    }

    private static TalkException NotFound(string id) => new(ErrorCode.TalkNotFound, $"There is no talk '{id}'.");
}
