using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Nodes;
using WanTalk.Understudy.Nodes.Pack;

namespace WanTalk.Understudy.Server;

/// <summary>What the server says of itself, and our node pack's own routes.</summary>
internal sealed class InfoRoutes(NodeRegistry registry, EngineFolders folders)
{
    /// <summary>The largest body, as the real server's default.</summary>
    public const long MaxUploadBytes = 100 << 20;

    private const string Version = "0.10.0";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/object_info", http => Answers.JsonAsync(http, registry.DescribeAll()));
        routes.MapGet("/object_info/{name}", (HttpContext http, string name) => Answers.JsonAsync(http, registry.Describe(name)));
        routes.MapGet("/system_stats", http => Answers.JsonAsync(http, SystemStats()));
        routes.MapGet("/features", http => Answers.JsonAsync(http, Features()));
        routes.MapGet("/wantalk/info", http => Answers.JsonAsync(http, PackInfo()));
        routes.MapPost("/wantalk/release", ReleaseAsync);
    }

    public static JsonObject Features() => new() { ["supports_preview_metadata"] = true, ["max_upload_size"] = MaxUploadBytes };

    private static JsonObject PackInfo() => new()
    {
        ["pack_version"] = PackSchema.Version,
        ["engine"] = "understudy",
        ["preview"] = true,
        ["wrapper_version"] = null,
        ["loop_replaceable"] = true,
        ["vram_total"] = 0,
    };

    private static JsonObject SystemStats()
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return new JsonObject
        {
            ["system"] = new JsonObject
            {
                ["os"] = "linux",
                ["ram_total"] = memory,
                ["ram_free"] = memory - Environment.WorkingSet,
                ["comfyui_version"] = Version,
                ["python_version"] = $"none: the WanTalk understudy on {RuntimeInformation.FrameworkDescription}",
                ["pytorch_version"] = "none",
                ["embedded_python"] = false,
                ["argv"] = new JsonArray("understudy"),
            },
            ["devices"] = new JsonArray(new JsonObject
            {
                ["name"] = "WanTalk understudy (preview, CPU)",
                ["type"] = "cpu",
                ["index"] = null,
                ["vram_total"] = memory,
                ["vram_free"] = memory - Environment.WorkingSet,
                ["torch_vram_total"] = 0,
                ["torch_vram_free"] = 0,
            }),
        };
    }

    /// <summary>
    /// Deletes everything in input, output and temp whose path begins with a prefix of ours: a folder, or whole words at the beginning of
    /// names ("w-0007" is "w-0007.mkv" and not "w-00071.mkv").
    /// </summary>
    private async Task ReleaseAsync(HttpContext http)
    {
        var prefix = (await Answers.ReadJsonAsync(http) as JsonObject)?["prefix"]?.ToString() ?? "";
        if (!prefix.StartsWith("wantalk/", StringComparison.Ordinal) || prefix.Split('/').Any(part => part is "" or "." or ".."))
        {
            await Answers.JsonAsync(http, new JsonObject { ["error"] = $"The prefix must begin with wantalk/ and a name, not {prefix}." }, 400);
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
