using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using WanTalk.Core.Json;
using WanTalk.Core.Streaming;
using WanTalk.Core.Talks;

namespace WanTalk.Api.Talks;

/// <summary>A talk as an answer: its view with its links. A video or a stream that lies on the server's own disk is offered through the server.</summary>
internal static class TalkAnswer
{
    private const string SecondsBetweenLooks = "2";

    /// <summary>202 with where and when to look again while the talk is under way, 200 once it has ended.</summary>
    public static IResult Of(HttpContext http, TalkView view)
    {
        var ended = view.Status.HasEnded();
        if (!ended)
        {
            PointTo(http, view.Id);
        }

        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(BodyOf(http, view), CoreJson.Options, null, ended ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
    }

    /// <summary>The body.</summary>
    public static JsonObject BodyOf(HttpContext http, TalkView view)
    {
        var links = TalkLinks.Of(http.Request, view.Id);
        var video = view.Video.Select(url => url.StartsWith("file:", StringComparison.Ordinal) ? links.Video : url);
        var stream = view.StreamUrl == StreamPlaylists.Index ? links.Stream : view.StreamUrl;
        var body = JsonSerializer.SerializeToNode(view with { Video = [.. video], StreamUrl = stream }, CoreJson.Options)!.AsObject();
        body["links"] = JsonSerializer.SerializeToNode(links, CoreJson.Options);
        return body;
    }

    /// <summary>Says where and when to look at a talk that is under way.</summary>
    public static TalkLinks PointTo(HttpContext http, string id)
    {
        var links = TalkLinks.Of(http.Request, id);
        http.Response.Headers.Location = links.Self;
        http.Response.Headers.RetryAfter = SecondsBetweenLooks;
        return links;
    }
}

/// <summary>A page of talks.</summary>
/// <param name="Talks">The talks, newest first.</param>
/// <param name="Next">What to give as <c>after</c> for the next page; absent when there is none.</param>
internal sealed record TalkList(IReadOnlyList<JsonObject> Talks, string? Next);
