using System.Globalization;
using System.Text.Json.Nodes;
using WanTalk.Understudy.Execution;
using WanTalk.Understudy.Values;
using static WanTalk.Understudy.Nodes.InputSpec;

namespace WanTalk.Understudy.Nodes.Pack;

/// <summary>
/// WanTalkWindowSampler: makes some windows, one after the other. A window's frames are written first and its checkpoint last, so that a
/// checkpoint that is there means that the window is complete.
/// </summary>
internal sealed class WindowSamplerNode : Node
{
    public override NodeSchema Schema { get; } = PackSchema.Of("WanTalkWindowSampler", [.. Inputs()], [], isOutput: true);

    /// <summary>Never the same: a cached result would name files without looking for them. Whole files of the same work are used again.</summary>
    public override string? Fingerprint(NodeInputs inputs, EngineFolders folders) => null;

    public override string? Validate(NodeInputs inputs, EngineFolders folders) =>
        inputs.Find<string>("checkpoint_in") is { Length: > 0 } ? InputFile.Validate(inputs, folders, "checkpoint_in", "checkpoint") : null;

    public override async Task<NodeResult> RunAsync(NodeInputs inputs, NodeContext context)
    {
        var audio = inputs.Get<LoadedEmbeds>("multitalk_embeds");
        var image = inputs.Get<ImageEmbedsValue>("image_embeds");
        var (first, count) = (inputs.Int("window_index"), inputs.Int("window_count"));
        WindowDemands.Check(inputs, audio, image, first, count);
        var identity = WindowIdentity.Of(inputs, audio, image);
        var (folder, subfolder, stem) = context.ForPrefix(inputs.Text("filename_prefix"));
        var (before, parent) = await ReadParentAsync(inputs, first, identity, context);
        var bar = new SamplerBar(context, inputs.Int("steps"), first, audio.TotalFrames);
        using var run = new WindowRun(image.StartImage!.Image, audio, identity, unchecked((long)inputs.Unsigned("seed")), bar, context);
        var files = new List<StoredFile>();
        for (var window = first; window < first + count; window++)
        {
            var place = new WindowPlace(folder, subfolder, string.Create(CultureInfo.InvariantCulture, $"{stem}-{window:0000}"));
            var (checkpoint, made) = await run.MakeAsync(window, before, parent, place);
            (before, parent) = (checkpoint, made[1].Sha256);
            files.AddRange(made);
            context.Host.Send("wantalk.window", new JsonObject
            {
                ["prompt_id"] = context.PromptId,
                ["node"] = context.NodeId,
                ["window"] = window,
                ["files"] = new JsonArray([.. made.Select(file => (JsonNode)file.ToJson())]),
            });
            context.Host.ThrowIfInterrupted();
        }
        return new NodeResult([], StoredFile.Ui(files));
    }

    private static async Task<(Checkpoint? Checkpoint, string? Digest)> ReadParentAsync(
        NodeInputs inputs, int first, JsonObject identity, NodeContext context)
    {
        var name = inputs.Text("checkpoint_in");
        if (first == 0)
        {
            return name.Length == 0
                ? (null, null)
                : throw PackRefusal.Other("Window 0 starts from the portrait: checkpoint_in must be empty.");
        }
        if (name.Length == 0)
            throw PackRefusal.Other($"Window {first} needs the checkpoint of window {first - 1} as checkpoint_in.");
        if (context.Folders.FileNamed(name) is not { } path || !File.Exists(path))
            throw PackRefusal.File($"There is no file {name} in the folder that it names.");
        return (await Checkpoint.ReadAsync(path, name, first - 1, identity, context.Stop), await StoredFile.DigestAsync(path));
    }

    private static IEnumerable<InputSpec> Inputs()
    {
        yield return Link("model", "WANVIDEOMODEL");
        yield return Link("image_embeds", "WANVIDIMAGE_EMBEDS");
        yield return Link("text_embeds", "WANVIDEOTEXTEMBEDS");
        yield return Link("multitalk_embeds", "MULTITALK_EMBEDS");
        yield return Int("steps", 4, 1, 1000);
        yield return Float("cfg", 1.0, 0.0m, 30.0m, 0.01m);
        yield return Float("shift", 11.0, 0.0m, 1000.0m, 0.01m);
        yield return Int("seed", 0, 0, 18446744073709551615m);
        yield return Flag("force_offload", true);
        yield return Choice("scheduler", Schedulers.Names, "flowmatch_distill");
        yield return Int("riflex_freq_index", 0, 0, 1000, 1);
        yield return Int("window_index", 0, 0, 1_000_000);
        yield return Int("window_count", 1, 1, 10_000);
        yield return Text("checkpoint_in", "");
        yield return Text("filename_prefix", "wantalk/window");
        yield return Flag("batched_cfg", false).Optional();
        yield return Choice("rope_function", ["default", "comfy", "comfy_chunked"], "comfy").Optional();
    }
}
