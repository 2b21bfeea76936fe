using System.Net.Http.Json;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.Core.Work;
using WanTalk.GpuRunner.Tests.Support;

namespace WanTalk.GpuRunner.Tests;

/// <summary>A container that is taken away: SIGTERM, and 30 seconds until it is killed. Programs as they are shipped, with real signals.</summary>
public sealed class SignalSpecs : IDisposable
{
    /// <summary>What container platforms give between SIGTERM and SIGKILL.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>A killed .NET process leaves its diagnostic sockets in the temporary folder, unless it has none.</summary>
    private static readonly Dictionary<string, string> Quiet = new() { ["DOTNET_EnableDiagnostics"] = "0" };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wantalk-signal-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Work_is_given_back_at_once_and_another_runner_goes_on_behind_the_last_window()
    {
        var talk = await SampledTalk.CreateAsync(_folder.FullName, 9, new FrameSize(128, 128));
        var piece = new Piece(0, 0, 3);
        AttemptRequest attempt;
        CommitRecord committed;
        await using (var first = Start())
        {
            foreach (var stage in (Stage[])[Stage.Prepare, Stage.Plan, Stage.Separate, Stage.Embed])
            {
                await first.DoAsync(talk, stage);
            }

            Assert.Equal(piece.Count, (await talk.PlanAsync()).Windows);
            using (var engine = new HttpClient { BaseAddress = first.EngineAddress })
            {
                using var armed = await engine.PostAsJsonAsync(
                    "understudy/faults", new { kind = "slow_window", window = 1, seconds = 600 }, Cancellation);
                armed.EnsureSuccessStatusCode();
            }

            attempt = talk.Attempt(Stage.Sample, piece);
            await new HostActivities(talk.Store, first.Queues, TimeProvider.System).HandOverAsync(attempt, Cancellation);
            await EngineBench.UntilAsync(() => talk.RecordsAsync().Result.Count == 1, RunnerProcess.Patience);
            committed = (await talk.RecordsAsync())[0];

            await EndAsync(first);

            Assert.Empty(first.Programs());
            Assert.False(await talk.Store.ExistsAsync(talk.Paths.Heartbeat(Stage.Sample, attempt.Work.Key, attempt.Work.Attempt), Cancellation));
            var lane = first.Queues.ForLane(Lane.Sample);
            var visible = await lane.ReceiveAsync(TimeSpan.FromSeconds(60), TimeSpan.Zero, Cancellation);
            Assert.NotNull(visible);
            await lane.RenewAsync(visible, TimeSpan.Zero, Cancellation);
        }

        await using var second = Start();
        var path = talk.Paths.AttemptResult(attempt.Work.Stage, attempt.Work.Key, attempt.Work.Attempt);
        await EngineBench.UntilAsync(() => talk.Store.ExistsAsync(path, Cancellation).Result, RunnerProcess.Patience);
        var result = await talk.Store.ReadJsonAsync<AttemptResult>(path, Cancellation);
        var records = await talk.RecordsAsync();
        Assert.Null(result.Error);
        Assert.EndsWith($"-{second.Id}", result.Runner, StringComparison.Ordinal);
        Assert.Equal((piece.Count, committed.Segment), (records.Count, records[0].Segment));
        await EndAsync(second);
    }

    [Fact]
    public async Task A_runner_of_the_media_lane_has_no_engine_and_ends_when_it_is_signalled()
    {
        await using var runner = RunnerProcess.StartWithoutEngine(
            _folder.FullName, new Dictionary<string, string>(Quiet) { ["WANTALK_LANES"] = "media" }, "--until-signalled");
        var talk = await SampledTalk.CreateAsync(_folder.FullName, 3, new FrameSize(128, 128));
        await runner.DoAsync(talk, Stage.Prepare);
        Assert.Equal(["WanTalk.GpuRunner"], runner.Programs().Keys);
        await EndAsync(runner, "INT");
    }

    private static async Task EndAsync(RunnerProcess runner, string signal = "TERM")
    {
        EngineBench.Signal(signal, runner.Id);
        using var grace = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        grace.CancelAfter(Grace);
        Assert.Equal(0, await runner.WaitForExitAsync(grace.Token));
    }

    private RunnerProcess Start() => RunnerProcess.Start(_folder.FullName, Quiet, "--until-signalled", "--shared-lanes", "true");
}
