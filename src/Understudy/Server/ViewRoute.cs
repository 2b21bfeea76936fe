using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;
using WanTalk.Understudy.Execution;

namespace WanTalk.Understudy.Server;

/// <summary>GET and HEAD /view: files of input, output and temp, in parts if asked.</summary>
internal sealed class ViewRoute(EngineFolders folders)
{
    private static readonly FileExtensionContentTypeProvider ContentTypes = new(new FileExtensionContentTypeProvider().Mappings)
    {
        Mappings = { [".flac"] = "audio/x-flac", [".wav"] = "audio/x-wav", [".mkv"] = "video/x-matroska" },
    };

    public async Task HandleAsync(HttpContext http)
    {
        var query = http.Request.Query;
        if (!query.ContainsKey("filename"))
        {
            Answers.Empty(http, 404);
            return;
        }
        var (filename, annotated) = EngineFolders.SplitAnnotation(query["filename"].ToString());
        var subfolder = query["subfolder"].ToString();
        if (filename.Length == 0 || filename[0] == '/' || filename.Contains("..", StringComparison.Ordinal)
            || folders.Of(annotated ?? (query.ContainsKey("type") ? query["type"].ToString() : "output")) is not { } root)
        {
            Answers.Empty(http, 400);
            return;
        }
        var folder = Path.GetFullPath(Path.Combine(root, subfolder));
        if (folder != root && !folder.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            Answers.Empty(http, 403);
            return;
        }
        var path = Path.Combine(folder, Path.GetFileName(filename));
        if (!File.Exists(path))
        {
            Answers.Empty(http, 404);
            return;
        }
        var (preview, channel) = (query.ContainsKey("preview") ? query["preview"].ToString() : null, query["channel"].ToString());
        await (preview is not null || channel is "rgb" or "a" ? SendPictureAsync(http, path, preview, channel) : SendAsync(http, path));
    }

    private static async Task SendPictureAsync(HttpContext http, string path, string? preview, string channel)
    {
        var (bytes, type) = ViewPicture.Make(path, preview, channel);
        http.Response.Headers.ContentDisposition = $"filename=\"{Path.GetFileName(path)}\"";
        http.Response.ContentType = type;
        http.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    private static async Task SendAsync(HttpContext http, string path)
    {
        var file = new FileInfo(path);
        http.Response.Headers.ContentDisposition = $"filename=\"{file.Name}\"";
        // Told with 304 and 416, too.
        var type = ContentTypes.TryGetContentType(path, out var known) ? known : "application/octet-stream";
        http.Response.ContentType = type;
        if (http.Request.GetTypedHeaders().Range is { } range && !CanBeSent(range, file.Length))
        {
            http.Response.Headers.ContentRange = $"bytes */{file.Length}";
            http.Response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            // Chunked, with nothing in it, as Answers.UnknownAsync.
            await http.Response.StartAsync(http.RequestAborted);
            return;
        }
        http.Response.Headers.AcceptRanges = "bytes";
        var tag = new EntityTagHeaderValue($"\"{file.LastWriteTimeUtc.Ticks:x}-{file.Length:x}\"");
        await Results.File(path, type, lastModified: file.LastWriteTimeUtc, entityTag: tag, enableRangeProcessing: true).ExecuteAsync(http);
    }

    /// <summary>One range that begins within the file; the real server sends no several at once.</summary>
    private static bool CanBeSent(RangeHeaderValue range, long length) =>
        range.Ranges.Count == 1 && range.Ranges.First() is var one && (one.From is { } from ? from < length : one.To > 0);
}
