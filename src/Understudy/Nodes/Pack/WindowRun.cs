using System.Text.Json.Nodes;
using WanTalk.ComfyUI.Safetensors;
using WanTalk.Core.Errors;
using WanTalk.Media.Pictures;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Picture;
using WanTalk.Understudy.Speech;

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
    private TalkingHead? _head;

    /// <summary>Makes a window and stores its frames and then its checkpoint, in that order; or finds both whole from an earlier time.</summary>
    public async Task<(Checkpoint Checkpoint, StoredFile[] Files)> MakeAsync(int window, Checkpoint? before, string? parent, WindowPlace place)
    {
        if (await FindAsync(window, parent, place) is { } found)
            return found;
        context.Host.BeginWindow(window);
        if (_head is null)
        {
            _head = CreateHead();
            bar.LoadWeights();
        }
        var motion = before?.Motion ?? _head.Start(seed);
        // The state in the checkpoint before must stay as it was: it may be asked for again.
        motion = new MotionState([.. motion.Generator], [.. motion.Values]);
        var tail = await RenderAsync(window, before, motion, place);
        var frames = await StoredFile.OfAsync("frames", place.FramesPath, place.Subfolder, window);
        var checkpoint = new Checkpoint(tail, motion);
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

    public void Dispose() => _head?.Dispose();

    private TalkingHead CreateHead()
    {
        try
        {
            return TalkingHead.Create(portrait);
        }
        catch (TalkException error)
        {
            throw new NodeException($"wantalk.{ErrorCatalog.Name(error.Error.Code)}", error.Error.Message, error);
        }
    }

    private async Task<List<byte[]>> RenderAsync(int window, Checkpoint? before, MotionState motion, WindowPlace place)
    {
        var partial = place.FramesPath + ".tmp";
        var tail = new List<byte[]>();
        try
        {
            await using (var writer = new FrameWriter(partial, portrait.Width, portrait.Height))
            {
                foreach (var frame in before?.Tail ?? [])
                    await writer.WriteAsync(frame, context.Stop);
                var done = before?.Tail.Count ?? 0;
                var features = audio.ReadRows(((long)WindowShape.Stride * window) + done, WindowShape.Frames - done);
                await RenderNewAsync(features, WindowShape.Frames - done, motion, writer, tail);
                await writer.FinishAsync();
            }
            File.Move(partial, place.FramesPath, overwrite: true);
            return tail;
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>Renders the window's new frames; each step is an equal part of them.</summary>
    private async Task RenderNewAsync(float[] features, int count, MotionState motion, FrameWriter writer, List<byte[]> tail)
    {
        var step = 0;
        var scratch = new byte[portrait.Pixels.Length];
        for (var i = 0; i < count; i++)
        {
            context.Stop.ThrowIfCancellationRequested();
            var frame = i >= count - WindowShape.Shared ? new byte[scratch.Length] : scratch;
            _head!.Render(features.AsSpan(i * SpeechFeatures.Dimensions, SpeechFeatures.Dimensions), motion, frame);
            await writer.WriteAsync(frame, context.Stop);
            if (i >= count - WindowShape.Shared)
                tail.Add(frame);
            for (; (step + 1L) * count <= (i + 1L) * bar.Steps; step++)
                bar.Step(context.Host.IsWatched ? PreviewPicture.Jpeg(new RgbImage(portrait.Width, portrait.Height, frame)) : null);
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
