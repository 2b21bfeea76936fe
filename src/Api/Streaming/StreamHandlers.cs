using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using WanTalk.Api.Callers;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Owners;
using WanTalk.Core.Plans;
using WanTalk.Core.Streaming;
using WanTalk.Core.Talks;

namespace WanTalk.Api.Streaming;

/// <summary>
/// Hands out the files of talks' streams, the same in every host. Playlists are made when they are read, of the newest state that the runners
/// have stored; segments that lie elsewhere are named in them by their addresses.
/// </summary>
/// <param name="talks">The callers' talks.</param>
/// <param name="store">The artifacts.</param>
/// <param name="guard">Knows the callers, and turns exceptions into problems.</param>
public sealed partial class StreamHandlers(OwnedTalks talks, IArtifactStore store, CallerGuard guard)
{
    // A name says its content's hash. The files are their owner's, and caches that others share may not keep them.
    private const string Forever = "private, max-age=31536000, immutable";

    // A playlist grows; who has its newest state already is told so (304).
    private const string LookAgain = "private, no-cache";

    /// <summary>A playlist, a header or a segment, in ranges if the caller asks so.</summary>
    public Task<IResult> ReadAsync(HttpContext http, string id, string file) => guard.AnswerAsync(http, async (caller, cancellationToken) =>
    {
        await talks.DemandAsync(caller, id, cancellationToken);
        var paths = new TalkPaths(id);
        return StreamPlaylists.Names.Contains(file)
            ? await ReadPlaylistAsync(http, paths, file, cancellationToken) ?? throw NotFound(id, file)
            : FileName().IsMatch(file) && await store.OpenReadAsync(paths.StreamFile(file), cancellationToken) is { } content
                ? OfFile(http, file, content)
                : throw NotFound(id, file);
    }, id);

    private async Task<IResult?> ReadPlaylistAsync(HttpContext http, TalkPaths paths, string name, CancellationToken cancellationToken)
    {
        if (await StreamState.ReadNewestAsync(store, paths, cancellationToken) is not { } state
            || await store.TryReadJsonAsync<TalkPlan>(paths.Plan, cancellationToken) is not { } plan)
        {
            return null;
        }

        var text = Encoding.UTF8.GetBytes(StreamPlaylists.Text(name, plan, state)!);
        http.Response.Headers.CacheControl = LookAgain;
        return Results.Bytes(text, StreamPlaylists.MediaType, entityTag: Tag(Convert.ToHexStringLower(SHA256.HashData(text))));
    }

    private static IResult OfFile(HttpContext http, string file, Stream content)
    {
        http.Response.Headers.CacheControl = Forever;
        return Results.Stream(
            content, StreamPlaylists.FileMediaType(file), entityTag: Tag(Path.GetFileNameWithoutExtension(file)), enableRangeProcessing: content.CanSeek);
    }

    private static EntityTagHeaderValue Tag(string hash) => new($"\"{hash}\"");

    private static TalkException NotFound(string id, string file) => new(ErrorCode.StreamNotFound,
        $"There is no '{file}' of a stream of the talk {id}. Ask for stream when you make a talk, and wait until its status has a stream_url.");

    [GeneratedRegex(@"^[0-9a-f]{64}\.(m4s|mp4)\z", RegexOptions.CultureInvariant)]
    private static partial Regex FileName();
}
