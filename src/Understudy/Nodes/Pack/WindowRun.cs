using System.Text.Json.Nodes;
using WanTalk.ComfyUI.Safetensors;
using WanTalk.Media.Pictures;
using WanTalk.Understudy.Execution;

namespace WanTalk.Understudy.Nodes.Pack;

/// <summary>Where a window's files go.</summary>
internal sealed record WindowPlace(string Folder, string Subfolder, string Stem)
{
    public string FramesName => $"{Stem}.mkv";

    public string CheckpointName => $"{Stem}.checkpoint.safetensors";

    public string FramesPath => Path.Combine(Folder, FramesName);

    public string CheckpointPath => Path.Combine(Folder, CheckpointName);
}

/// <summary>Makes windows for one prompt. A window depends on earlier ones only through the checkpoint that it is given.</summary>
internal sealed class WindowRun(RgbImage portrait, LoadedEmbeds audio, JsonObject identity, long seed, SamplerBar bar, NodeContext context)
    : IDisposable
{
    private readonly WindowRenderer _renderer = new(portrait, audio, seed, bar, context);

    /// <summary>Makes a window and stores its frames and then its checkpoint, in that order; or finds both whole from an earlier time.</summary>
    public async Task<(Checkpoint Checkpoint, StoredFile[] Files)> MakeAsync(int window, Checkpoint? before, string? parent, WindowPlace place)
    {
        if (await FindAsync(window, parent, place) is { } found)
            return found;
        context.Host.BeginWindow(window, place.Subfolder);
        _renderer.Prepare();
        var begun = context.Host.Time.GetTimestamp();
        var checkpoint = await RenderAsync(window, before, place);
        var frames = await StoredFile.OfAsync("frames", place.FramesPath, place.Subfolder, window);
        await context.Host.EndWindowAsync(window, context.Host.Time.GetElapsedTime(begun));
        var metadata = Checkpoint.Metadata(window, parent, frames.Sha256, identity);
        var stored = await StoredFile.WriteAsync(
            "checkpoint",
            place.Folder,
            place.Subfolder,
            place.CheckpointName,
            window,
            stream => checkpoint.WriteAsync(stream, metadata, portrait.Width, portrait.Height, context.Stop));
        return (checkpoint, [frames, stored]);
    }

    public void Dispose() => _renderer.Dispose();

    private async Task<Checkpoint> RenderAsync(int window, Checkpoint? before, WindowPlace place)
    {
        var partial = place.FramesPath + ".tmp";
        var decoded = new DecodedFrames(window, context);
        try
        {
            Checkpoint checkpoint;
            await using (var writer = new FrameWriter(partial, portrait.Width, portrait.Height))
            {
                Task WriteAsync(ReadOnlyMemory<byte> frame)
                {
                    decoded.Check(frame.Span);
                    return writer.WriteAsync(frame, context.Stop);
                }

                foreach (var frame in before?.Tail ?? [])
                    await WriteAsync(frame);
                checkpoint = await _renderer.RenderAsync(window, before, WriteAsync);
                await writer.FinishAsync();
            }
            File.Move(partial, place.FramesPath, overwrite: true);
            return checkpoint;
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private async Task<(Checkpoint Checkpoint, StoredFile[] Files)?> FindAsync(int window, string? parent, WindowPlace place)
    {
        if (!File.Exists(place.CheckpointPath) || !File.Exists(place.FramesPath))
            return null;
        try
        {
            var checkpoint = await Checkpoint.ReadAsync(place.CheckpointPath, place.CheckpointName, window, identity, context.Stop);
            await using var file = File.OpenRead(place.CheckpointPath);
            var metadata = (await SafetensorsHeader.ReadAsync(file, context.Stop)).Metadata;
            var frames = await StoredFile.OfAsync("frames", place.FramesPath, place.Subfolder, window);
            if ((string?)metadata?["parent"] != parent || (string?)metadata?["frames_sha256"] != frames.Sha256)
                return null;
            var stored = await StoredFile.OfAsync("checkpoint", place.CheckpointPath, place.Subfolder, window);
            for (var step = 0; step < bar.Steps; step++)
                bar.Step();
            return (checkpoint, [frames, stored]);
        }
        catch (NodeException)
        {
            return null;
        }
    }
}
