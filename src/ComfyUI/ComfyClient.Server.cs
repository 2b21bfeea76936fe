using System.Text.Json.Nodes;
using WanTalk.ComfyUI.Http;

namespace WanTalk.ComfyUI;

/// <summary>What the server says of itself.</summary>
/// <param name="Version">ComfyUI's version.</param>
/// <param name="Devices">Its devices.</param>
public sealed record SystemStats(string? Version, IReadOnlyList<EngineDevice> Devices);

/// <summary>A device of the server.</summary>
/// <param name="Name">Its name; the understudy says here that it is one.</param>
/// <param name="Type">"cuda", "cpu" and so on.</param>
/// <param name="VramTotal">Its memory in bytes.</param>
/// <param name="VramFree">Of that, free.</param>
public sealed record EngineDevice(string Name, string Type, long VramTotal, long VramFree);

/// <summary>What our node pack says of itself and of the wrapper that it drives (<c>GET /wantalk/info</c>).</summary>
/// <param name="PackVersion">The pack's version.</param>
/// <param name="WrapperVersion">The version of ComfyUI-WanVideoWrapper; null if it is not installed.</param>
/// <param name="LoopReplaceable">Whether the wrapper's window loop can be driven window by window.</param>
/// <param name="VramTotal">GPU memory in bytes, 0 without a GPU.</param>
/// <param name="Preview">Whether the pictures are a preview and not WanVideo's.</param>
/// <param name="Problems">What keeps the pack's nodes out, one sentence each.</param>
public sealed record WanTalkInfo(
    string PackVersion, string? WrapperVersion, bool LoopReplaceable, long VramTotal, bool Preview, IReadOnlyList<string> Problems);

public sealed partial class ComfyClient
{
    /// <summary>What the server says of itself and its devices.</summary>
    public async Task<SystemStats> GetSystemStatsAsync(CancellationToken cancellationToken = default)
    {
        var stats = await _http.GetJsonAsync("system_stats", cancellationToken) as JsonObject ?? [];
        var devices = (stats["devices"] as JsonArray ?? []).OfType<JsonObject>().Select(device => new EngineDevice(
            device.Text("name") ?? "",
            device.Text("type") ?? "",
            (long)(device.Number("vram_total") ?? 0),
            (long)(device.Number("vram_free") ?? 0)));
        return new SystemStats(stats.Object("system")?.Text("comfyui_version"), [.. devices]);
    }

    /// <summary>The node classes that the server has, as it describes them.</summary>
    public async Task<JsonObject> GetObjectInfoAsync(CancellationToken cancellationToken = default) =>
        await _http.GetJsonAsync("object_info", cancellationToken) as JsonObject
        ?? throw new ComfyException(ComfyErrorKind.Protocol, "The engine's object_info is not an object.");

    /// <summary>What our node pack says of itself; null if the server does not have it.</summary>
    public async Task<WanTalkInfo?> GetWanTalkInfoAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _http.GetJsonAsync("wantalk/info", cancellationToken) is JsonObject info
                ? new WanTalkInfo(
                    info.Text("pack_version") ?? "",
                    info.Text("wrapper_version"),
                    info["loop_replaceable"]?.GetValueKind() == System.Text.Json.JsonValueKind.True,
                    (long)(info.Number("vram_total") ?? 0),
                    info["preview"]?.GetValueKind() == System.Text.Json.JsonValueKind.True,
                    info.Texts("problems"))
                : null;
        }
        catch (ComfyException error) when (error.Kind == ComfyErrorKind.NotFound)
        {
            return null;
        }
    }

    /// <summary>Deletes a talk's or an attempt's files on the server: everything in input, output and temp whose path begins so.</summary>
    /// <param name="prefix">A folder below "wantalk/", or the beginning of names in it: "wantalk/TALK/ATTEMPT", "wantalk/TALK/ATTEMPT/w-0007".</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>How many files were deleted.</returns>
    public async Task<int> ReleaseAsync(string prefix, CancellationToken cancellationToken = default)
    {
        var answer = await _http.PostJsonAsync("wantalk/release", new JsonObject { ["prefix"] = prefix }, cancellationToken);
        return (int)((ComfyHttp.ParseJson(answer, "wantalk/release") as JsonObject)?.Number("deleted") ?? 0);
    }
}
