using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Trace;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Telemetry;
using WanTalk.GpuRunner.Stages;
using WanTalk.GpuRunner.Tests.Support;
using WanTalk.Spans;

namespace WanTalk.GpuRunner.Tests.Telemetry;

/// <summary>What an operator sees of a runner's attempts.</summary>
public sealed class AttemptTelemetrySpecs : IDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1234.5);

    private readonly LaneBench _bench = new();
    private readonly EndedSpans _ended = new();
    private readonly ConcurrentBag<double> _ages = [];
    private readonly MeterListener _meters = new();
    private readonly TracerProvider _traces;

    public AttemptTelemetrySpecs()
    {
        _traces = Sdk.CreateTracerProviderBuilder()
            .AddSource(TelemetryNames.Talks, TelemetryNames.Runner)
            .AddProcessor(_ended)
            .Build();
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "wantalk.queue.age")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<double>((_, seconds, _, _) => _ages.Add(seconds));
        _meters.Start();
    }

    public void Dispose()
    {
        _meters.Dispose();
        _traces.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public async Task An_attempt_is_a_span_under_the_one_that_handed_it_over_and_its_message_has_an_age()
    {
        await _bench.HandOverAsync();
        _bench.Clock.Advance(Wait);
        await HandleAsync();

        var (handed, run) = (Span("hand over prepare"), Span("run prepare"));
        Assert.Equal((handed.TraceId, handed.SpanId, true), (run.TraceId, run.ParentSpanId, run.HasRemoteParent));
        Assert.Equal((ActivityKind.Producer, ActivityKind.Consumer), (handed.Kind, run.Kind));
        Assert.Equal(("prepare", "media", "0123abcd"), (Tag(run, "wantalk.stage"), Tag(run, "wantalk.lane"), Tag(run, "wantalk.attempt.id")));
        Assert.Contains(Wait.TotalSeconds, _ages);
    }

    [Fact]
    public async Task A_message_that_comes_again_has_no_age_since_it_was_worked_on_meanwhile()
    {
        await _bench.HandOverAsync();
        await _bench.ReceiveAsync();
        _bench.Clock.Advance(Wait + Wait);
        await HandleAsync();

        Assert.DoesNotContain((Wait + Wait).TotalSeconds, _ages);
        Assert.NotNull(Span("run prepare"));
    }

    [Fact]
    public async Task A_failed_attempt_says_its_code_and_not_what_its_message_names()
    {
        await _bench.HandOverAsync();
        await HandleAsync(new TalkException(ErrorCode.InputUnreachable, "https://bucket.example/me.png did not answer."));

        var run = Span("run prepare");
        Assert.Equal((ActivityStatusCode.Error, null, "input_unreachable"), (run.Status, run.StatusDescription, Tag(run, "error.type")));
        Assert.DoesNotContain(run.TagObjects, tag => $"{tag.Value}".Contains("bucket", StringComparison.Ordinal));
        Assert.Empty(run.Events);
    }

    [Fact]
    public async Task Work_that_was_handed_over_by_a_host_that_traces_nothing_begins_a_trace_of_its_own()
    {
        await _bench.HandOverAsync();
        var path = _bench.Paths.AttemptRequest(_bench.Attempt.Work.Stage, _bench.Attempt.Work.Key, _bench.Attempt.Work.Attempt);
        await _bench.Store.WriteJsonAsync(path, _bench.Attempt with { TraceParent = "no trace" }, LaneBench.Cancellation);
        await HandleAsync();

        Assert.Equal(default, Span("run prepare").ParentSpanId);
    }

    private async Task HandleAsync(TalkException? failure = null) => await _bench
        .HandlerOf((_, _) => failure is null ? Task.FromResult(StageReport.Empty) : Task.FromException<StageReport>(failure))
        .HandleAsync(_bench.Lane, await _bench.ReceiveAsync(), LaneBench.Cancellation);

    /// <summary>This test's span of a name: others run at the same time.</summary>
    private Activity Span(string name)
    {
        // Nothing is added any more behind this, and the list may be read.
        _traces.Dispose();
        return _ended.Spans.Single(span => span.OperationName == name && Tag(span, "wantalk.talk.id") == _bench.Attempt.Work.Talk);
    }

    private static string? Tag(Activity span, string name) => span.GetTagItem(name)?.ToString();
}
