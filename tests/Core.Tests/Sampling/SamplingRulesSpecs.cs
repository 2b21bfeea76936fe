using CsCheck;
using WanTalk.Core.Errors;
using WanTalk.Core.Sampling;

namespace WanTalk.Core.Tests.Sampling;

public sealed class SamplingRulesSpecs
{
    public static TheoryData<string, string> Refused => new()
    {
        { "steps", "0" }, { "steps", "101" }, { "steps", "4.5" }, { "steps", "four" }, { "steps", "" },
        { "cfg", "-0.1" }, { "cfg", "30.1" }, { "cfg", "NaN" }, { "cfg", "Infinity" },
        { "shift", "-1" }, { "shift", "101" },
        { "scheduler", "ddim" }, { "blocks_to_swap", "41" }, { "blocks_to_swap", "-1" }, { "blocks_to_swap", "some" },
        { "tiled_vae", "maybe" }, { "precision", "fp8" }, { "attention", "flash" },
        { "audio_scale", "11" }, { "audio_cfg_scale", "-1" }, { "normalize_loudness", "yes" }, { "preset", "Turbo" },
        { "model", "../x.gguf" }, { "model", "/etc/passwd" }, { "model", "a\\b.gguf" }, { "lora", "a//b" }, { "talk_model", "" },
    };

    [Theory]
    [InlineData(SamplingPreset.Recommended, "wan2.1-i2v-14b-480p-Q5_0.gguf", "rank256", 4, "flowmatch_distill")]
    [InlineData(SamplingPreset.Fast, "wan2.1-i2v-14b-480p-Q4_0.gguf", "rank64", 4, "flowmatch_distill")]
    [InlineData(SamplingPreset.Best, "wan2.1-i2v-14b-480p-Q6_K.gguf", "rank256", 4, "flowmatch_distill")]
    [InlineData(SamplingPreset.Undistilled, "wan2.1-i2v-14b-480p-Q5_0.gguf", null, 50, "unipc")]
    public void A_preset_is_the_seeds_choice_and_valid(SamplingPreset preset, string model, string? lora, int steps, string scheduler)
    {
        var draft = SamplingDraft.Empty with { Preset = preset };
        var settings = SamplingRules.Complete(draft);

        Assert.Empty(SamplingRules.Validate(draft));
        Assert.Equal((model, steps, scheduler), (settings.Model, settings.Steps, settings.Scheduler));
        Assert.Equal(lora is null, settings.Lora is null);
        Assert.Contains(lora ?? "", settings.Lora ?? "", StringComparison.Ordinal);
        Assert.Equal((11.0, "fp16", "sdpa", (int?)null), (settings.Shift, settings.Precision, settings.Attention, settings.BlocksToSwap));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_value_out_of_its_range_is_refused_by_name(string name, string text)
    {
        var problem = Assert.Single(Problems((name, text)), problem => problem.Code == ErrorCode.SettingOutOfRange);
        Assert.Contains(name, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("flowmatch_distill", "steps", "8")]
    [InlineData("GGUF", "model", "wan2.1_i2v_480p_14B_fp16.safetensors")]
    [InlineData("GGUF", "talk_model", "Wan2_1-InfiniteTalk-Single_fp8_e4m3fn_scaled_KJ.safetensors")]
    public void What_the_nodes_would_refuse_together_is_refused_first_with_the_reason(string reason, string name, string text)
    {
        var problem = Assert.Single(Problems((name, text)));
        Assert.Equal(ErrorCode.SettingsConflict, problem.Code);
        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_problem_is_told_at_once() =>
        Assert.Equal(3, Problems(("steps", "8"), ("cfg", "99"), ("attention", "none")).Count);

    [Fact]
    public void Two_safetensors_models_go_together() =>
        Assert.Empty(Problems(("model", "wan.safetensors"), ("talk_model", "talk.safetensors"), ("lora", "none"), ("scheduler", "unipc"), ("steps", "30")));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(80_000_000_000, 0)]
    [InlineData(42_500_000_000, 0)]
    [InlineData(25_757_000_000, 20)]
    [InlineData(24_000_000_000, 20)]
    [InlineData(16_900_000_000, 40)]
    [InlineData(12_000_000_000, 40)]
    public void Blocks_are_swapped_by_the_gpus_memory(long vram, int blocks) => Assert.Equal(blocks, BlockSwap.For(vram));

    [Fact]
    public void Any_text_for_any_setting_is_read_or_refused_and_never_thrown_at() =>
        Gen.Select(Gen.Int[0, SamplingField.All.Count - 1], Gen.String).Sample((index, text) =>
        {
            var field = SamplingField.All[index];
            var problems = Problems((field.Name, text));
            return problems.All(problem => problem.Message.Contains(field.Name, StringComparison.Ordinal)
                || problem.Code == ErrorCode.SettingsConflict);
        });

    private static List<TalkError> Problems(params (string Name, string Text)[] given)
    {
        var problems = new List<TalkError>();
        var draft = given.Aggregate(SamplingDraft.Empty, (draft, one) =>
            SamplingField.All.Single(field => field.Name == one.Name).Read(draft, one.Text, problems));
        return [.. problems, .. SamplingRules.Validate(draft)];
    }
}
