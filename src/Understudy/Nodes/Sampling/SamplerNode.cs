using WanTalk.Media.Pictures;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Nodes.Images.Resizing;
using WanTalk.Understudy.Nodes.Pack;
using WanTalk.Understudy.Values;
using static WanTalk.Understudy.Nodes.InputSpec;

namespace WanTalk.Understudy.Nodes.Sampling;

/// <summary>
/// WanVideoSampler for a talk: all windows in one prompt. The frames are those of our pack's sampler where the inputs are the same, and
/// always whole windows; where the speech ends before the last of them, the real one adds silence, or with a single window repeats the last
/// row.
/// </summary>
internal sealed class SamplerNode : Node
{
    public override NodeSchema Schema { get; } = new(
        "WanVideoSampler", [.. Inputs()], [new OutputSpec("LATENT", "samples"), new OutputSpec("LATENT", "denoised_samples")])
    {
        DisplayName = "WanVideo Sampler",
    };

    public override async Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context)
    {
        var image = inputs.Get<ImageEmbedsValue>("image_embeds");
        if (inputs.Values.GetValueOrDefault("multitalk_embeds") is not IAudioRows speech)
            throw new NodeException("ValueError", "The understudy samples talks only: connect multitalk_embeds.");
        Check(inputs, image);
        var windows = (int)Math.Max(1, (speech.TotalFrames - WindowShape.Shared + WindowShape.Stride - 1) / WindowShape.Stride);
        var rows = new LengthenedRows(speech, repeatsLast: windows == 1);
        var bar = new SamplerBar(context, inputs.Int("steps"), 0, speech.TotalFrames);
        var seed = unchecked((long)inputs.Unsigned("seed"));
        var scratch = new ScratchFile(context.Folders.Temp);
        try
        {
            using var renderer = new WindowRenderer(Portrait(image), rows, seed, bar, context);
            Checkpoint? before = null;
            for (var window = 0; window < windows; window++)
            {
                context.Host.BeginWindow(window, folder: null);
                var begun = context.Host.Time.GetTimestamp();
                before = await renderer.RenderAsync(window, before, frame =>
                {
                    scratch.Append(frame.Span);
                    return Task.CompletedTask;
                });
                await context.Host.EndWindowAsync(window, context.Host.Time.GetElapsedTime(begun));
                context.Host.ThrowIfInterrupted();
            }
            return new NodeResult([new LatentValue(new FramesValue(scratch, image.Width, image.Height)), null]);
        }
        catch
        {
            scratch.Dispose();
            throw;
        }
    }

    private static void Check(NodeInputs inputs, ImageEmbedsValue image)
    {
        if (image.WindowFrames != WindowShape.Frames || image.MotionFrames != WindowShape.Shared)
        {
            throw new NodeException(
                "ValueError",
                $"The understudy makes windows of {WindowShape.Frames} frames that share {WindowShape.Shared}, "
                + $"not {image.WindowFrames} and {image.MotionFrames}.");
        }
        if (image.StartImage is null)
            throw new NodeException("ValueError", "The understudy needs a start_image to make it speak.");
        if (inputs.Text("scheduler") == "flowmatch_distill" && inputs.Int("steps") != 4)
            throw new NodeException("ValueError", "flowmatch_distill scheduler requires 4 steps.");
        if (image.Width % 16 != 0 || image.Height % 16 != 0)
        {
            throw new NodeException(
                "RuntimeError", $"The size must be a multiple of 16 (8 for the VAE, 2 for the patches), not {image.Width}x{image.Height}.");
        }
    }

    /// <summary>The start image in the size of the frames, stretched as the real one does it.</summary>
    private static RgbImage Portrait(ImageEmbedsValue image)
    {
        var start = image.StartImage!.Image;
        return start.Width == image.Width && start.Height == image.Height
            ? start
            : Resampler.Resize(start, PicturePart.AllOf(start), image.Width, image.Height, "lanczos");
    }

    private static IEnumerable<InputSpec> Inputs()
    {
        yield return Link("model", "WANVIDEOMODEL");
        yield return Link("image_embeds", "WANVIDIMAGE_EMBEDS");
        yield return Int("steps", 30, 1);
        yield return Float("cfg", 6.0, 0.0m, 30.0m, 0.01m);
        yield return Float("shift", 5.0, 0.0m, 1000.0m, 0.01m);
        yield return Int("seed", 0, 0, 18446744073709551615m);
        yield return Flag("force_offload", true);
        yield return Choice("scheduler", Schedulers.Names, "unipc");
        yield return Int("riflex_freq_index", 0, 0, 1000, 1);
        yield return Link("text_embeds", "WANVIDEOTEXTEMBEDS").Optional();
        yield return Link("samples", "LATENT").Optional();
        yield return Float("denoise_strength", 1.0, 0.0m, 1.0m, 0.01m).Optional();
        yield return Link("feta_args", "FETAARGS").Optional();
        yield return Link("context_options", "WANVIDCONTEXT").Optional();
        yield return Link("cache_args", "CACHEARGS").Optional();
        yield return Link("flowedit_args", "FLOWEDITARGS").Optional();
        yield return Flag("batched_cfg", false).Optional();
        yield return Link("slg_args", "SLGARGS").Optional();
        yield return Choice("rope_function", ["default", "comfy", "comfy_chunked"], "comfy").Optional();
        yield return Link("loop_args", "LOOPARGS").Optional();
        yield return Link("experimental_args", "EXPERIMENTALARGS").Optional();
        yield return Link("sigmas", "SIGMAS").Optional();
        yield return Link("unianimate_poses", "UNIANIMATE_POSE").Optional();
        yield return Link("fantasytalking_embeds", "FANTASYTALKING_EMBEDS").Optional();
        yield return Link("uni3c_embeds", "UNI3C_EMBEDS").Optional();
        yield return Link("multitalk_embeds", "MULTITALK_EMBEDS").Optional();
        yield return Link("freeinit_args", "FREEINITARGS").Optional();
        yield return Int("start_step", 0, 0, 10000, 1).Optional();
        yield return Int("end_step", -1, -1, 10000, 1).Optional();
        yield return Flag("add_noise_to_samples", false).Optional();
    }

    /// <summary>The speech's rows, and behind its end as many as are asked for: the last again and again, or silence (zeros).</summary>
    private sealed class LengthenedRows(IAudioRows speech, bool repeatsLast) : IAudioRows
    {
        public long TotalFrames => speech.TotalFrames;

        public float[] ReadRows(long first, int frames)
        {
            var known = (int)Math.Clamp(speech.TotalFrames - first, 0, frames);
            if (known == frames)
                return speech.ReadRows(first, frames);
            var end = repeatsLast ? speech.ReadRows(speech.TotalFrames - 1, 1) : [];
            var read = known > 0 ? speech.ReadRows(first, known) : [];
            var dimensions = Speech.SpeechFeatures.Dimensions;
            var rows = new float[frames * dimensions];
            read.CopyTo(rows, 0);
            for (var i = known; i < frames && repeatsLast; i++)
                end.CopyTo(rows, i * dimensions);
            return rows;
        }
    }
}
