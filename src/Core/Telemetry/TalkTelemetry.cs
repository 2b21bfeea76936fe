using System.Diagnostics;
using System.Diagnostics.Metrics;
using WanTalk.Core.Errors;
using WanTalk.Core.Stages;

namespace WanTalk.Core.Telemetry;

/// <summary>
/// The spans and metrics of what hosts do with talks. They are begun by intake and activities only: an orchestrator runs from its start in
/// every turn, and whatever it measured would be measured again. Without a listener nothing is made and nothing is read.
/// </summary>
internal static class TalkTelemetry
{
    private static readonly ActivitySource Source = new(TelemetryNames.Talks);
    private static readonly Meter Meter = new(TelemetryNames.Talks);

    // From a tenth of a second to six hours: talks are seconds to hours long, and OpenTelemetry's own boundaries are made for milliseconds.
    private static InstrumentAdvice<double> Seconds { get; } = new()
    {
        HistogramBucketBoundaries = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600],
    };

    private static readonly Counter<long> Talks = Meter.CreateCounter<long>(
        "wantalk.talks", "{talk}", "Talks that ended, by how they ended.");

    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "wantalk.talk.failures", "{failure}", "Talks that failed, by their error's code.");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "wantalk.talk.duration", "s", "How long talks took from their start to their end.", advice: Seconds);

    private static readonly Histogram<double> Overhead = Meter.CreateHistogram(
        "wantalk.talk.overhead", "s", "What completed talks took beyond the sampling of their windows.", advice: Seconds);

    /// <summary>Whether anybody listens to spans; what is read for them only need not be read otherwise.</summary>
    public static bool IsTraced => Source.HasListeners();

    /// <summary>Whether anybody listens to how talks end.</summary>
    public static bool HearsEnds => IsTraced || Talks.Enabled || Failures.Enabled || Duration.Enabled || Overhead.Enabled;

    /// <summary>A talk is accepted: its trace goes on from here.</summary>
    public static Activity? Accept(string talk) => Tag(Source.StartActivity("accept talk"), talk);

    /// <summary>The host does a stage itself.</summary>
    public static Activity? Do(Stage stage, string talk, string? traceParent) =>
        Tag(Source.StartUnder($"{StageNames.Of(stage)} talk", ActivityKind.Internal, traceParent), talk, stage);

    /// <summary>Work is handed to a lane; its attempt's span is a child of this one.</summary>
    public static Activity? HandOver(Work.WorkReference work, string? traceParent)
    {
        var span = Tag(
            Source.StartUnder($"hand over {StageNames.Of(work.Stage)}", ActivityKind.Producer, traceParent), work.Talk, work.Stage);
        return span?.SetTag(TelemetryNames.Lane, StageNames.Of(StageNames.LaneOf(work.Stage))).SetTag(TelemetryNames.AttemptId, work.Attempt);
    }

    /// <summary>A talk ended. Activities run at least once, so that an end may, seldom, be told twice.</summary>
    /// <param name="talk">The talk's id.</param>
    /// <param name="traceParent">Where its trace began.</param>
    /// <param name="begun">When its orchestration began; for a retried talk, the last time.</param>
    /// <param name="ended">Now.</param>
    /// <param name="samplingSeconds">How long its windows were sampled; null when that is not known.</param>
    /// <param name="error">Why there is no video; null when there is one.</param>
    public static void End(
        string talk, string? traceParent, DateTimeOffset begun, DateTimeOffset ended, double? samplingSeconds, TalkError? error)
    {
        var end = error is null ? "completed" : error.Code == ErrorCode.Cancelled ? "cancelled" : "failed";
        var seconds = Math.Max(0, (ended - begun).TotalSeconds);
        var tag = new KeyValuePair<string, object?>(TelemetryNames.TalkEnd, end);
        Talks.Add(1, tag);
        Duration.Record(seconds, tag);
        if (end == "failed")
        {
            Failures.Add(1, new KeyValuePair<string, object?>(TelemetryNames.ErrorType, ErrorCatalog.Name(error!.Code)));
        }

        if (error is null && samplingSeconds is { } sampling)
        {
            Overhead.Record(Math.Max(0, seconds - sampling));
        }

        using var span = Tag(Source.StartUnder("talk", ActivityKind.Internal, traceParent, begun), talk);
        span?.SetTag(TelemetryNames.TalkEnd, end).SetEndTime(ended.UtcDateTime);
        if (end == "failed")
        {
            span.SetError(error!.Code);
        }
    }

    private static Activity? Tag(Activity? span, string talk) => span?.SetTag(TelemetryNames.TalkId, talk);

    private static Activity? Tag(Activity? span, string talk, Stage stage) =>
        Tag(span, talk)?.SetTag(TelemetryNames.Stage, StageNames.Of(stage));
}
