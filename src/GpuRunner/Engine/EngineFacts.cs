using WanTalk.ComfyUI;

namespace WanTalk.GpuRunner.Engine;

/// <summary>What is known of an engine before it is used.</summary>
/// <param name="Pack">What our node pack says; null if the engine does not have it.</param>
/// <param name="Classes">The engine's node classes.</param>
internal sealed record EngineFacts(WanTalkInfo? Pack, NodeClasses Classes)
{
    /// <summary>Whether the pictures are a preview and not WanVideo's.</summary>
    public bool Preview => Pack?.Preview ?? false;

    /// <summary>The GPU's memory in bytes; 0 without a GPU, or if nobody tells.</summary>
    public long VramTotal => Pack?.VramTotal ?? 0;

    /// <summary>Asks an engine.</summary>
    /// <exception cref="ComfyException">It does not answer as a ComfyUI does.</exception>
    public static async Task<EngineFacts> AskAsync(ComfyClient client, CancellationToken cancellationToken) =>
        new(await client.GetWanTalkInfoAsync(cancellationToken), NodeClasses.Read(await client.GetObjectInfoAsync(cancellationToken)));
}
