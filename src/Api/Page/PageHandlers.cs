using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using WanTalk.Api.Problems;
using WanTalk.Core.Errors;

namespace WanTalk.Api.Page;

/// <summary>The page and its files, the same in every host. Nobody needs a key for them: the page asks for it where the API wants one.</summary>
public sealed class PageHandlers
{
    private const string Index = "index.html";

    private const string Forever = "public, max-age=31536000, immutable";

    // Modules name each other, so that all of them have to be of one version: each is asked for again, and mostly answered with 304.
    private const string LookAgain = "no-cache";

    // Nothing is run and nothing styled that is not one of the page's files. Inputs, videos and streams may lie elsewhere: at an address that
    // somebody gives, in a bucket, in the account that takes uploads. Players are fed through blob addresses.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data: https: http:; media-src 'self' blob: data: https: http:; "
        + "connect-src 'self' blob: data: https: http:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly Lazy<IReadOnlyDictionary<string, PageFile>> _files = new(PageFile.ReadAll);

    /// <summary>The page.</summary>
    public IResult ReadIndex(HttpContext http) => ReadFile(http, Index);

    /// <summary>A file of the page: 200, 304 for who has it, 404 when there is none of that name.</summary>
    public IResult ReadFile(HttpContext http, string path)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (!_files.Value.TryGetValue(path, out var file))
        {
            return Problem.Of(new TalkError(ErrorCode.RouteNotFound, "The page has no such file. Load the page again."));
        }

        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "microphone=(self), camera=(), geolocation=()";
        headers.CacheControl = file.IsVersioned ? Forever : LookAgain;
        headers.Vary = HeaderNames.AcceptEncoding;
        if (!TakesGzip(http.Request))
        {
            return Results.Bytes(file.Content, file.MediaType, entityTag: new EntityTagHeaderValue($"\"{file.Sha256}\""));
        }

        headers.ContentEncoding = "gzip";
        return Results.Bytes(file.Compressed, file.MediaType, entityTag: new EntityTagHeaderValue($"\"{file.Sha256}-gzip\""));
    }

    private static bool TakesGzip(HttpRequest request) =>
        request.GetTypedHeaders().AcceptEncoding.Any(encoding => encoding.Value == "gzip" && encoding.Quality is null or > 0);
}
