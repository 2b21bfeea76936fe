using WanTalk.Core.Errors;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Quotes;

/// <summary>What is different in requests for quotes.</summary>
public static class QuoteRules
{
    private const double MaxSeconds = 10 * 60 * 60;

    /// <summary>What a quote can be made without.</summary>
    public static IReadOnlyCollection<ErrorCode> MayBeMissing { get; } = [ErrorCode.PortraitMissing, ErrorCode.SpeechMissing];

    /// <summary>Why a talk's request may not say how long its speech is.</summary>
    public static TalkError OnlyForQuotes { get; } = new(ErrorCode.ArgumentInvalid,
        "The field audio_seconds is for quotes and dry runs: a talk is as long as its speech. Leave it out, or give audio_end or num_frames to shorten it.",
        "audio_seconds");

    /// <summary>All that is wrong with the speech's length as a draft gives it.</summary>
    public static IEnumerable<TalkError> Validate(TalkDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (draft.AudioSeconds is { } seconds && !(seconds is >= TalkLimits.MinSpeechSeconds and <= MaxSeconds))
        {
            yield return new(ErrorCode.SettingOutOfRange, $"The setting audio_seconds is {seconds}. Give {TalkLimits.MinSpeechSeconds} to {MaxSeconds} seconds.", "audio_seconds");
        }
    }
}
