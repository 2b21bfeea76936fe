using System.CommandLine;
using System.Text.Json;
using WanTalk.Core.Errors;
using WanTalk.Core.Json;
using WanTalk.Core.Plans;
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
        var command = new Command("plan", "Print the plan of a talk as JSON.") { speech, seconds, samples, width, height };
        command.SetAction((parsed, cancellationToken) => CommandRun.GuardAsync(async () =>
        {
            var length = await LengthAsync(parsed.GetValue(speech), parsed.GetValue(seconds), parsed.GetValue(samples), cancellationToken);
            var size = CheckedSize(parsed.GetValue(width), parsed.GetValue(height));
            Console.Out.WriteLine(JsonSerializer.Serialize(TalkPlanner.Plan(length, size), CoreJson.Readable));
        }));
        return command;
    }

    private static async Task<long> LengthAsync(string? speech, decimal? seconds, long? samples, CancellationToken cancellationToken)
    {
        if (new object?[] { speech, seconds, samples }.Count(given => given is not null) != 1)
        {
            throw new TalkException(ErrorCode.ArgumentInvalid, "Give a recording, --seconds or --samples, and only one of them.");
        }

        return speech is not null
            ? (await new SpeechNormaliser(new FfmpegOptions()).MeasureAsync(speech, cancellationToken)).Samples48k
            : Checked(samples ?? SamplesOf(seconds!.Value));
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

    private static FrameSize CheckedSize(int? width, int? height)
    {
        var problems = TalkRequestValidator.ValidateSize(width, height);
        return problems.Count == 0
            ? new FrameSize(width ?? FrameSize.Default.Width, height ?? FrameSize.Default.Height)
            : throw new RefusedException(problems);
    }
}
