using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using WanTalk.Api.Problems;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Json;
using WanTalk.Core.Talks;
using WanTalk.Core.Workflows;

namespace WanTalk.Api.Talks;

/// <summary>The routes of talks, the same in every host.</summary>
public static class TalkEndpoints
{
    private const long MaxBodyBytes = TalkLimits.MaxPortraitBytes + TalkLimits.MaxSpeechBytes + (1 << 20);

    /// <summary>Maps <c>/api/talks</c>.</summary>
    public static IEndpointRouteBuilder MapTalks(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        var talks = routes.MapGroup("/api/talks").AddEndpointFilter<RouteGroupBuilder, ProblemFilter>();
        talks.MapPost("", CreateAsync).DisableAntiforgery();
        talks.MapGet("{id}", ReadAsync);
        talks.MapPost("{id}/cancel", CancelAsync);
        talks.MapGet("{id}/video", DownloadAsync);
        return routes;
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, TalkIntake intake, WorkflowOptions workflows, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!http.Request.HasFormContentType)
        {
            return Problem.Of(new TalkError(ErrorCode.ArgumentInvalid,
                "The body is not multipart/form-data. Send the files 'portrait' and 'speech' as a form."));
        }

        var form = await ReadFormAsync(http, cancellationToken);
        var problems = new List<TalkError>();
        var draft = await TalkForm.ReadAsync(form, problems, cancellationToken) with { AlsoAllowedNodes = workflows.AlsoAllowedNodes };
        var request = TalkIntake.Check(draft, time, out var refused);
        if (request is null || problems.Count > 0)
        {
            return Problem.Of([.. problems, .. refused]);
        }

        await using var portrait = form.Files[TalkForm.Portrait]!.OpenReadStream();
        await using var speech = form.Files[TalkForm.Speech]!.OpenReadStream();
        await intake.AcceptAsync(request, portrait, speech, draft.Workflow, cancellationToken);
        http.Response.Headers.RetryAfter = "2";
        var links = TalkLinks.Of(http.Request, request.Id);
        http.Response.Headers.Location = links.Self;
        return Results.Json(new AcceptedTalk(request.Id, TalkStatus.Queued, request.Seed, request.Warnings, links), CoreJson.Options, null, StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> ReadAsync(HttpContext http, string id, TalkReader reader, CancellationToken cancellationToken)
    {
        var view = await reader.ReadAsync(id, cancellationToken) ?? throw NotFound(id);
        http.Response.Headers.CacheControl = "no-store";
        return Show(view, TalkLinks.Of(http.Request, id), StatusCodes.Status200OK);
    }

    private static async Task<IResult> CancelAsync(HttpContext http, string id, TalkControl control, TalkReader reader, CancellationToken cancellationToken)
    {
        await control.CancelAsync(id, cancellationToken);
        var view = await reader.ReadAsync(id, cancellationToken) ?? throw NotFound(id);
        return Show(view, TalkLinks.Of(http.Request, id), StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> DownloadAsync(string id, TalkReader reader, IArtifactStore store, CancellationToken cancellationToken)
    {
        var view = await reader.ReadAsync(id, cancellationToken) ?? throw NotFound(id);
        if (view.Status != TalkStatus.Completed || await store.OpenReadAsync(new TalkPaths(id).Video, cancellationToken) is not { } video)
        {
            throw new TalkException(ErrorCode.TalkStateConflict, $"The talk {id} has no video yet; it is {view.Status.ToString().ToLowerInvariant()}.");
        }

        return Results.Stream(video, "video/mp4", $"{id}.mp4", enableRangeProcessing: video.CanSeek);
    }

    private static async Task<IFormCollection> ReadFormAsync(HttpContext http, CancellationToken cancellationToken)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxBodyBytes;
        }

        // Files above the threshold are buffered on disk, not in memory.
        http.Features.Set<IFormFeature>(new FormFeature(http.Request, new FormOptions { MultipartBodyLengthLimit = MaxBodyBytes }));
        try
        {
            return await http.Request.ReadFormAsync(cancellationToken);
        }
        catch (Exception malformed) when (malformed is InvalidDataException or IOException)
        {
            throw new TalkException(ErrorCode.ArgumentInvalid, $"The form cannot be read: {malformed.Message}", malformed);
        }
    }

    /// <summary>A talk with its links. A video that lies on the server's own disk is offered through the server.</summary>
    private static IResult Show(TalkView view, TalkLinks links, int status)
    {
        var video = view.Video.Select(url => url.StartsWith("file:", StringComparison.Ordinal) ? links.Video : url);
        var body = JsonSerializer.SerializeToNode(view with { Video = [.. video] }, CoreJson.Options)!.AsObject();
        body["links"] = JsonSerializer.SerializeToNode(links, CoreJson.Options);
        return Results.Json(body, CoreJson.Options, null, status);
    }

    private static TalkException NotFound(string id) => new(ErrorCode.TalkNotFound, $"There is no talk '{id}'.");
}
