using WanTalk.Core.Errors;
using WanTalk.Core.Intake;
using WanTalk.Core.Plans;
using WanTalk.Core.Takes;
using WanTalk.Core.Talks;
using WanTalk.Core.Windows;

namespace WanTalk.Core.Quotes;

/// <summary>How long a speech is.</summary>
/// <param name="Samples">Samples at 48 kHz.</param>
/// <param name="Silences">Where nobody speaks, in order; null where that is not known.</param>
public sealed record SpeechExtent(long Samples, IReadOnlyList<Silence>? Silences = null)
{
    /// <summary>The speech of so many seconds.</summary>
    public static SpeechExtent OfSeconds(double seconds) =>
        new((long)Math.Round(seconds * WindowArithmetic.SpeechSampleRate, MidpointRounding.AwayFromZero));

    /// <summary>The part of it that a talk is made of.</summary>
    /// <param name="cut">The part; null for the whole.</param>
    /// <exception cref="TalkException">It is too short for a talk, or too long.</exception>
    public SpeechExtent Part(SpeechCut? cut)
    {
        var start = Math.Min(cut?.Start ?? 0, Samples);
        var end = Math.Max(start, Math.Min(cut?.End ?? Samples, Samples));
        var part = new SpeechExtent(end - start, Silences is null ? null : [.. SilencesIn(start, end)]);
        return part.Samples < (long)(TalkLimits.MinSpeechSeconds * WindowArithmetic.SpeechSampleRate)
            ? throw new TalkException(new TalkError(ErrorCode.SpeechTooShort,
                $"Of the speech there are {part.Samples / (double)WindowArithmetic.SpeechSampleRate:0.###} s to make a talk of, "
                + $"and at least {TalkLimits.MinSpeechSeconds} s are needed.", TalkField.AudioUrl))
            : part.Samples > TalkPlanner.MaxSpeechSamples
            ? throw new TalkException(new TalkError(ErrorCode.SpeechTooLong, "The speech is too long. A talk has at most ten hours.", TalkField.AudioUrl))
            : part;
    }

    private IEnumerable<Silence> SilencesIn(long start, long end) =>
        from silence in Silences!
        let first = Math.Max(silence.FirstSample, start)
        let behind = Math.Min(silence.FirstSample + silence.Samples, end)
        where behind > first
        select new Silence(first - start, behind - first);
}
