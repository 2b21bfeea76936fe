using System.Text.Json.Nodes;
using WanTalk.ComfyUI;
using WanTalk.Core.Errors;
using WanTalk.Core.Sampling;
using WanTalk.GpuRunner.Engine;
using WanTalk.GpuRunner.Graphs;
using WanTalk.Storage.Local;

namespace WanTalk.GpuRunner.Tests.Engine;

/// <summary>What keeps an engine from being used, each by its name.</summary>
public sealed class ReadinessSpecs
{
    private static readonly Uri Address = new("http://127.0.0.1:8188/");

    [Fact]
    public void An_engine_with_everything_is_ready_for_every_preset() =>
        Assert.Empty(EngineReadiness.Examine(Facts(WithEverything()), Enum.GetValues<SamplingPreset>()));

    [Fact]
    public void An_engine_without_our_pack_is_not_ready_and_says_so()
    {
        var problems = EngineReadiness.Examine(new EngineFacts(null, NodeClasses.Read(Recorded())), [SamplingPreset.Recommended]);
        Assert.Contains(problems, problem => problem.Contains("node pack is missing", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("WanTalkWindowSampler", StringComparison.Ordinal));
    }

    [Fact]
    public void A_wrapper_whose_loop_cannot_be_replaced_is_named_with_the_version_that_can()
    {
        var pack = Pack with { LoopReplaceable = false, Problems = ["torch is too old."] };
        var problems = EngineReadiness.Examine(new EngineFacts(pack, NodeClasses.Read(WithEverything())), [SamplingPreset.Recommended]);
        Assert.Equal(2, problems.Count);
        Assert.Contains("20942b8", problems[0], StringComparison.Ordinal);
        Assert.Equal("torch is too old.", problems[1]);
    }

    [Theory]
    [InlineData(SamplingPreset.Fast, "wan2.1-i2v-14b-480p-Q4_0.gguf")]
    [InlineData(SamplingPreset.Best, "wan2.1-i2v-14b-480p-Q6_K.gguf")]
    public void A_model_that_only_one_preset_needs_keeps_only_that_preset_from_being_ready(SamplingPreset preset, string model)
    {
        var info = WithEverything();
        Remove(info, "WanVideoModelLoader", "model", model);

        Assert.Empty(EngineReadiness.Examine(Facts(info), [SamplingPreset.Recommended]));
        Assert.Contains(model, Assert.Single(EngineReadiness.Examine(Facts(info), [preset])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_whose_model_is_missing_is_refused_before_it_is_sent()
    {
        var info = WithEverything();
        Remove(info, "WanVideoLoraSelect", "lora", SamplingPresets.Of(SamplingPreset.Fast).Lora!);
        var graph = StageGraph.Window.With([.. SamplingPlaces.ForWindow(SamplingPresets.Of(SamplingPreset.Fast), new WindowSettings(0, false))]);

        var failure = Assert.Throws<TalkException>(() =>
            new EngineReadiness(new RunnerOptions { Home = new HomeLayout("unused") }, TimeProvider.System).Demand(Facts(info), graph, Address));

        Assert.Equal(ErrorCode.EngineNotReady, failure.Error.Code);
        Assert.Contains("rank64", failure.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_lora_the_loras_node_is_needed_by_nothing()
    {
        var graph = StageGraph.Window.With([.. SamplingPlaces.ForWindow(
            SamplingPresets.Of(SamplingPreset.Undistilled), WindowSettings.Of(SamplingPresets.Of(SamplingPreset.Undistilled), 12_000_000_000))]);
        Assert.False(graph["122"]!["inputs"]!.AsObject().ContainsKey("lora"));
        Assert.Equal(("unipc", 50, 5.0), ((string?)graph["213"]!["inputs"]!["scheduler"], (int)graph["213"]!["inputs"]!["steps"]!, (double)graph["213"]!["inputs"]!["cfg"]!));
        Assert.Equal(40, (int)graph["134"]!["inputs"]!["blocks_to_swap"]!);
    }

    private static WanTalkInfo Pack { get; } = new("1.0.0", "1.4.0", true, 0, false, []);

    private static EngineFacts Facts(JsonObject info) => new(Pack, NodeClasses.Read(info));

    private static JsonObject Recorded() =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "recordings", "object_info.json")))!.AsObject();

    /// <summary>The recorded server with every preset's models, and classes of our pack that take anything.</summary>
    private static JsonObject WithEverything()
    {
        var info = Recorded();
        foreach (var settings in Enum.GetValues<SamplingPreset>().Select(SamplingPresets.Of))
        {
            Add(info, "WanVideoModelLoader", "model", settings.Model);
            Add(info, "MultiTalkModelLoader", "model", settings.TalkModel);
            Add(info, "WanVideoLoraSelect", "lora", settings.Lora ?? "none.safetensors");
        }

        Add(info, "WanVideoVAELoader", "model_name", "wan_2.1_vae.safetensors");
        Add(info, "LoadWanVideoT5TextEncoder", "model_name", "umt5-xxl-enc-bf16.safetensors");
        Add(info, "CLIPVisionLoader", "clip_name", "clip_vision_h.safetensors");
        foreach (var (name, outputs) in ((string, string[])[])
            [("WanTalkCheckAudio", ["AUDIO"]), ("WanTalkFitAudio", ["AUDIO", "INT", "INT"]), ("WanTalkSaveConditioning", []), ("WanTalkWindowSampler", []),
                ("WanTalkLoadConditioning", ["MULTITALK_EMBEDS", "WANVIDEOTEXTEMBEDS", "WANVIDIMAGE_CLIPEMBEDS"])])
        {
            info[name] = new JsonObject
            {
                ["input"] = new JsonObject(),
                ["output"] = new JsonArray([.. outputs.Select(type => (JsonNode)type)]),
                ["output_node"] = outputs.Length == 0,
            };
        }

        return info;
    }

    private static JsonArray ListOf(JsonObject info, string name, string input)
    {
        var description = info[name]!["input"]!["required"]![input]!.AsArray();
        return description[0] as JsonArray ?? description[1]!["options"]!.AsArray();
    }

    private static void Add(JsonObject info, string name, string input, string file) => ListOf(info, name, input).Add((JsonNode)file);

    private static void Remove(JsonObject info, string name, string input, string file)
    {
        var list = ListOf(info, name, input);
        foreach (var item in list.Where(item => (string?)item == file).ToList())
        {
            list.Remove(item);
        }
    }
}
