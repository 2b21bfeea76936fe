using System.CommandLine;
using System.Text.Json;
using WanTalk.Core.Errors;
using WanTalk.Core.Json;
using WanTalk.Core.Plans;
using WanTalk.Core.Takes;
using WanTalk.Core.Talks;
using WanTalk.Core.Windows;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Speech;

namespace WanTalk.Local.Commands;

/// <summary><c>plan (SPEECH | --seconds S | --samples N)</c>: what would be sampled, as JSON, before anything is.</summary>
internal static class PlanCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var speech = new Argument<string?>("speech") { Description = "A recording.", Arity = ArgumentArity.ZeroOrOne };
        var seconds = new Option<decimal?>("--seconds") { Description = "The speech's length in seconds, instead of a recording." };
        var samples = new Option<long?>("--samples") { Description = "The speech's length in samples at 48 kHz, instead of a recording." };
        var width = new Option<int?>("--width") { Description = "Pixels in a row. Default 640." };
        var height = new Option<int?>("--height") { Description = "Rows. Default 640." };
        var takes = new TakeOptions();
        var command = new Command("plan", "Print the plan of a talk as JSON.") { speech, seconds, samples, width, height };
        takes.AddTo(command);
        command.SetAction((parsed, cancellationToken) => CommandRun.GuardAsync(async () =>
        {
            var draft = new TalkDraft
            {
                Width = parsed.GetValue(width),
                Height = parsed.GetValue(height),
                Continuity = parsed.GetValue(takes.Continuity),
                TakeSeconds = parsed.GetValue(takes.Seconds),
            };
            Check(draft, isMeasured: parsed.GetValue(speech) is not null);
            var length = await LengthAsync(parsed.GetValue(speech), parsed.GetValue(seconds), parsed.GetValue(samples), cancellationToken);
            Console.Out.WriteLine(JsonSerializer.Serialize(Plan(draft, length.Samples, length.Silences), CoreJson.Readable));
        }));
        return command;
    }

    private static void Check(TalkDraft draft, bool isMeasured)
    {
        List<TalkError> problems = [.. TalkRequestValidator.ValidateSize(draft.Width, draft.Height), .. TakeRules.Validate(draft)];
        if (TakeRules.ContinuityOf(draft) == Continuity.Takes && !isMeasured)
        {
            problems.Add(new(ErrorCode.ArgumentInvalid, "Takes are cut at silences. Give a recording, in which they can be found."));
        }

        if (problems.Count > 0)
        {
            throw new RefusedException(problems);
        }
    }

    private static TalkPlan Plan(TalkDraft draft, long samples, IReadOnlyList<Silence> silences)
    {
        var size = new FrameSize(draft.Width ?? FrameSize.Default.Width, draft.Height ?? FrameSize.Default.Height);
        return TakeRules.ContinuityOf(draft) == Continuity.Takes
            ? TalkPlanner.PlanTakes(samples, size, silences, draft.TakeSeconds ?? TakeLimits.DefaultSeconds)
            : TalkPlanner.Plan(samples, size);
    }

    private static async Task<(long Samples, IReadOnlyList<Silence> Silences)> LengthAsync(
        string? speech, decimal? seconds, long? samples, CancellationToken cancellationToken)
    {
        if (new object?[] { speech, seconds, samples }.Count(given => given is not null) != 1)
        {
            throw new TalkException(ErrorCode.ArgumentInvalid, "Give a recording, --seconds or --samples, and only one of them.");
        }

        if (speech is null)
        {
            return (Checked(samples ?? SamplesOf(seconds!.Value)), []);
        }

        var measures = await new SpeechNormaliser(new FfmpegOptions()).MeasureAsync(speech, cancellationToken);
        return (measures.Samples48k, measures.Silences);
    }

    private static decimal Rounded(decimal seconds) => Math.Round(seconds * WindowArithmetic.SpeechSampleRate, MidpointRounding.AwayFromZero);

    private static long SamplesOf(decimal seconds) =>
        seconds is > 0 and <= 1_000_000 ? (long)Rounded(seconds) : seconds > 0 ? long.MaxValue : 0;

    private static long Checked(long samples) => samples switch
    {
        < (long)(TalkLimits.MinSpeechSeconds * WindowArithmetic.SpeechSampleRate) =>
            throw new TalkException(ErrorCode.SpeechTooShort, $"{samples} samples are too short. A speech has at least {TalkLimits.MinSpeechSeconds} s."),
        > TalkPlanner.MaxSpeechSamples =>
            throw new TalkException(ErrorCode.SpeechTooLong, "The speech is too long. A talk has at most ten hours."),
        _ => samples,
    };
}
