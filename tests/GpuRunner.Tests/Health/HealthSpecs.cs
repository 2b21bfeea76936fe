using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using WanTalk.ComfyUI;
using WanTalk.Core.Work;
using WanTalk.GpuRunner.Engine;
using WanTalk.GpuRunner.Health;
using WanTalk.GpuRunner.Lanes;
using WanTalk.GpuRunner.Stages;
using WanTalk.GpuRunner.Tests.Support;

namespace WanTalk.GpuRunner.Tests.Health;

/// <summary>What probes and operators are told of a runner, over real HTTP, with real engines.</summary>
public sealed class HealthSpecs : IAsyncLifetime
{
    private readonly EngineBench _bench = new();
    private readonly HttpClient _http = new();
    private RunnerReadiness _readiness = null!;
    private HealthServer _server = null!;

    private RunnerOptions Options => new() { Home = _bench.Home, ReadinessSeconds = 0.05, HealthListen = new IPEndPoint(IPAddress.Loopback, 0) };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(CancellationToken.None);
        await _server.DisposeAsync();
        await _readiness.StopAsync(CancellationToken.None);
        _readiness.Dispose();
        _http.Dispose();
        await _bench.DisposeAsync();
    }

    [Fact]
    public async Task A_runner_is_ready_once_its_engine_answers_and_has_everything()
    {
        await _bench.StartAsync(_bench.Understudy());
        await StartAsync();
        var (_, first) = await ReadAsync();
        await EngineBench.UntilAsync(() => _readiness.Report.Ready);

        var (status, report) = await ReadAsync();

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("answering", report.GetProperty("engine").GetString());
        Assert.Empty(report.GetProperty("problems").EnumerateArray());
        Assert.True(first.GetProperty("ready").GetBoolean() || first.GetProperty("problems").GetArrayLength() > 0);
    }

    [Fact]
    public async Task A_runner_whose_engine_lacks_our_pack_names_the_pack_and_every_class_of_it()
    {
        await _bench.StartAsync(_bench.Understudy("--without-pack"));
        await StartAsync();
        await EngineBench.UntilAsync(() => _readiness.Report.Problems.Count > 1);

        var (status, report) = await ReadAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        var problems = string.Join('\n', report.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()));
        Assert.All(
            ["node pack is missing", "WanTalkCheckAudio", "WanTalkFitAudio", "WanTalkSaveConditioning", "WanTalkLoadConditioning", "WanTalkWindowSampler"],
            what => Assert.Contains(what, problems, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_runner_whose_engine_dies_says_why_and_lives()
    {
        await _bench.StartAsync(_bench.Script("echo 'ImportError: no module named torch'; exit 3"));
        await StartAsync();
        await EngineBench.UntilAsync(() => _readiness.Report.Problems.Any(problem => problem.Contains("ImportError", StringComparison.Ordinal)));

        var (status, report) = await ReadAsync();
        using var live = await _http.GetAsync($"{_server.Urls.First()}/health/live", EngineBench.Cancellation);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (status, live.StatusCode));
        Assert.True(report.GetProperty("engine_deaths").GetInt32() > 0);
    }

    [Fact]
    public async Task A_runner_that_is_not_ready_leaves_gpu_work_to_others_and_does_media_work()
    {
        await _bench.StartAsync(_bench.Understudy("--without-pack"));
        await StartAsync();
        using var lanes = new LaneBench { Options = new RunnerOptions { Home = _bench.Home, SharesLanes = true } };
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handler = lanes.HandlerOf((_, _) =>
        {
            done.TrySetResult();
            return Task.FromResult(StageReport.Empty);
        });
        await lanes.Queues.ForLane(Lane.Sample).SendAsync("a piece", TimeSpan.Zero, EngineBench.Cancellation);
        await lanes.HandOverAsync();
        using var sample = WorkerFor(Lane.Sample, lanes, handler);
        using var media = WorkerFor(Lane.Media, lanes, handler);

        await sample.StartAsync(EngineBench.Cancellation);
        await media.StartAsync(EngineBench.Cancellation);
        await done.Task.WaitAsync(TimeSpan.FromSeconds(60), EngineBench.Cancellation);

        Assert.NotNull(await lanes.Queues.ForLane(Lane.Sample).ReceiveAsync(TimeSpan.FromSeconds(10), TimeSpan.Zero, EngineBench.Cancellation));
        await media.StopAsync(CancellationToken.None);
        await sample.StopAsync(CancellationToken.None);
    }

    private LaneWorker WorkerFor(Lane lane, LaneBench lanes, AttemptHandler handler) =>
        new(lane, 1, lanes.Queues, handler, _readiness, lanes.Options, TimeProvider.System, NullLogger<LaneWorker>.Instance);

    private async Task StartAsync()
    {
        var engine = new EngineCheck(
            _bench.Supervisor, new EngineReadiness(Options, TimeProvider.System), Options, TimeProvider.System, NullLogger<ComfyClient>.Instance);
        _readiness = new RunnerReadiness(Options, [engine], TimeProvider.System, NullLogger<RunnerReadiness>.Instance, _bench.Supervisor);
        _server = new HealthServer(Options, _readiness, NullLogger<HealthServer>.Instance);
        await _server.StartAsync(EngineBench.Cancellation);
        await _readiness.StartAsync(EngineBench.Cancellation);
    }

    private async Task<(HttpStatusCode Status, JsonElement Report)> ReadAsync()
    {
        using var answer = await _http.GetAsync($"{_server.Urls.First()}/health/ready", EngineBench.Cancellation);
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync(EngineBench.Cancellation)).RootElement);
    }
}
