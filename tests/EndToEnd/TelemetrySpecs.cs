using System.Text.Json;
using WanTalk.EndToEnd.Support;
using WanTalk.EndToEnd.Support.Telemetry;

namespace WanTalk.EndToEnd;

/// <summary>What an operator sees of talks, over OTLP from the programs themselves.</summary>
public sealed class TelemetrySpecs : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly OtlpReceiver _receiver = new();
    private readonly HttpClient _http = new();

    public async ValueTask InitializeAsync() => await MediaFile.MakeAsync($"-i \"{Repository.Speech}\" -t 2 {_folder.File("short.wav")}");

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _receiver.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_talk_is_one_trace_from_its_request_to_each_prompt_and_a_failed_one_counts_its_code()
    {
        await MediaFile.MakeAsync($"-f lavfi -i anullsrc -t 1 {_folder.File("silence.wav")}");
        var environment = _receiver.Environment;
        environment["OTEL_BSP_SCHEDULE_DELAY"] = environment["OTEL_BLRP_SCHEDULE_DELAY"] = environment["OTEL_METRIC_EXPORT_INTERVAL"] = "200";
        await using var server = await TalkServer.StartAsync(_folder, environment);
        var talk = await EndAsync(server, "short.wav", "completed");
        var failed = await EndAsync(server, "silence.wav", "failed");
        // Nobody else asks for this.
        using var probe = await _http.GetAsync($"{server.Address}api/talks/{talk}/video?sig=s3cret", TestContext.Current.CancellationToken);
        await _receiver.UntilAsync(came => came.Metrics.Any(metric => metric.Name == "wantalk.talk.failures")
            && came.Metrics.Any(metric => metric.Name == "wantalk.windows") && came.Spans.Count(span => span.Name == "talk") == 2
            && came.Spans.Any(span => span.Name == "GET api/talks/{id}/video" && span.Attributes["url.path"] == $"/api/talks/{talk}/video")
            // A span ends a moment after the next program has what it has given on: those above another may come behind it.
            && came.Spans.Any(span => IsRun(span, "sample", talk)) && came.Spans.Any(span => IsRun(span, "prepare", failed))
            && came.Spans.Where(span => span.Name is "run prompt" or "commit window").All(span => IsWhole(came.Spans, span))
            && came.Logs.Any(log => IsTold(log, failed)));

        var prompts = _receiver.Spans.Where(span => span.Name == "run prompt").ToList();
        Assert.Equal(3, prompts.Count);
        string[] stages = ["separate", "embed", "sample"];
        Assert.Equal(
            stages.Select(stage => $"run prompt < run {stage} < hand over {stage} < accept talk < POST api/talks").Order(),
            prompts.Select(PathOf).Order());
        Assert.Single(prompts.Select(span => span.Trace).Distinct());
        Assert.Equal("run sample < hand over sample < accept talk < POST api/talks", PathOf(Single("commit window"))["commit window < ".Length..]);
        Assert.Equal(prompts[0].Trace, _receiver.Spans.Single(span => span.Name == "talk" && span.Attributes["wantalk.talk.id"] == talk).Trace);

        var refused = _receiver.Spans.Single(span => IsRun(span, "prepare", failed));
        Assert.Equal((true, "speech_silent"), (refused.Failed, refused.Attributes["error.type"]));
        Assert.Equal("speech_silent", _receiver.Metrics.First(metric => metric.Name == "wantalk.talk.failures").Attributes["error.type"]);
        Assert.Equal(refused.Trace, _receiver.Logs.First(log => IsTold(log, failed)).Trace);

        foreach (var secret in (string[])["s3cret", "portrait.png", "silence.wav"])
        {
            Assert.DoesNotContain(secret, _receiver.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_command_sends_all_that_was_measured_before_it_ends()
    {
        await using var command = WanTalkCommand.Start(
            _folder, [], ["talk", Repository.Portrait, _folder.File("short.wav"), "--width", "128", "--height", "128"], _receiver.Environment);
        var result = await command.WaitAsync();
        Assert.True(result.ExitCode == 0, result.Said);

        Assert.Single(_receiver.Spans.Where(span => span.Name is not "commit window").Select(span => span.Trace).Distinct());
        var host = MetricsOf("wantalk-host");
        Assert.Equal(("{talk}", 1, "completed"), (host["wantalk.talks"].Unit, host["wantalk.talks"].Sum, host["wantalk.talks"].Attributes["wantalk.talk.end"]));
        Assert.Equal(("s", 1UL), (host["wantalk.talk.overhead"].Unit, host["wantalk.talk.overhead"].Count));
        Assert.DoesNotContain("wantalk.talk.failures", host.Keys);
        var runner = MetricsOf("wantalk-runner");
        Assert.Equal(("{window}", 1), (runner["wantalk.windows"].Unit, runner["wantalk.windows"].Sum));
        Assert.Equal(("s", 1UL), (runner["wantalk.window.duration"].Unit, runner["wantalk.window.duration"].Count));
        Assert.Equal("s", runner["wantalk.queue.age"].Unit);
        // What is sent again is told anew.
        var lanes = _receiver.Metrics
            .Where(metric => metric.Name == "wantalk.queue.age")
            .GroupBy(metric => metric.Attributes["wantalk.lane"])
            .ToDictionary(lane => lane.Key, lane => lane.Last());
        Assert.Equal((3UL, 2UL, 1UL), (lanes["media"].Count, lanes["embed"].Count, lanes["sample"].Count));
    }

    [Fact]
    public async Task A_wrong_setting_is_named_before_anything_is_started_and_its_value_is_not_told()
    {
        await using var command = WanTalkCommand.Start(
            _folder, [], ["serve", "--port", "0"], new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "collector/s3cret" });
        var result = await command.WaitAsync();

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("argument_invalid: OTEL_EXPORTER_OTLP_ENDPOINT is wrong", result.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", result.Said, StringComparison.Ordinal);
    }

    /// <summary>Whether a span is a runner's work at a stage of a talk.</summary>
    private static bool IsRun(SpanRecord span, string stage, string talk) =>
        span.Name == $"run {stage}" && span.Attributes["wantalk.talk.id"] == talk;

    /// <summary>Whether the runner says in its log that a talk's work failed.</summary>
    private static bool IsTold(LogRecord log, string talk) => log.Service == "wantalk-runner"
        && log.Attributes.GetValueOrDefault("wantalk.talk.id") == talk && log.Body.Contains("failed", StringComparison.Ordinal);

    /// <summary>Whether all spans above one have come.</summary>
    private static bool IsWhole(IReadOnlyList<SpanRecord> spans, SpanRecord span) => span.Parent.Length == 0
        || (spans.FirstOrDefault(parent => parent.Id == span.Parent && parent.Trace == span.Trace) is { } above && IsWhole(spans, above));

    /// <summary>The names of a span and of those above it, as they came from the programs.</summary>
    private string PathOf(SpanRecord span)
    {
        var names = new List<string> { span.Name };
        while (span.Parent.Length > 0)
        {
            span = _receiver.Spans.Single(parent => parent.Id == span.Parent && parent.Trace == span.Trace);
            names.Add(span.Name);
        }

        return string.Join(" < ", names);
    }

    private SpanRecord Single(string name) => _receiver.Spans.Single(span => span.Name == name);

    private Dictionary<string, MetricRecord> MetricsOf(string service) => _receiver.Metrics
        .Where(metric => metric.Service == service)
        .GroupBy(metric => metric.Name)
        .ToDictionary(metric => metric.Key, metric => metric.Last());

    /// <summary>Asks for a talk, and waits for its end.</summary>
    /// <returns>Its id.</returns>
    private async Task<string> EndAsync(TalkServer server, string speech, string end)
    {
        using var accepted = await server.PostAsync(128, _folder.File(speech));
        JsonElement view = await server.EndOfAsync(accepted.Headers.Location!);
        Assert.Equal(end, view.GetProperty("status").GetString());
        return view.GetProperty("id").GetString()!;
    }
}
