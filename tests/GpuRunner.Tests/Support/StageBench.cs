using System.Net.Http.Json;
using Microsoft.Extensions.Logging.Abstractions;
using WanTalk.ComfyUI;
<<<<<<< HEAD
using WanTalk.Core.Stages;
=======
using WanTalk.Core.Artifacts;
using WanTalk.Core.Plans;
using WanTalk.Core.Sampling;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
>>>>>>> 59790f4 (Invalid audio, conditioning and frames have codes of their own and end a talk at once; the runner looks at vocals and conditioning before it stores them)
using WanTalk.Core.Work;
using WanTalk.GpuRunner.Engine;
using WanTalk.GpuRunner.Lanes;
using WanTalk.GpuRunner.Stages;
using WanTalk.Media.Faces;
using WanTalk.Media.Ffmpeg;
using WanTalk.Storage.Local;

namespace WanTalk.GpuRunner.Tests.Support;

<<<<<<< HEAD
/// <summary>A runner's stages and an engine of their own, an understudy. Runners share nothing but the artifacts of the talk that they work on.</summary>
internal sealed class StageBench : IAsyncDisposable
{
    private static readonly FfmpegOptions Ffmpeg = new();
    private readonly EngineBench _engine = new();
    private readonly RunnerOptions _options;
    private readonly LocalWorkQueues _queues;
    private EngineAccess? _access;

