using System.Text;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Json;
using WanTalk.Core.Preflight;
using WanTalk.Core.Talks;
using WanTalk.Core.Work;

namespace WanTalk.Local.Tests.Orchestration;

/// <summary>What a person sees of a talk that is under way.</summary>
public sealed class TalkViewSpecs
{
    [Fact]
    public async Task A_talk_is_queued_until_its_orchestration_has_run_and_running_from_then_on()
    {
        await using var host = await TalkHost.StartAsync();
        await host.Durable.StopAsync();
        var talk = await host.AcceptAsync();
        var queued = await host.ViewAsync(talk);
        Assert.Equal((TalkStatus.Queued, null, 0, null), (queued.Status, queued.Stage, queued.WindowsDone, queued.WindowsPlanned));
        await host.Durable.StartAsync();
        await host.TakeAsync(Lane.Media);
        var running = await host.ViewAsync(talk);
        Assert.Equal((TalkStatus.Running, "prepare"), (running.Status, running.Stage));
    }

    [Fact]
    public async Task The_stage_and_the_seconds_of_finished_stages_are_told()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        var prepare = await host.TakeAsync(Lane.Media);
        await host.NextLookAsync();
        Assert.Empty((await host.ViewAsync(talk)).StageSeconds);
        await host.BeatAsync(prepare);
        await host.PassLookAsync();
        await host.NextLookAsync();
        host.Clock.Advance(TimeSpan.FromSeconds(7));
        await host.FinishAsync(prepare, ErrorCode.EngineFailed);
        await host.PrepareAsync(talk, 3);
        await host.TakeAsync(Lane.Embed);
        var view = await host.ViewAsync(talk);
        Assert.Equal("separate", view.Stage);
        Assert.Equal(new Dictionary<string, double> { ["prepare"] = 17, ["plan"] = 0 }, view.StageSeconds);
        Assert.Equal((3, (72 * 3) + 9), (view.WindowsPlanned, view.VisibleFrames));
    }

    [Fact]
    public async Task Windows_are_done_when_they_are_committed_and_not_by_what_else_lies_there()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        var piece = await host.ReachSamplingAsync(talk, 6);
        var take = new TalkPaths(talk).Take(0);
        foreach (var name in (string[])["0000.abc-1.mp4", "0000.abc-1.checkpoint.safetensors", "0001.abc.json", "notes.json"])
            await host.Store.WriteJsonAsync(take / name, new { }, TalkHost.Cancellation);
        await host.BeatAsync(piece, window: 3, step: 5);
        var before = await host.ViewAsync(talk);
        Assert.Equal((0, 5, 6, null), (before.WindowsDone, before.Step, before.Steps, before.SecondsLeft));
        Assert.Equal([new TakeProgress(6, 0)], before.TakeProgress);
        for (var window = 0; window < 6; window++)
        {
            await host.CommitAsync(talk, window);
            var view = await host.ViewAsync(talk);
            Assert.Equal((window + 1, 2.0 * (5 - window)), (view.WindowsDone, view.SecondsLeft));
            Assert.Equal(8 + (88.0 * (window + 1) / 6), view.Percent, tolerance: 0.1);
        }
    }

    [Fact]
    public async Task A_talk_is_not_completed_and_has_no_video_before_it_is_published_to_the_end()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        var paths = new TalkPaths(talk);
        await host.FinishAsync(await host.ReachSamplingAsync(talk, 1), nextWindow: 1);
        await host.DoNextAsync(Lane.Media);
        var publish = await host.TakeAsync(Lane.Media);
        await host.Store.WriteJsonAsync(paths.VideoFacts, new VideoFacts(81, 1, "x"), TalkHost.Cancellation);
        await host.Store.WriteJsonAsync(paths.Published, new PublishedVideo("file:///talk.mp4", "k", "x"), TalkHost.Cancellation);
        var before = await host.ViewAsync(talk);
        Assert.Equal((TalkStatus.Running, "publish"), (before.Status, before.Stage));
        Assert.Empty(before.Video);
        Assert.Equal(98, before.Percent);
        await host.FinishAsync(publish);
        await host.Durable.EndOfAsync(talk);
        var after = await host.ViewAsync(talk);
        Assert.Equal((TalkStatus.Completed, 100), (after.Status, after.Percent));
        Assert.Equal(["file:///talk.mp4"], after.Video);
        Assert.Equal(["assemble", "embed", "plan", "prepare", "publish", "sample", "separate"], after.StageSeconds.Keys.Order());
    }

    [Fact]
    public async Task A_failed_talk_tells_its_code_and_the_stage_where_it_failed()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        await host.PrepareAsync(talk, 2);
        await host.FinishAsync(await host.TakeAsync(Lane.Embed), ErrorCode.EngineNotReady);
        await host.FailureOfAsync(talk);
        var view = await host.ViewAsync(talk);
        Assert.Equal((TalkStatus.Failed, ErrorCode.EngineNotReady, "separate"), (view.Status, view.Error!.Code, view.Stage));
        Assert.Empty(view.Video);
    }

    [Fact]
    public async Task What_preflight_found_is_told_while_a_talk_runs_and_when_it_was_stopped()
    {
        await using var host = await TalkHost.StartAsync();
        var values = new Dictionary<string, double> { ["faces"] = 2 };
        var several = new PreflightFinding("portrait_several_faces", PreflightSubject.Portrait, PreflightSeverity.Warning, "2 faces.", values);
        var running = await host.AcceptAsync();
        Assert.Empty((await host.ViewAsync(running)).Preflight);
        await host.Store.WriteJsonAsync(new TalkPaths(running).Media, TalkHost.FactsOf(1920 * 81) with { Preflight = [several] }, TalkHost.Cancellation);
        await host.DoNextAsync(Lane.Media);
        var finding = Assert.Single((await host.ViewAsync(running)).Preflight);
        Assert.Equal((several.Code, 2), (finding.Code, finding.Values["faces"]));
        Assert.Contains(
            "\"preflight\":[{\"code\":\"portrait_several_faces\",\"about\":\"portrait\",\"severity\":\"warning\",\"message\":\"2 faces.\",\"values\":{\"faces\":2}}]",
            Encoding.UTF8.GetString(CoreJson.ToBytes(await host.ViewAsync(running))));

        var stopped = await host.AcceptAsync();
        var error = PreflightReport.Of(new TalkError(ErrorCode.SpeechNoVoice, "Nobody speaks."), PreflightSubject.Speech);
        await host.Store.WriteJsonAsync(new TalkPaths(stopped).Preflight, new PreflightReport([several, error]), TalkHost.Cancellation);
        Assert.Empty((await host.ViewAsync(stopped)).Preflight);
        await host.FinishAsync(await host.TakeAsync(Lane.Media), ErrorCode.SpeechNoVoice);
        await host.FailureOfAsync(stopped);
        Assert.Equal(["portrait_several_faces", "speech_no_voice"], (await host.ViewAsync(stopped)).Preflight.Select(found => found.Code));
    }

    [Fact]
    public async Task A_talk_whose_media_facts_are_missing_fails_with_a_code_and_one_line()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        await host.DoNextAsync(Lane.Media);
        for (var retries = 0; retries < 4; retries++)
            await host.PassLookAsync();
        var error = await host.ErrorOfAsync(talk);
        Assert.Equal(ErrorCode.Internal, error.Code);
        Assert.Contains("media.json", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task A_talk_that_an_operator_ended_is_cancelled_in_the_view()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        await host.TakeAsync(Lane.Media);
        await host.Durable.Client.TerminateInstanceAsync(talk, "disk to be replaced", TalkHost.Cancellation);
        await host.Durable.EndOfAsync(talk);
        Assert.Equal(TalkStatus.Cancelled, (await host.ViewAsync(talk)).Status);
    }
}
