using System.Text.Json.Nodes;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Nodes.Pack;

namespace WanTalk.Understudy.Server;

/// <summary>The routes that our node pack adds to a server: what it is, and the deletion of a talk's files.</summary>
internal sealed class PackRoutes(EngineFolders folders, RequestBodies bodies)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/wantalk/info", http => Answers.JsonAsync(http, PackInfo()));
        routes.MapPost("/wantalk/release", ReleaseAsync);
    }

    private static JsonObject PackInfo() => new()
    {
        ["pack_version"] = PackSchema.Version,
        ["engine"] = "understudy",
        ["preview"] = true,
        ["wrapper_version"] = null,
        ["loop_replaceable"] = true,
        ["vram_total"] = 0,
    };

    /// <summary>
    /// Deletes everything in input, output and temp whose path begins with a prefix of ours: a folder, or whole words at the beginning of
    /// names ("w-0007" is "w-0007.mkv" and not "w-00071.mkv").
    /// </summary>
    private async Task ReleaseAsync(HttpContext http)
    {
        var prefix = (await bodies.ReadJsonAsync(http) as JsonObject)?["prefix"]?.ToString() ?? "";
        if (!prefix.StartsWith("wantalk/", StringComparison.Ordinal) || prefix.Split('/').Any(part => part is "" or "." or ".."))
        {
            var complaint = $"The prefix must begin with wantalk/ and a name, not {prefix}.";
            await Answers.JsonAsync(http, new JsonObject { ["error"] = complaint }, 400);
            return;
        }
        var deleted = 0;
        foreach (var root in (string[])[folders.Input, folders.Output, folders.Temp])
        {
            if (EngineFolders.Inside(root, prefix) is { } path && Directory.Exists(Path.GetDirectoryName(path)))
                deleted += Delete(new DirectoryInfo(Path.GetDirectoryName(path)!), Path.GetFileName(path));
        }
        await Answers.JsonAsync(http, new JsonObject { ["deleted"] = deleted });
    }

    private static int Delete(DirectoryInfo parent, string beginning)
    {
        var deleted = 0;
        foreach (var entry in parent.EnumerateFileSystemInfos($"{beginning}*"))
        {
            if (entry.Name.Length > beginning.Length && char.IsLetterOrDigit(entry.Name[beginning.Length]))
                continue;
            if (entry is DirectoryInfo folder)
            {
                deleted += folder.EnumerateFiles("*", SearchOption.AllDirectories).Count();
                folder.Delete(recursive: true);
            }
            else
            {
                deleted++;
                entry.Delete();
            }
        }
        return deleted;
    }
}
