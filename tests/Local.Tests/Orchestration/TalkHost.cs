using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Intake;
using WanTalk.Core.Json;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Owners;
using WanTalk.Core.Quotes;
using WanTalk.Core.Stages;
using WanTalk.Core.Takes;
using WanTalk.Core.Talks;
using WanTalk.Core.Webhooks;
using WanTalk.Core.Work;
using WanTalk.Local.Durable;
using WanTalk.Local.Hosting;
using WanTalk.Local.Tests.Durable;
using WanTalk.Storage.Local;
using WanTalk.Storage.Webhooks;

namespace WanTalk.Local.Tests.Orchestration;

/// <summary>
/// A host without a runner: the real durable runtime, artifacts, queues and activities, on a clock that stands until a test moves it. The
/// test plays the runner.
/// </summary>
internal sealed class TalkHost : IAsyncDisposable
{
    public static readonly WaitRules Rules = new()
    {
        FirstLookSeconds = 10,
        LookGrowth = 2,
        LongestLookSeconds = 40,
        StaleHeartbeatSeconds = 60,
        FirstResendSeconds = 100,
        MaxAttempts = 3,
    };

    /// <summary>The secrets of its webhooks, the newer one first.</summary>
    public static readonly IReadOnlyList<string> Secrets =
        ["whsec_bmV3ZXIgc2VjcmV0IG9mIDI1IGJ5dGVz", "whsec_b2xkZXIgc2VjcmV0IG9mIDI1IGJ5dGVz"];

    private static readonly WebhookOptions Webhooks = new() { Signer = WebhookSigner.Of(string.Join(',', Secrets)), PrivateHosts = ["127.0.0.1"] };

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private readonly WebhookSender _sender = new(
        new WebhookSenderOptions { PrivateHosts = ["127.0.0.1"], TimeoutSeconds = 120 }, TimeProvider.System);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wantalk-talk-");
    private readonly LocalWorkQueues _queues;
    private readonly SqliteRecordStore _records;
    private readonly WaitRules _rules;
    private CompletionPump _pump;

    private TalkHost(WaitRules rules)
    {
        _rules = rules;
        Durable = new DurableHost(Clock);
        Store = new FolderArtifactStore(
            Path.Combine(_folder.FullName, "artifacts"), Clock, new FolderArtifactStoreOptions { FlushToDisk = false });
        _records = new SqliteRecordStore(Path.Combine(_folder.FullName, "index.db"));
        _queues = new LocalWorkQueues(new HomeLayout(_folder.FullName), Clock);
        _pump = NewPump();
        Activities = new HostActivities(Store, _queues, Clock);
        var webhooks = new WebhookActivities(Store, _sender, Webhooks, Clock);
        Index = new TalkIndex(_records, Clock);
        History = new GpuHistory(_records);
        Durable.Registry = TalkRegistry.Create(
            Activities, new NotifyActivities(Store, Index, History, Replies, webhooks, Clock), webhooks, Durable.Client);
    }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public DurableHost Durable { get; }

    public FolderArtifactStore Store { get; }

    /// <summary>The replies that were sent.</summary>
    public RecordedReplies Replies { get; } = new();

    /// <summary>Who owns which talk.</summary>
    public TalkIndex Index { get; }

    /// <summary>What is on record of talks and uploads.</summary>
    public SqliteRecordStore Records => _records;

    /// <summary>How long windows took.</summary>
    public GpuHistory History { get; }

    public HostActivities Activities { get; }

    public TalkControl Control => new(Store, Durable.Client, _rules, Clock);

    public static async Task<TalkHost> StartAsync(WaitRules? rules = null)
    {
        var host = new TalkHost(rules ?? Rules);
        await host.Durable.StartAsync();
        await host._pump.StartAsync(Cancellation);
        return host;
    }

    /// <summary>Stops the host and starts it again, as another version.</summary>
    public async Task RestartAsync(Version version, DurableRegistry? registry = null)
    {
        await StopPumpAsync();
        Durable.Registry = registry ?? Durable.Registry;
        await Durable.RestartAsync(version);
        _pump = NewPump();
        await _pump.StartAsync(Cancellation);
    }

    /// <summary>Accepts a talk as the API does, in takes of a wished length if there is one; its inputs are never decoded here.</summary>
    public Task<string> AcceptAsync(double? takeSeconds = null) => AcceptAsync(
        draft => takeSeconds is null ? draft : draft with { Continuity = "takes", TakeSeconds = takeSeconds });

