using WanTalk.Core.Errors;
using WanTalk.Core.Windows;

namespace WanTalk.Core.Talks;

/// <summary>Which part of the speech a talk is made of, in samples at 48 kHz: what lies outside it is neither sampled nor delivered.</summary>
/// <param name="Start">The first sample.</param>
/// <param name="End">The first sample that is left out; null for the end of the speech, which also ends a part that reaches behind it.</param>
public sealed record SpeechCut(long Start, long? End)
{
    private const double MostSeconds = 10 * 60 * 60;

    /// <summary>The part that a draft asks for; null for the whole speech.</summary>
    /// <param name="draft">A draft that <see cref="Validate"/> finds nothing in.</param>
    public static SpeechCut? Of(TalkDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var start = SamplesOf(draft.AudioStart ?? 0);
        var byFrames = start + (draft.NumFrames * WindowArithmetic.SpeechSamplesPerFrame);
        var end = draft.AudioEnd is { } seconds ? Math.Min(SamplesOf(seconds), byFrames ?? long.MaxValue) : byFrames;
        return start == 0 && end is null ? null : new SpeechCut(start, end);
    }

    /// <summary>All that is wrong with the part that a draft asks for.</summary>
    public static IEnumerable<TalkError> Validate(TalkDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (draft.AudioStart is { } start && !(start is >= 0 and <= MostSeconds))
        {
            yield return new(ErrorCode.SettingOutOfRange, $"The setting audio_start is {start}. Give 0 to {MostSeconds} seconds.", "audio_start");
        }

        if (draft.AudioEnd is { } end && !(end is > 0 and <= MostSeconds))
        {
            yield return new(ErrorCode.SettingOutOfRange, $"The setting audio_end is {end}. Give more than 0 and at most {MostSeconds} seconds.", "audio_end");
        }
        else if (draft.AudioEnd - (draft.AudioStart ?? 0) < TalkLimits.MinSpeechSeconds)
        {
            yield return new(ErrorCode.SettingsConflict,
                $"audio_end is not at least {TalkLimits.MinSpeechSeconds} s behind audio_start. Nothing to speak of would be left.", "audio_end");
        }

        if (draft.NumFrames is { } frames && !(frames is >= TalkLimits.MinFrames and <= TalkLimits.MaxFrames))
        {
            yield return new(ErrorCode.SettingOutOfRange,
                $"The setting num_frames is {frames}. Give {TalkLimits.MinFrames} to {TalkLimits.MaxFrames}, or leave it out: it only shortens the speech.", "num_frames");
        }
    }

    private static long SamplesOf(double seconds) => (long)Math.Round(seconds * WindowArithmetic.SpeechSampleRate, MidpointRounding.AwayFromZero);
}
