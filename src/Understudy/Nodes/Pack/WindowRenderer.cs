using WanTalk.Core.Errors;
using WanTalk.Media.Pictures;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Picture;
using WanTalk.Understudy.Speech;
using WanTalk.Understudy.Values;

namespace WanTalk.Understudy.Nodes.Pack;

/// <summary>
/// Draws windows: the frames that a window adds to those it shares with the one before. Both samplers draw with it, so that a talk made in
/// one prompt has the frames of one made window by window.
/// </summary>
internal sealed class WindowRenderer(RgbImage portrait, IAudioRows audio, long seed, SamplerBar bar, NodeContext context) : IDisposable
{
    private TalkingHead? _head;

    /// <summary>Looks for the face and loads what there is to load, if that was not done yet.</summary>
    public void Prepare()
    {
        if (_head is not null)
            return;
        _head = CreateHead();
        bar.LoadWeights();
    }

    /// <summary>Draws a window's new frames in order; each step is an equal part of them.</summary>
    /// <param name="window">Its number.</param>
    /// <param name="before">What the window before left; null for the first.</param>
    /// <param name="sink">Takes each frame; its bytes may change afterwards.</param>
    /// <returns>What the next window needs.</returns>
    public async Task<Checkpoint> RenderAsync(int window, Checkpoint? before, Func<ReadOnlyMemory<byte>, Task> sink)
    {
        Prepare();
        // The state in the checkpoint before must stay as it was: it may be asked for again.
        var motion = before?.Motion.Copy() ?? _head!.Start(seed);
        var shared = before?.Tail.Count ?? 0;
        var count = WindowShape.Frames - shared;
        var features = audio.ReadRows(((long)WindowShape.Stride * window) + shared, count);
        var tail = new List<byte[]>();
        var scratch = new byte[portrait.Pixels.Length];
        var step = 0;
        for (var i = 0; i < count; i++)
        {
            context.Stop.ThrowIfCancellationRequested();
            var isTail = i >= count - WindowShape.Shared;
            var frame = isTail ? new byte[scratch.Length] : scratch;
            _head!.Render(features.AsSpan(i * SpeechFeatures.Dimensions, SpeechFeatures.Dimensions), motion, frame);
            await sink(frame);
            if (isTail)
                tail.Add(frame);
            for (; (step + 1L) * count <= (i + 1L) * bar.Steps; step++)
                bar.Step(new RgbImage(portrait.Width, portrait.Height, frame));
        }
        return new Checkpoint(tail, motion);
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
}