    /// <summary>Accepts a talk with wishes of a test's own.</summary>
    public async Task<string> AcceptAsync(Func<TalkDraft, TalkDraft> wish)
    {
        var draft = new TalkDraft
        {
            Portrait = new InputFacts("portrait.png", 8, new byte[] { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A }),
            Speech = new InputFacts("speech.wav", 12, "RIFF\0\0\0\0WAVE"u8.ToArray()),
            Seed = 5,
        };
        var request = TalkIntake.Check(wish(draft), Clock, out _)!;
        using var portrait = new MemoryStream([1]);
        using var speech = new MemoryStream([2]);
        await new TalkIntake(Store, Durable.Client, _rules, Webhooks).AcceptAsync(request, portrait, speech, workflow: null, Cancellation);
        return request.Id;
    }

    /// <summary>Handles a message as a broker's trigger does.</summary>
    public Task<MessageVerdict> HandleAsync(TalkMessage message) => new TalkMessageHandler(
        new TalkIntake(Store, Durable.Client, _rules, Webhooks),
        new MessageIntakeOptions { IdSecret = "sixteen bytes or more"u8.ToArray(), ReplyQueues = ["ends"] },
        new RequestOptions(),
        Clock).HandleAsync(message, Cancellation);

    public async Task<TalkView> ViewAsync(string talk) =>
        await new TalkReader(Store, Durable.Client).ReadAsync(talk, Cancellation) ?? throw new InvalidOperationException("There is no talk.");

    /// <summary>Takes the next message of a lane, as a runner does that never loses one.</summary>
    public async Task<AttemptRequest> TakeAsync(Lane lane)
    {
        AttemptRequest? taken = null;
        await DurableHost.UntilAsync(async () => (taken = await TryTakeAsync(lane)) is not null);
        return taken!;
    }

    /// <summary>The next message of a lane; null when there is none now.</summary>
    public async Task<AttemptRequest?> TryTakeAsync(Lane lane)
    {
        var queue = _queues.ForLane(lane);
        if (await queue.ReceiveAsync(Lease, TimeSpan.Zero, Cancellation) is not { } message)
            return null;
        await queue.DeleteAsync(message, Cancellation);
        var work = JsonSerializer.Deserialize<WorkReference>(message.Body, CoreJson.Options)!;
        return await Store.ReadJsonAsync<AttemptRequest>(
            TalkPaths.Of(work).AttemptRequest(work.Stage, work.Key, work.Attempt), Cancellation);
    }

    public Task BeatAsync(AttemptRequest attempt, int? window = null, int? step = null) => Store.WriteJsonAsync(
        TalkPaths.Of(attempt.Work).Heartbeat(attempt.Work.Stage, attempt.Work.Key, attempt.Work.Attempt),
        new Heartbeat("played", Clock.GetUtcNow(), window, step, step is null ? null : 6),
        Cancellation);

    /// <summary>Writes an attempt's result, and tells nobody.</summary>
    public Task WriteResultAsync(AttemptRequest attempt, ErrorCode? error = null, double? secondsPerWindow = null, int? nextWindow = null) =>
        Store.TryCreateJsonAsync(
            TalkPaths.Of(attempt.Work).AttemptResult(attempt.Work.Stage, attempt.Work.Key, attempt.Work.Attempt),
            new AttemptResult(error is { } code ? new TalkError(code, $"It is {code}.") : null, 1, "played", EngineSeconds: 1, secondsPerWindow, nextWindow),
            Cancellation);

    public Task<AttemptResult?> ResultAsync(AttemptRequest attempt) => Store.TryReadJsonAsync<AttemptResult>(
        TalkPaths.Of(attempt.Work).AttemptResult(attempt.Work.Stage, attempt.Work.Key, attempt.Work.Attempt), Cancellation);

    /// <summary>Lets so much time pass without a heartbeat that a runner counts as lost.</summary>
    public async Task FallSilentAsync()
    {
        for (var waited = TimeSpan.Zero; waited <= TimeSpan.FromSeconds(_rules.StaleHeartbeatSeconds);)
            waited += await PassLookAsync();
        Assert.Equal(_rules.StaleHeartbeatSeconds / 2, (await PassLookAsync()).TotalSeconds);
    }

    /// <summary>Sends an attempt's completion message.</summary>
    public Task TellAsync(AttemptRequest attempt) => _queues.Completions.SendAsync(
        Encoding.UTF8.GetString(CoreJson.ToBytes(new Completion(attempt.Reply, attempt.Work))), TimeSpan.Zero, Cancellation);

    public async Task FinishAsync(AttemptRequest attempt, ErrorCode? error = null, double? secondsPerWindow = null, int? nextWindow = null)
    {
        await WriteResultAsync(attempt, error, secondsPerWindow, nextWindow);
        await TellAsync(attempt);
    }

