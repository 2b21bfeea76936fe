using System.Net.Http.Json;
using Microsoft.Extensions.Logging.Abstractions;
using WanTalk.ComfyUI;
using WanTalk.Core.Stages;
using WanTalk.Core.Work;
using WanTalk.GpuRunner.Engine;
using WanTalk.GpuRunner.Lanes;
using WanTalk.GpuRunner.Stages;
using WanTalk.Media.Faces;
using WanTalk.Media.Ffmpeg;
using WanTalk.Storage.Fetching;
using WanTalk.Storage.Local;

namespace WanTalk.GpuRunner.Tests.Support;

/// <summary>A runner's stages and an engine of their own, an understudy. Runners share nothing but the artifacts of the talk that they work on.</summary>
internal sealed class StageBench : IAsyncDisposable
{
    private static readonly FfmpegOptions Ffmpeg = new();
    private readonly EngineBench _engine = new();
    private readonly RunnerOptions _options;
    private readonly LocalWorkQueues _queues;
    private readonly GuardedFetcher _fetcher = new(new FetchOptions(), TimeProvider.System);
    private readonly TimeProvider _sampling;
    private EngineAccess? _access;

    private StageBench(string name, TimeProvider sampling)
    {
        _sampling = sampling;
        _options = new RunnerOptions { Home = _engine.Home, Name = name, SharesLanes = true };
        _queues = new LocalWorkQueues(_engine.Home, TimeProvider.System);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The runner's use of its engine.</summary>
    public EngineAccess Access => _access ?? throw new InvalidOperationException("It was not started.");

    /// <summary>A home for the artifacts of a talk.</summary>
    public HomeLayout Home => _engine.Home;

    public string HomeOf(string name) => _engine.PathOf(name);

    /// <summary>The processes of its engine.</summary>
    public IReadOnlyList<int> EngineProcesses => _engine.Processes;

    /// <summary>Starts a runner and its engine.</summary>
    /// <param name="name">The runner's name.</param>
    /// <param name="sampling">The clock by which windows take too long; the system's when it is not given.</param>
    public static async Task<StageBench> StartAsync(string name, TimeProvider? sampling = null)
    {
        var bench = new StageBench(name, sampling ?? TimeProvider.System);
        await bench._engine.StartAsync(bench._engine.Understudy("--faults"));
        bench._access = new EngineAccess(
            bench._engine.Supervisor, new EngineCleaner(bench._options, NullLogger<EngineCleaner>.Instance),
            new EngineReadiness(bench._options, TimeProvider.System), bench._options, TimeProvider.System,
            NullLogger<ComfyClient>.Instance, NullLogger<EngineAccess>.Instance);
        return bench;
    }

    /// <summary>Brings a talk from its request to its plan.</summary>
    public async Task PlanAsync(SampledTalk talk)
    {
        await SucceedAsync(talk, Stage.Prepare);
        Assert.Null((await new HostActivities(talk.Store, _queues, TimeProvider.System).PlanAsync(talk.Request.Id, Cancellation)).Error);
    }

    /// <summary>Brings a talk from its request to its conditioning.</summary>
    public async Task ConditionAsync(SampledTalk talk)
    {
        await PlanAsync(talk);
        await SucceedAsync(talk, Stage.Separate);
        await SucceedAsync(talk, Stage.Embed);
    }

    /// <summary>Does the work of a stage that is expected to succeed.</summary>
    public async Task<AttemptResult> SucceedAsync(SampledTalk talk, Stage stage, Piece? piece = null)
    {
        var result = await DoAsync(talk, talk.Attempt(stage, piece));
        Assert.Null(result.Error);
        return result;
    }

    /// <summary>Takes an attempt from its lane to its result.</summary>
    public async Task<AttemptResult> DoAsync(SampledTalk talk, AttemptRequest attempt)
    {
        await new HostActivities(talk.Store, _queues, TimeProvider.System).HandOverAsync(attempt, Cancellation);
        var lane = _queues.ForLane(StageNames.LaneOf(attempt.Work.Stage));
        var message = await lane.ReceiveAsync(TimeSpan.FromSeconds(_options.LeaseSeconds), TimeSpan.Zero, Cancellation);
        await HandlerOf(talk).HandleAsync(lane, message!, Cancellation);
        var path = talk.Paths.AttemptResult(attempt.Work.Stage, attempt.Work.Key, attempt.Work.Attempt);
        return (await Core.Artifacts.ArtifactStoreExtensions.TryReadJsonAsync<AttemptResult>(talk.Store, path, Cancellation))!;
    }

    /// <summary>Has something go wrong in the engine.</summary>
    public async Task ArmAsync(object fault)
    {
        using var http = await HttpAsync();
        (await http.PostAsJsonAsync("understudy/faults", fault, Cancellation)).EnsureSuccessStatusCode();
    }

    /// <summary>Takes back what was to go wrong.</summary>
    public async Task ClearAsync()
    {
        using var http = await HttpAsync();
        (await http.DeleteAsync(new Uri("understudy/faults", UriKind.Relative), Cancellation)).EnsureSuccessStatusCode();
    }

    /// <summary>Whether a prompt runs on the engine now.</summary>
    public async Task<bool> IsRunningAsync()
    {
        using var client = new ComfyClient(await _engine.Supervisor.GetAddressAsync(Cancellation));
        return (await client.GetQueueAsync(Cancellation)).Running.Count > 0;
    }

    /// <summary>How many prompts the engine has run since it was started.</summary>
    public async Task<int> CountPromptsAsync()
    {
        using var http = await HttpAsync();
        return (await http.GetFromJsonAsync<Dictionary<string, object>>(new Uri("history", UriKind.Relative), Cancellation))!.Count;
    }

    public async ValueTask DisposeAsync()
    {
        _access?.Dispose();
        _queues.Dispose();
        _fetcher.Dispose();
        await _engine.DisposeAsync();
    }

    private async Task<HttpClient> HttpAsync() => new() { BaseAddress = await _engine.Supervisor.GetAddressAsync(Cancellation) };

    private AttemptHandler HandlerOf(SampledTalk talk) => new(
        talk.Store,
        _queues,
        [
            new PrepareStage(talk.Store, _fetcher, Ffmpeg, new FaceFinder(), _options),
            new SeparateStage(talk.Store, Access, Ffmpeg),
            new EmbedStage(talk.Store, Access),
            new SampleStage(talk.Store, talk.Publisher, Access, Ffmpeg, _options, _sampling, NullLogger<SampleStage>.Instance),
            new AssembleStage(talk.Store, talk.Publisher, Ffmpeg, TimeProvider.System, NullLogger<AssembleStage>.Instance),
        ],
        _options,
        TimeProvider.System,
        NullLogger<AttemptHandler>.Instance);
}
