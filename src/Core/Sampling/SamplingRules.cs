using WanTalk.Core.Errors;

namespace WanTalk.Core.Sampling;

/// <summary>Completes a draft from its preset, and refuses what the nodes would refuse after the models were loaded.</summary>
public static class SamplingRules
{
    /// <summary>The settings of a draft, whatever is wrong with them.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="otherwise">The preset of a draft that names none.</param>
    public static SamplingSettings Complete(SamplingDraft draft, SamplingPreset otherwise = SamplingPreset.Recommended)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var preset = SamplingPresets.Of(draft.Preset ?? otherwise);
        return preset with
        {
            Model = draft.Model ?? preset.Model,
            TalkModel = draft.TalkModel ?? preset.TalkModel,
            Lora = draft.Lora is null ? preset.Lora : draft.Lora.Length == 0 ? null : draft.Lora,
            Steps = draft.Steps ?? preset.Steps,
            Cfg = draft.Cfg ?? preset.Cfg,
            Shift = draft.Shift ?? preset.Shift,
            Scheduler = draft.Scheduler ?? preset.Scheduler,
            BlocksToSwap = draft.BlocksToSwap,
            TiledVae = draft.TiledVae ?? preset.TiledVae,
            Precision = draft.Precision ?? preset.Precision,
            Attention = draft.Attention ?? preset.Attention,
            AudioScale = draft.AudioScale ?? preset.AudioScale,
            AudioCfgScale = draft.AudioCfgScale ?? preset.AudioCfgScale,
            NormalizeLoudness = draft.NormalizeLoudness ?? preset.NormalizeLoudness,
        };
    }

    /// <summary>All that is wrong with a draft: settings out of their ranges, and settings that do not go together.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="otherwise">The preset of a draft that names none.</param>
    public static IEnumerable<TalkError> Validate(SamplingDraft draft, SamplingPreset otherwise = SamplingPreset.Recommended)
    {
        var settings = Complete(draft, otherwise);
        return Ranges(settings).Concat(Combinations(settings));
    }

    private static IEnumerable<TalkError> Ranges(SamplingSettings settings) => new[]
    {
        Name("model", settings.Model),
        Name("talk_model", settings.TalkModel),
        settings.Lora is null ? null : Name("lora", settings.Lora),
        Range("steps", settings.Steps, 1, SamplingRanges.MaxSteps),
        Range("cfg", settings.Cfg, 0, SamplingRanges.MaxCfg),
        Range("shift", settings.Shift, 0, SamplingRanges.MaxShift),
        Choice("scheduler", settings.Scheduler, SamplingRanges.Schedulers),
        settings.BlocksToSwap is { } blocks ? Range("blocks_to_swap", blocks, 0, SamplingRanges.MaxBlocksToSwap) : null,
        Choice("precision", settings.Precision, SamplingRanges.Precisions),
        Choice("attention", settings.Attention, SamplingRanges.Attentions),
        Range("audio_scale", settings.AudioScale, 0, SamplingRanges.MaxAudioScale),
        Range("audio_cfg_scale", settings.AudioCfgScale, 0, SamplingRanges.MaxAudioScale),
    }.OfType<TalkError>();

    /// <summary>What the wrapper's sampler and model loader raise on (nodes_sampler.py, nodes_model_loading.py at 088128b).</summary>
    private static IEnumerable<TalkError> Combinations(SamplingSettings settings)
    {
        if (settings.Scheduler == SamplingPresets.DistilledScheduler && settings.Steps != SamplingPresets.DistilledSteps)
        {
            yield return Conflict("steps", $"The scheduler {settings.Scheduler} takes {SamplingPresets.DistilledSteps} steps and not {settings.Steps}. "
                + "Leave steps out, or give another scheduler, unipc for example.");
        }

        if (SamplingSettings.IsGgufName(settings.TalkModel) && !settings.IsGguf)
        {
            yield return Conflict("talk_model", $"The InfiniteTalk model {settings.TalkModel} is a GGUF, the model {settings.Model} is not, and they cannot be mixed. "
                + "Give two GGUF files or two safetensors files.");
        }

        if (settings.IsGguf && settings.TalkModel.Contains("scaled", StringComparison.OrdinalIgnoreCase))
        {
            yield return Conflict("talk_model", $"The InfiniteTalk model {settings.TalkModel} is scaled fp8, which does not go with the GGUF model {settings.Model}. "
                + "Give an InfiniteTalk model as GGUF.");
        }
    }

    private static TalkError? Range(string name, double value, double least, double most) => value >= least && value <= most
        ? null
        : new TalkError(ErrorCode.SettingOutOfRange, $"The setting {name} is {value}. Give {least} to {most}.", name);

    private static TalkError? Choice(string name, string value, IReadOnlyList<string> choices) => choices.Contains(value)
        ? null
        : new TalkError(ErrorCode.SettingOutOfRange, $"The setting {name} is '{value}'. Give {SamplingField.Listed(choices)}.", name);

    /// <summary>Models may lie in folders below the engine's own, and nowhere else.</summary>
    private static TalkError? Name(string name, string value) =>
        value.Length is > 0 and <= 200 && value[0] != '/' && !value.Contains('\\', StringComparison.Ordinal) && !value.Any(char.IsControl)
        && !value.Split('/').Any(part => part is "" or "." or "..")
            ? null
            : new TalkError(ErrorCode.SettingOutOfRange, $"The setting {name} is '{value}'. Give the name of a file that the engine lists.", name);

    private static TalkError Conflict(string field, string message) => new(ErrorCode.SettingsConflict, message, field);
}