    /// <summary>Takes the next attempt of a lane and finishes it.</summary>
    public async Task<AttemptRequest> DoNextAsync(Lane lane)
    {
        var attempt = await TakeAsync(lane);
        await FinishAsync(attempt);
        return attempt;
    }

    /// <summary>Does prepare for a speech of so many windows.</summary>
    public Task<AttemptRequest> PrepareAsync(string talk, int windows) => PrepareAsync(talk, ((72L * windows) + 9) * 1920, []);

    /// <summary>Does prepare for a speech of so many samples.</summary>
    public async Task<AttemptRequest> PrepareAsync(string talk, long samples, IReadOnlyList<Silence> silences)
    {
        await Store.TryCreateJsonAsync(new TalkPaths(talk).Media, FactsOf(samples) with { Silences = silences }, Cancellation);
        return await DoNextAsync(Lane.Media);
    }

    /// <summary>What prepare would have measured of inputs without fault.</summary>
    public static MediaFacts FactsOf(long samples) => new()
    {
        PortraitSize = new FrameSize(640, 640),
        Faces = 1,
        SpeechSamples = samples,
        SpeechChannels = 1,
        SpeechPeakDb = -3,
        Warnings = [],
    };

    /// <summary>Does everything up to the point where a piece of so many windows' talk waits on the sample lane.</summary>
    public async Task<AttemptRequest> ReachSamplingAsync(string talk, int windows)
    {
        await PrepareAsync(talk, windows);
        await DoNextAsync(Lane.Embed);
        await DoNextAsync(Lane.Embed);
        return await TakeAsync(Lane.Sample);
    }

    /// <summary>Commits windows as a runner does.</summary>
    public async Task CommitAsync(string talk, params int[] windows)
    {
        foreach (var window in windows)
        {
            var file = new StoredFile("x", 1, "y");
            await Store.TryCreateJsonAsync(
                new TalkPaths(talk).Commit(0, window), new CommitRecord(window, "a", 72, file, file, "", 2)
                {
                    Used = [new GpuUse("A100", window + 1, 2 * (window + 1))],
                },
                Cancellation);
        }
    }

    /// <summary>How long it is until the one orchestration that waits looks next; waits until all of them have come to rest.</summary>
    public async Task<TimeSpan> NextLookAsync() => (await RestAsync()).Due - Clock.GetUtcNow().UtcDateTime;

    /// <summary>Moves the clock to the next look, and comes back when the timer has fired.</summary>
    /// <returns>How long the wait was.</returns>
    public async Task<TimeSpan> PassLookAsync()
    {
        var timer = await RestAsync();
        var wait = timer.Due - Clock.GetUtcNow().UtcDateTime;
        Clock.Advance(wait);
        await DurableHost.UntilAsync(() => Task.FromResult(!Timers().Contains(timer)));
        return wait;
    }

    /// <summary>Waits until a take has ended and its talk has taken note of it.</summary>
    public Task HeardOfTakeAsync(string talk, int take) => DurableHost.UntilAsync(async () =>
        await Durable.Client.GetInstanceAsync($"{talk}-take-{take:00}", Cancellation) is { IsCompleted: true } && Durable.Count("inbox") == 0);

    public Task<string> FailureOfAsync(string talk) => Durable.FailureOfAsync(talk);

    public async Task<TalkError> ErrorOfAsync(string talk) => TalkError.Parse(await Durable.FailureOfAsync(talk));

    public async ValueTask DisposeAsync()
    {
        await StopPumpAsync();
        await Durable.DisposeAsync();
        _queues.Dispose();
        _records.Dispose();
        _sender.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>The completions that nobody has taken.</summary>
    public Task<int> CompletionsAsync() => _queues.Completions.CountAsync(Cancellation);

    private CompletionPump NewPump() => new(_queues, Durable.Client, Clock, NullLogger<CompletionPump>.Instance);

    private async Task StopPumpAsync()
    {
        await _pump.StopAsync(CancellationToken.None);
        _pump.Dispose();
    }

    private async Task<(string Execution, int Task, DateTime Due)> RestAsync()
    {
        var timers = new List<(string, int, DateTime)>();
        await DurableHost.UntilAsync(async () =>
        {
            timers = Timers();
            return timers.Count == 1 && await CompletionsAsync() == 0 && Durable.Count("activities") + Durable.Count("inbox") == 0
                && Timers().SequenceEqual(timers);
        });
        return timers[0];
    }

    private List<(string Execution, int Task, DateTime Due)> Timers() => Durable.Store.Database.Read(() => Durable.Store.Database.Query(
        "SELECT execution, task, due FROM timers", row => (row.GetString(0), row.GetInt32(1), new DateTime(row.GetInt64(2), DateTimeKind.Utc))));
}