    private StageBench(string name)
    {
        _options = new RunnerOptions { Home = _engine.Home, Name = name, SharesLanes = true };
        _queues = new LocalWorkQueues(_engine.Home, TimeProvider.System);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The runner's use of its engine.</summary>
    public EngineAccess Access => _access ?? throw new InvalidOperationException("It was not started.");

    /// <summary>A home for the artifacts of a talk.</summary>
    public HomeLayout Home => _engine.Home;

    public string HomeOf(string name) => _engine.PathOf(name);

    public static async Task<StageBench> StartAsync(string name)
    {
        var bench = new StageBench(name);
        await bench._engine.StartAsync(bench._engine.Understudy("--faults"));
        bench._access = new EngineAccess(
            bench._engine.Supervisor, new EngineCleaner(bench._options, NullLogger<EngineCleaner>.Instance),
            new EngineReadiness(bench._options, TimeProvider.System), bench._options, TimeProvider.System,
            NullLogger<ComfyClient>.Instance, NullLogger<EngineAccess>.Instance);
        return bench;
    }

    /// <summary>Brings a talk from its request to its conditioning.</summary>
    public async Task ConditionAsync(SampledTalk talk)
    {
        await SucceedAsync(talk, Stage.Prepare);
        Assert.Null((await new HostActivities(talk.Store, _queues, TimeProvider.System).PlanAsync(talk.Request.Id, Cancellation)).Error);
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
=======
/// <summary>One talk of four seconds at 128x128, whose stages are run one by one on a supervised understudy that can be made to fail.</summary>
internal sealed class StageBench : IAsyncDisposable
{
    public const int Windows = 2;

    private readonly EngineBench _bench;
    private readonly EngineAccess _access;
    private readonly Dictionary<Stage, IStage> _stages;
    private readonly string _talk = TalkId.New();

    private StageBench(RunnerOptions options, EngineBench bench)
    {
        _bench = bench;
        Store = new FolderArtifactStore(bench.Home.Artifacts, TimeProvider.System, new FolderArtifactStoreOptions { FlushToDisk = false });
        _access = new EngineAccess(
            bench.Supervisor, new EngineCleaner(options, NullLogger<EngineCleaner>.Instance), new EngineReadiness(options, TimeProvider.System), options,
            TimeProvider.System, NullLogger<ComfyClient>.Instance, NullLogger<EngineAccess>.Instance);
        var ffmpeg = new FfmpegOptions();
        IStage[] stages =
        [
            new PrepareStage(Store, ffmpeg, new FaceFinder(), options), new SeparateStage(Store, _access, ffmpeg), new EmbedStage(Store, _access),
            new SampleStage(Store, _access, ffmpeg, TimeProvider.System, NullLogger<SampleStage>.Instance),
        ];
        _stages = stages.ToDictionary(stage => stage.Stage);
    }

    public FolderArtifactStore Store { get; }

    public TalkPaths Paths => new(_talk);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts the engine, prepares and plans.</summary>
    public static async Task<StageBench> StartAsync()
    {
        var engine = new EngineBench();
        await engine.StartAsync(engine.Understudy("--faults"));
        var bench = new StageBench(new RunnerOptions { Home = engine.Home, Engine = engine.Options }, engine);
        await bench.PrepareAsync();
        return bench;
    }

    public async Task<StageReport> RunAsync(Stage stage, Piece? piece = null)
    {
        var work = new WorkReference(_talk, stage, piece?.Key ?? WorkReference.WholeTalk, Guid.NewGuid().ToString("n"));
        var scratch = Directory.CreateDirectory(_bench.PathOf(work.Attempt));
        try
        {
            var request = new AttemptRequest(work, new ReplyAddress(_talk, "done"), piece);
            return await _stages[stage].RunAsync(new StageContext(request, Paths, scratch.FullName, new AttemptProgress()), Cancellation);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    public async Task ArmAsync(object fault)
    {
        using var http = new HttpClient { BaseAddress = await _bench.Supervisor.GetAddressAsync(Cancellation) };
        using var answer = await http.PostAsJsonAsync(new Uri("understudy/faults", UriKind.Relative), fault, Cancellation);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>How many prompts the engine that runs now has had.</summary>
    public async Task<int> CountPromptsAsync()
    {
        using var http = new HttpClient { BaseAddress = await _bench.Supervisor.GetAddressAsync(Cancellation) };
        return (await http.GetFromJsonAsync<Dictionary<string, object>>(new Uri("history", UriKind.Relative), Cancellation))!.Count;
    }

    /// <summary>Puts a changed copy of a JSON artifact in its place.</summary>
    public async Task ChangeAsync<T>(ArtifactPath path, Func<T, T> change)
        where T : class =>
        await Store.WriteJsonAsync(path, change(await Store.ReadJsonAsync<T>(path, Cancellation)), Cancellation);

    public async Task<IReadOnlyList<string>> ArtifactsAsync()
    {
        var names = new List<string>();
        await foreach (var artifact in Store.ListAsync(Paths.Root, Cancellation))
            names.Add(artifact.Path.Value[(Paths.Root.Value.Length + 1)..]);
        return names;
>>>>>>> 59790f4 (Invalid audio, conditioning and frames have codes of their own and end a talk at once; the runner looks at vocals and conditioning before it stores them)
    }

    public async ValueTask DisposeAsync()
    {
<<<<<<< HEAD
        _access?.Dispose();
        _queues.Dispose();
        await _engine.DisposeAsync();
    }

    private async Task<HttpClient> HttpAsync() => new() { BaseAddress = await _engine.Supervisor.GetAddressAsync(Cancellation) };

    private AttemptHandler HandlerOf(SampledTalk talk) => new(
        talk.Store,
        _queues,
        [
            new PrepareStage(talk.Store, Ffmpeg, new FaceFinder(), _options),
            new SeparateStage(talk.Store, Access),
            new EmbedStage(talk.Store, Access),
            new SampleStage(talk.Store, Access, Ffmpeg, _options, TimeProvider.System, NullLogger<SampleStage>.Instance),
            new AssembleStage(talk.Store, Ffmpeg),
        ],
        _options,
        TimeProvider.System,
        NullLogger<AttemptHandler>.Instance);
=======
        _access.Dispose();
        await _bench.DisposeAsync();
    }

    private async Task PrepareAsync()
    {
        var size = new FrameSize(128, 128);
        await Store.WriteJsonAsync(
            Paths.Request,
            new TalkRequest
            {
                Id = _talk, CreatedAt = DateTimeOffset.UnixEpoch, PortraitName = "portrait.png", SpeechName = "speech.wav", RequestedSize = size,
                EffectiveSize = size, Seed = 3, Prompt = "A woman is talking", Sampling = SamplingPresets.Of(SamplingPreset.Recommended), Warnings = [],
            },
            Cancellation);
        await using (var portrait = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "portrait.png")))
        {
            await Store.WriteAsync(Paths.SourcePortrait, portrait, Cancellation);
        }

        using var speech = new MemoryStream(ToneFile.Wav(seconds: 4));
        await Store.WriteAsync(Paths.SourceSpeech, speech, Cancellation);
        await RunAsync(Stage.Prepare);
        var media = await Store.ReadJsonAsync<MediaFacts>(Paths.Media, Cancellation);
        await Store.WriteJsonAsync(Paths.Plan, TalkPlanner.Plan(media.SpeechSamples, size), Cancellation);
    }
>>>>>>> 59790f4 (Invalid audio, conditioning and frames have codes of their own and end a talk at once; the runner looks at vocals and conditioning before it stores them)
}
