using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using WanTalk.Api.Callers;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Owners;
using WanTalk.Core.Talks;

namespace WanTalk.Api.Talks;

/// <summary>Hands out talks' portraits, whole and small, the same in every host.</summary>
/// <param name="talks">The callers' talks.</param>
/// <param name="store">The artifacts.</param>
/// <param name="guard">Knows the callers, and turns exceptions into problems.</param>
public sealed class PortraitHandlers(OwnedTalks talks, IArtifactStore store, CallerGuard guard)
{
    // A talk is prepared once, and an id is never given again. The portrait is its owner's, and caches that others share may not keep it.
    private const string Forever = "private, max-age=31536000, immutable";

    /// <summary>A talk's portrait as prepare has made it, upright and whole: what is cut off of it follows from the talk's effective size.</summary>
    public Task<IResult> ReadAsync(HttpContext http, string id) => guard.AnswerAsync(http, async (caller, cancellationToken) =>
    {
        await talks.DemandAsync(caller, id, cancellationToken);
        var portrait = await store.OpenReadAsync(new TalkPaths(id).Portrait, cancellationToken) ?? throw new TalkException(ErrorCode.TalkStateConflict,
            $"The talk {id} has no portrait yet. Wait until prepare is among its stage_seconds.");
        return Answer(http, id, portrait, "image/png");
    }, id);

    /// <summary>A small picture of a talk's portrait, with the video's proportions.</summary>
    public Task<IResult> ReadThumbnailAsync(HttpContext http, string id) => guard.AnswerAsync(http, async (caller, cancellationToken) =>
    {
        await talks.DemandAsync(caller, id, cancellationToken);
        var thumbnail = await store.OpenReadAsync(new TalkPaths(id).Thumbnail, cancellationToken) ?? throw new TalkException(ErrorCode.ThumbnailNotFound,
            $"The talk {id} has no thumbnail. Wait until prepare is among its stage_seconds; one from before there were any has its portrait.");
        return Answer(http, id, thumbnail, "image/jpeg");
    }, id);

    private static IResult Answer(HttpContext http, string id, Stream picture, string type)
    {
        http.Response.Headers.CacheControl = Forever;
        return Results.Stream(picture, type, entityTag: new EntityTagHeaderValue($"\"{id}\""));
    }
}
