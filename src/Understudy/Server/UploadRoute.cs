using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using WanTalk.Understudy.Execution;

namespace WanTalk.Understudy.Server;

/// <summary>POST /upload/image: any file into input, temp or output, streamed to disk and then given its name.</summary>
internal sealed class UploadRoute(EngineFolders folders, RequestBodies bodies)
{
    private const int MaxField = 64 << 10;

    /// <summary>An upload whose bytes are on disk, under a name that no one knows yet.</summary>
    private sealed class Incoming
    {
        public string? Path { get; set; }

        public string? Filename { get; set; }

        public string Digest { get; set; } = "";

        public long Bytes { get; set; }

        public Dictionary<string, string> Fields { get; } = new(StringComparer.Ordinal);
    }

    public async Task HandleAsync(HttpContext http)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type)
            || !type.MediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            Answers.Empty(http, 400);
            return;
        }
        var incoming = new Incoming();
        try
        {
            await ReceiveAsync(http, HeaderUtilities.RemoveQuotes(type.Boundary).Value ?? "", incoming);
            await PlaceAsync(http, incoming);
        }
        finally
        {
            if (incoming.Path is not null)
                File.Delete(incoming.Path);
        }
    }

    private async Task ReceiveAsync(HttpContext http, string boundary, Incoming incoming)
    {
        var reader = new MultipartReader(boundary, http.Request.Body);
        while (await reader.ReadNextSectionAsync(http.RequestAborted) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition))
                continue;
            var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "";
            var isFile = disposition.FileName.HasValue || disposition.FileNameStar.HasValue;
            if (isFile && name == "image" && incoming.Path is null)
            {
                var plain = HeaderUtilities.RemoveQuotes(disposition.FileName);
                incoming.Filename = disposition.FileNameStar.HasValue ? disposition.FileNameStar.Value : plain.Value;
                await StoreAsync(section.Body, incoming, http.RequestAborted);
            }
            else if (!isFile)
            {
                incoming.Fields[name] = await ReadFieldAsync(section.Body, http.RequestAborted);
                Count(incoming, incoming.Fields[name].Length);
            }
        }
    }

    private async Task StoreAsync(Stream body, Incoming incoming, CancellationToken cancellationToken)
    {
        incoming.Path = Path.Combine(folders.Temp, $".upload-{Guid.NewGuid():N}");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = new FileStream(incoming.Path, FileMode.CreateNew, FileAccess.Write);
        var buffer = new byte[RequestBodies.Chunk];
        for (int count; (count = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken)) > 0;)
        {
            Count(incoming, count);
            hash.AppendData(buffer, 0, count);
            await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }
        incoming.Digest = Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The limit is for the sum of what the parts hold, and is looked at chunk by chunk.</summary>
    private void Count(Incoming incoming, int bytes) => bodies.Count(incoming.Bytes += bytes);

    private static async Task<string> ReadFieldAsync(Stream body, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxField];
        var count = await body.ReadAtLeastAsync(buffer, MaxField, throwOnEndOfStream: false, cancellationToken);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, count);
    }

    private async Task PlaceAsync(HttpContext http, Incoming incoming)
    {
        if (incoming.Path is null)
        {
            // A text field named image has no filename, which trips the real server.
            await (incoming.Fields.ContainsKey("image") ? Answers.TroubleAsync(http) : BadRequestAsync(http));
            return;
        }
        var type = incoming.Fields.GetValueOrDefault("type", "input");
        var subfolder = incoming.Fields.GetValueOrDefault("subfolder", "");
        // The real server drops backslashes through its multipart reader.
        var filename = (incoming.Filename ?? "").Replace("\\", "", StringComparison.Ordinal);
        if (folders.Of(type) is not { } root || filename.Length == 0 || Path.IsPathRooted(filename))
        {
            await Answers.TroubleAsync(http);
            return;
        }
        var folder = Path.GetFullPath(Path.Combine(root, subfolder));
        var path = Path.GetFullPath(Path.Combine(folder, filename));
        if ((folder != root && EngineFolders.Inside(root, Path.GetRelativePath(root, folder)) is null) || !IsBelow(path, root))
        {
            await BadRequestAsync(http);
            return;
        }
        Directory.CreateDirectory(folder);
        var overwrite = incoming.Fields.GetValueOrDefault("overwrite") is "true" or "1";
        var (final, name) = overwrite ? (path, filename) : await FreeNameAsync(path, filename, incoming.Digest);
        File.Move(incoming.Path, final, overwrite: true);
        await Answers.JsonAsync(http, new JsonObject { ["name"] = name, ["subfolder"] = subfolder, ["type"] = type });
    }

    private static bool IsBelow(string path, string root) =>
        path == root || path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static Task BadRequestAsync(HttpContext http)
    {
        Answers.Empty(http, 400);
        return Task.CompletedTask;
    }

    /// <summary>The name itself, if it is free or has the same bytes; else "name (1).ext", "name (2).ext" and so on, by the same rule.</summary>
    private static async Task<(string Path, string Name)> FreeNameAsync(string path, string filename, string digest)
    {
        var (stem, extension) = (filename[..^Path.GetExtension(filename).Length], Path.GetExtension(filename));
        var candidate = (Path: path, Name: filename);
        for (var i = 1; File.Exists(candidate.Path); i++)
        {
            await using (var there = File.OpenRead(candidate.Path))
            {
                if (Convert.ToHexStringLower(await SHA256.HashDataAsync(there)) == digest)
                    break;
            }
            var name = $"{stem} ({i}){extension}";
            candidate = (Path.Combine(Path.GetDirectoryName(path)!, Path.GetFileName(name)), name);
        }
        return candidate;
    }
}
