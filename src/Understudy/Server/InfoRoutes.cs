using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using WanTalk.Understudy.Nodes;

namespace WanTalk.Understudy.Server;

/// <summary>What the server says of itself.</summary>
internal sealed class InfoRoutes(NodeRegistry registry, ServerLimits limits)
{
    private const string Version = "0.10.0";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/object_info", http => Answers.JsonAsync(http, registry.DescribeAll()));
        routes.MapGet("/object_info/{name}", (HttpContext http, string name) => Answers.JsonAsync(http, registry.Describe(name)));
        routes.MapGet("/system_stats", http => Answers.JsonAsync(http, SystemStats()));
        routes.MapGet("/features", http => Answers.JsonAsync(http, Features(limits)));
    }

    /// <summary>What the server can do, as /features and the first message on a socket say it.</summary>
    public static JsonObject Features(ServerLimits limits) => new()
    {
        ["supports_preview_metadata"] = true,
        ["max_upload_size"] = limits.MaxUploadBytes,
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
                ["required_frontend_version"] = null,
                ["installed_templates_version"] = null,
                ["required_templates_version"] = null,
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
}
