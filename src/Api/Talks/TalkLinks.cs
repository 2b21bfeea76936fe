using Microsoft.AspNetCore.Http;
using WanTalk.Core.Streaming;
using WanTalk.Core.Talks;

namespace WanTalk.Api.Talks;

/// <summary>Where things about a talk are.</summary>
/// <param name="Self">Its status.</param>
/// <param name="Events">Its changes, as Server-Sent Events.</param>
/// <param name="Cancel">POST here to cancel it.</param>
/// <param name="Retry">POST here to start it again when it has failed or was cancelled.</param>
/// <param name="Portrait">Its portrait, once it is prepared.</param>
/// <param name="Thumbnail">A small picture of the portrait, once it is prepared.</param>
/// <param name="Video">Its video, once it is completed.</param>
/// <param name="Stream">Its stream's playlist, for a talk with <c>stream</c>, once the first segment can be played.</param>
public sealed record TalkLinks(string Self, string Events, string Cancel, string Retry, string Portrait, string Thumbnail, string Video, string Stream)
{
    /// <summary>The links of a talk, absolute, as the caller reached the server.</summary>
    internal static TalkLinks Of(HttpRequest request, string id)
    {
        var self = $"{request.Scheme}://{request.Host}{request.PathBase}/api/talks/{id}";
        return new TalkLinks(
            self, $"{self}/events", $"{self}/cancel", $"{self}/retry", $"{self}/portrait", $"{self}/thumbnail", $"{self}/video",
            $"{self}/hls/{StreamPlaylists.Index}");
    }
}

/// <summary>The answer to an accepted request.</summary>
/// <param name="Id">The talk's id.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Seed">The seed, given or drawn.</param>
/// <param name="Warnings">What the caller should know, one sentence each.</param>
/// <param name="Links">Where to go from here.</param>
public sealed record AcceptedTalk(string Id, TalkStatus Status, long Seed, IReadOnlyList<string> Warnings, TalkLinks Links);
