using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Talks;
using WanTalk.Core.Telemetry;
using WanTalk.Core.Work;
using WanTalk.Spans;

namespace WanTalk.Local.Tests.Orchestration;

/// <summary>What an operator sees of the orchestration's way.</summary>
public sealed class TelemetrySpecs : IDisposable
{
    private readonly EndedSpans _ended = new();
    private readonly TracerProvider _traces;

    public TelemetrySpecs() => _traces = Sdk.CreateTracerProviderBuilder().AddSource(TelemetryNames.Talks).AddProcessor(_ended).Build();

    public void Dispose() => _traces.Dispose();

    [Fact]
    public async Task Replays_of_the_orchestration_make_no_spans_and_the_talks_own_lasts_from_its_start_to_its_end()
    {
        await using var host = await TalkHost.StartAsync();
        var begun = host.Clock.GetUtcNow();
        var talk = await host.AcceptAsync();
        await host.PrepareAsync(talk, windows: 1);
        var separate = await host.TakeAsync(Lane.Embed);
        // What a stop interrupts is done again, and would be a span again.
        await host.NextLookAsync();
        await host.RestartAsync(Version.Parse(TalkOrchestration.Version));
        await host.FinishAsync(separate);
        await host.TakeAsync(Lane.Embed);
        await host.NextLookAsync();
        host.Clock.Advance(TimeSpan.FromSeconds(3));
        await host.Control.CancelAsync(talk, TalkHost.Cancellation);
        Assert.Equal(ErrorCode.Cancelled, (await host.ErrorOfAsync(talk)).Code);

        // The orchestration begins beside the acceptance, and may hand over its first work before that has ended.
        var spans = SpansOf(talk);
        var accepted = spans.Single(span => span.OperationName == "accept talk");
        var made = spans.Where(span => span != accepted).ToList();
        Assert.Equal(
            ["hand over prepare", "plan talk", "hand over separate", "hand over embed", "talk"], made.Select(span => span.OperationName));
        Assert.All(made, span => Assert.Equal((accepted.TraceId, accepted.SpanId), (span.TraceId, span.ParentSpanId)));
        Assert.Equal(accepted.Id, (await host.Store.ReadJsonAsync<TalkRequest>(new TalkPaths(talk).Request, TalkHost.Cancellation)).TraceParent);
        Assert.Equal(made[2].Id, separate.TraceParent);

        var whole = made[^1];
        Assert.Equal("cancelled", whole.GetTagItem("wantalk.talk.end"));
        Assert.Equal(ActivityStatusCode.Unset, whole.Status);
        Assert.Equal((begun.UtcDateTime, host.Clock.GetUtcNow() - begun), (whole.StartTimeUtc, whole.Duration));
    }

    [Fact]
    public async Task A_talk_that_failed_says_its_code_and_not_its_message()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        await host.FinishAsync(await host.TakeAsync(Lane.Media), ErrorCode.SpeechSilent);
        Assert.Equal(ErrorCode.SpeechSilent, (await host.ErrorOfAsync(talk)).Code);

        var whole = SpansOf(talk).Single(span => span.OperationName == "talk");
        Assert.Equal("failed", whole.GetTagItem("wantalk.talk.end"));
        Assert.Equal((ActivityStatusCode.Error, null, "speech_silent"), (whole.Status, whole.StatusDescription, whole.GetTagItem("error.type")));
    }

    /// <summary>A talk's spans in the order of their ends; others' are made at the same time, and may still be added.</summary>
    private List<Activity> SpansOf(string talk) =>
        [.. _ended.Spans.Where(span => (string?)span.GetTagItem("wantalk.talk.id") == talk)];
}
