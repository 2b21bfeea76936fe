using System.Text.Json;
using System.Text.Json.Nodes;
using WanTalk.Core.Errors;
using WanTalk.Core.Json;
using WanTalk.Core.Sampling;
using WanTalk.GpuRunner.Graphs;
using WanTalk.GpuRunner.Models;

namespace WanTalk.GpuRunner.Tests.Models;

/// <summary>What the manifest says is what the graphs ask for, so that no talk ends at a model that nobody downloaded.</summary>
public sealed class ManifestSpecs
{
    private static readonly ModelManifest Shipped = ModelManifest.Read(ModelManifest.DefaultPath);

    /// <summary>Files that a runner uploads for each talk.</summary>
    private static readonly string[] TalksOwn = [.. StageGraph.Window.With()["330"]!["inputs"]!.AsObject()
        .Where(input => input.Key.EndsWith("_file", StringComparison.Ordinal)).Select(input => (string)input.Value!)];

    public static TheoryData<SamplingPreset> Presets => [.. Enum.GetValues<SamplingPreset>()];

    [Theory]
    [MemberData(nameof(Presets))]
    public void Every_model_that_a_presets_graphs_name_is_pulled_for_it(SamplingPreset preset)
    {
        var settings = SamplingPresets.Of(preset);
        JsonObject[] graphs =
        [
            StageGraph.Separate.With(),
            StageGraph.Embed.With([.. SamplingPlaces.ForEmbed(settings)]),
            StageGraph.Window.With([.. SamplingPlaces.ForWindow(settings, WindowSettings.Of(settings, 0))]),
        ];
        var models = Shipped.For([preset]);

        var named = graphs.SelectMany(Reachable).SelectMany(node => node["inputs"]!.AsObject())
            .Where(input => input.Value is JsonValue value && value.GetValueKind() == JsonValueKind.String)
            .Select(input => (string)input.Value!)
            .Where(name => Path.GetExtension(name) is ".gguf" or ".safetensors" && !TalksOwn.Contains(name))
            .ToList();
        Assert.Equal(settings.Lora is null ? 5 : 6, named.Distinct().Count());
        Assert.All(named, name => Assert.Contains(models, model => model.File == name));
        // Nodes that load by a repository's name, or name nothing at all.
        Assert.Contains(graphs[1], node => (string?)node.Value!["inputs"]!["model"] == "TencentGameMate/chinese-wav2vec2-base");
        Assert.Equal(3, models.Count(model => model.Folder == "transformers/TencentGameMate/chinese-wav2vec2-base"));
        Assert.Contains(graphs[0], node => (string?)node.Value!["class_type"] == "AudioSeparation");
        Assert.Contains(models, model => model.LocalPath == "torch/hub/torchaudio/models/hdemucs_high_trained.pt");
    }

    [Theory]
    [InlineData("wan2.1-i2v-14b-480p-Q3_K_M.gguf")]
    [InlineData("wan2.1-i2v-14b-480p-Q4_0.gguf")]
    [InlineData("wan2.1-i2v-14b-480p-Q4_K_M.gguf")]
    [InlineData("wan2.1-i2v-14b-480p-Q5_0.gguf")]
    [InlineData("wan2.1-i2v-14b-480p-Q6_K.gguf")]
    [InlineData("wan2.1-i2v-14b-480p-Q8_0.gguf")]
    [InlineData("Wan2_1-InfiniteTalk_Single_Q6_K.gguf")]
    [InlineData("Wan2_1-InfiniteTalk_Single_Q8.gguf")]
    [InlineData("umt5-xxl-enc-bf16.safetensors")]
    [InlineData("umt5-xxl-enc-fp8_e4m3fn.safetensors")]
    [InlineData("wan_2.1_vae.safetensors")]
    [InlineData("clip_vision_h.safetensors")]
    [InlineData("lightx2v_I2V_14B_480p_cfg_step_distill_rank64_bf16.safetensors")]
    [InlineData("lightx2v_I2V_14B_480p_cfg_step_distill_rank256_bf16.safetensors")]
    public void Every_model_that_the_first_system_named_can_be_had(string file) => Assert.Single(Shipped.Models, model => model.File == file);

    [Fact]
    public void A_hash_or_size_that_was_not_locked_says_where_it_is_from() => Assert.All(Shipped.Models, model =>
    {
        Assert.True(ModelLocker.IsWhole(model) || model.Sha256.Length == 0 || model.Sha256Source is { Length: > 0 });
        Assert.True(model.ApproximateSize is null || model.SizeSource is { Length: > 0 });
    });

    [Fact]
    public void The_file_is_as_lock_writes_it_so_that_a_lock_changes_nothing_else() =>
        Assert.Equal(File.ReadAllText(ModelManifest.DefaultPath).TrimEnd(), JsonSerializer.Serialize(Shipped, CoreJson.Readable));

    [Theory]
    [InlineData("\"folder\": \"unet\"", "\"folder\": \"../etc\"")]
    [InlineData("\"folder\": \"unet\"", "\"folder\": \"/etc\"")]
    [InlineData("wan2.1-i2v-14b-480p-Q4_0.gguf\"", "a/b\"")]
    [InlineData("\"sha256\": \"64a7", "\"sha256\": \"64A7")]
    [InlineData("\"id\": \"wan", "\"id\": wan")]
    public void A_manifest_that_would_write_elsewhere_or_says_nonsense_is_refused(string from, string to)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, File.ReadAllText(ModelManifest.DefaultPath).Replace(from, to, StringComparison.Ordinal));
            Assert.Equal(ErrorCode.ArgumentInvalid, Assert.Throws<TalkException>(() => ModelManifest.Read(path)).Error.Code);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>The nodes from which an output can be reached: a LoRA that nothing takes is not loaded.</summary>
    private static IEnumerable<JsonNode> Reachable(JsonObject graph)
    {
        var taken = graph.SelectMany(node => node.Value!["inputs"]!.AsObject())
            .Where(input => input.Value is JsonArray).Select(input => (string)input.Value![0]!).ToHashSet(StringComparer.Ordinal);
        return graph.Where(node => taken.Contains(node.Key) || (string?)node.Value!["class_type"] is "WanTalkWindowSampler" or "WanTalkSaveConditioning")
            .Select(node => node.Value!);
    }
}
