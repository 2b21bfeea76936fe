using WanTalk.ComfyUI;
using WanTalk.Core.Quotes;

namespace WanTalk.GpuRunner.Engine;

/// <summary>What is known of an engine before it is used.</summary>
/// <param name="Pack">What our node pack says; null if the engine does not have it.</param>
/// <param name="Classes">The engine's node classes.</param>
/// <param name="Gpu">The kind of its GPU; null if it has none, or does not tell.</param>
internal sealed record EngineFacts(WanTalkInfo? Pack, NodeClasses Classes, string? Gpu = null)
{
    /// <summary>Whether the pictures are a preview and not WanVideo's.</summary>
    public bool Preview => Pack?.Preview ?? false;

    /// <summary>The GPU's memory in bytes; 0 without a GPU, or if nobody tells.</summary>
    public long VramTotal => Pack?.VramTotal ?? 0;

    /// <summary>Asks an engine.</summary>
    /// <exception cref="ComfyException">It does not answer as a ComfyUI does.</exception>
    public static async Task<EngineFacts> AskAsync(ComfyClient client, CancellationToken cancellationToken)
    {
        var pack = await client.GetWanTalkInfoAsync(cancellationToken);
        var classes = NodeClasses.Read(await client.GetObjectInfoAsync(cancellationToken));
        return new EngineFacts(pack, classes, pack is { Preview: true } ? GpuKind.Preview : await AskGpuAsync(client, cancellationToken));
    }

    /// <summary>Only quotes and costs need it: an engine that does not tell may be used.</summary>
    private static async Task<string?> AskGpuAsync(ComfyClient client, CancellationToken cancellationToken)
    {
        try
        {
            var stats = await client.GetSystemStatsAsync(cancellationToken);
            return stats.Devices is [{ Type: not "cpu" } device, ..] ? GpuKind.OfDevice(device.Name) : null;
        }
        catch (ComfyException untold) when (untold.Kind is ComfyErrorKind.NotFound or ComfyErrorKind.Protocol)
        {
            return null;
        }
    }
}
