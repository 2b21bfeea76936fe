using WanTalk.Core.Errors;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Takes;

/// <summary>Reads what a draft says of its takes, and refuses what cannot be.</summary>
public static class TakeRules
{
    private static readonly Dictionary<string, Continuity> Names = new(StringComparer.Ordinal)
    {
        ["continuous"] = Continuity.Continuous,
        ["takes"] = Continuity.Takes,
    };

    /// <summary>What a draft's continuity may be.</summary>
    public static IReadOnlyCollection<string> Choices => Names.Keys;

    /// <summary>What a draft asks for, whatever is wrong with it.</summary>
    public static Continuity ContinuityOf(TalkDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return draft.Continuity is { } name ? Names.GetValueOrDefault(name) : Continuity.Continuous;
    }

    /// <summary>All that is wrong with what a draft says of its takes.</summary>
    public static IEnumerable<TalkError> Validate(TalkDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (draft.Continuity is { } name && !Names.ContainsKey(name))
        {
            yield return new(ErrorCode.SettingOutOfRange, $"The setting continuity is '{name}'. Give {string.Join(" or ", Choices)}.", "continuity");
        }

        if (draft.TakeSeconds is { } seconds && !(seconds is >= TakeLimits.MinSeconds and <= TakeLimits.MaxSeconds))
        {
            yield return new(ErrorCode.SettingOutOfRange, $"The setting take_seconds is {seconds}. Give {TakeLimits.MinSeconds} to {TakeLimits.MaxSeconds}.", "take_seconds");
        }

        if (draft.TakeSeconds is not null && draft.Continuity is null or "continuous")
        {
            yield return new(ErrorCode.SettingsConflict, "The setting take_seconds is for takes. Give continuity takes with it, or leave it out.", "take_seconds");
        }

        if (draft.Continuity == "takes" && draft.Workflow is not null)
        {
            yield return new(ErrorCode.SettingsConflict,
                "A workflow of your own makes the video in one prompt and cannot be cut into takes. Leave out the workflow, or continuity takes.", "continuity");
        }
    }
}
