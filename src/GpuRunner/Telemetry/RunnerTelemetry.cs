using System.Diagnostics;
using System.Diagnostics.Metrics;
using WanTalk.Core.Errors;
using WanTalk.Core.Stages;
using WanTalk.Core.Telemetry;
using WanTalk.Core.Work;

namespace WanTalk.GpuRunner.Telemetry;

/// <summary>The spans and metrics of a runner's work. Without a listener nothing is made.</summary>
internal static class RunnerTelemetry
{
    private static readonly ActivitySource Source = new(TelemetryNames.Runner);
    private static readonly Meter Meter = new(TelemetryNames.Runner);

    // From a tenth of a second to two hours: a window takes seconds to minutes, a message may wait for a GPU that is started.
    private static InstrumentAdvice<double> Seconds { get; } = new()
    {
        HistogramBucketBoundaries = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 7_200],
    };

    private static readonly Counter<long> Windows = Meter.CreateCounter<long>(
        "wantalk.windows", "{window}", "Windows that were committed.");

    private static readonly Histogram<double> WindowDuration = Meter.CreateHistogram(
        "wantalk.window.duration", "s", "How long the engine sampled a window; the first of a prompt with what its models took to load.", advice: Seconds);

    private static readonly Histogram<double> QueueAge = Meter.CreateHistogram(
        "wantalk.queue.age", "s", "How long work had been waiting on its lane when a runner took it.", advice: Seconds);

    private static readonly Histogram<double> AttemptDuration = Meter.CreateHistogram(
        "wantalk.attempt.duration", "s", "How long a runner worked on an attempt; error.type says why one failed.", advice: Seconds);

    /// <summary>Begins the work of an attempt, under the span that handed it over.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="deliveries">How often its message was received, this time included.</param>
    /// <param name="now">Now.</param>
    public static Activity? Begin(AttemptRequest request, int deliveries, DateTimeOffset now)
    {
        var (work, lane) = (request.Work, StageNames.Of(StageNames.LaneOf(request.Work.Stage)));
        // A message that comes again has been worked on meanwhile: its age is not what it waited.
        if (request.HandedOverAt is { } since && deliveries == 1)
        {
            // Two machines' clocks: the runner's may be behind.
            QueueAge.Record(Math.Max(0, (now - since).TotalSeconds), new KeyValuePair<string, object?>(TelemetryNames.Lane, lane));
        }

        var span = Source.StartUnder($"run {StageNames.Of(work.Stage)}", ActivityKind.Consumer, request.TraceParent)
            ?.SetTag(TelemetryNames.TalkId, work.Talk)
            .SetTag(TelemetryNames.Stage, StageNames.Of(work.Stage))
            .SetTag(TelemetryNames.Lane, lane)
            .SetTag(TelemetryNames.AttemptId, work.Attempt);
        if (request.Piece is { } piece)
        {
            span?.SetTag(TelemetryNames.Take, piece.Take)
                .SetTag(TelemetryNames.Window, piece.FirstWindow)
                .SetTag(TelemetryNames.WindowCount, piece.Count);
        }

        return span;
    }

    /// <summary>An attempt has its result.</summary>
    public static void End(Activity? span, Stage stage, AttemptResult result)
    {
        var tags = new TagList { { TelemetryNames.Stage, StageNames.Of(stage) } };
        if (result.Error is { } error)
        {
            tags.Add(TelemetryNames.ErrorType, ErrorCatalog.Name(error.Code));
            span.SetError(error.Code);
        }

        AttemptDuration.Record(result.Seconds, tags);
    }

    /// <summary>A prompt is handed to the engine.</summary>
    /// <param name="engine">Where the engine is; of its address only host and port are told.</param>
    /// <param name="prompt">The prompt's id.</param>
    public static Activity? Prompt(Uri engine, string prompt) => Source.StartActivity("run prompt", ActivityKind.Client)
        ?.SetTag("server.address", engine.Host)
        .SetTag("server.port", engine.Port)
        .SetTag(TelemetryNames.PromptId, prompt);

    /// <summary>A window is encoded, stored and committed.</summary>
    public static Activity? Commit(int take, int window) => Source.StartActivity("commit window")
        ?.SetTag(TelemetryNames.Take, take)
        .SetTag(TelemetryNames.Window, window);

    /// <summary>A window was committed.</summary>
    public static void Committed() => Windows.Add(1);

    /// <summary>A window was sampled.</summary>
    public static void Sampled(double seconds) => WindowDuration.Record(seconds);
}
