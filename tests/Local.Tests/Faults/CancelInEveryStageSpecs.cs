using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.Local.Tests.Faults.Support;

namespace WanTalk.Local.Tests.Faults;

/// <summary>A talk is cancelled while a stage is at its work, and retried: it comes to the same video, and does nothing again that was done.</summary>
[Collection(WholeTalks.Collection)]
public sealed class CancelInEveryStageSpecs(WholeTalks talks)
{
    [Theory]
    [InlineData(Stage.Prepare, 0)]
    [InlineData(Stage.Separate, 2)]
    [InlineData(Stage.Embed, 3)]
    [InlineData(Stage.Sample, 5)]
    [InlineData(Stage.Assemble, 6)]
    [InlineData(Stage.Publish, 7)]
    public async Task Its_work_stops_and_the_retry_goes_on_behind_what_was_done(Stage stage, int done)
    {
        await using var host = await FullHost.StartAsync();
        var talk = await ReachAsync(host, stage);

        await host.Control.CancelAsync(talk, FullHost.TestEnd);

        var view = await host.EndOfAsync(talk);
        Assert.Equal((TalkStatus.Cancelled, ErrorCode.Cancelled, StageNames.Of(stage)), (view.Status, view.Error!.Code, view.Stage));
        await host.QuietAsync(talks.Engine);
        var before = await DoneAsync(host, talk);
        Assert.Equal(done, before.Count);

        Assert.True(await host.Control.RetryAsync(talk, FullHost.TestEnd));
        Assert.Equal(talks.Undisturbed, await host.VideoAsync(talk));
        var after = await DoneAsync(host, talk);
        Assert.Equal(before, before.Keys.ToDictionary(path => path, path => after[path]));
    }

    [Theory]
    [InlineData(Stage.Prepare)]
    [InlineData(Stage.Sample)]
    public async Task A_retry_that_comes_before_the_runner_has_seen_the_cancellation_does_not_wait_behind_the_old_work(Stage stage)
    {
        await using var host = await FullHost.StartAsync();
        var talk = await ReachAsync(host, stage);
        var old = (await host.AttemptsAsync(talk))[^1];

        await host.Control.CancelAsync(talk, FullHost.TestEnd);
        Assert.Equal(TalkStatus.Cancelled, (await host.EndOfAsync(talk)).Status);
        Assert.True(await host.Control.RetryAsync(talk, FullHost.TestEnd));

        Assert.Equal(talks.Undisturbed, await host.VideoAsync(talk));
        Assert.Equal(ErrorCode.Cancelled, (await host.ResultAsync(old))!.Error!.Code);
        await host.QuietAsync(talks.Engine);
        await host.OneChainAsync(talk);
    }

    /// <summary>Has a talk made up to the middle of a stage, which would last for ever.</summary>
    private async Task<string> ReachAsync(FullHost host, Stage stage)
    {
        var talk = await host.AcceptAsync(talks);
        var paths = new TalkPaths(talk);
        switch (stage)
        {
            case Stage.Prepare:
                host.RunnerStore.HaltWriting(paths.Speech);
                break;
            case Stage.Separate:
                await talks.Engine.ArmAsync(new { kind = "slow_node", node = "AudioSeparation", seconds = 600 });
                break;
            case Stage.Embed:
                await talks.Engine.ArmAsync(new { kind = "slow_node", node = "MultiTalkWav2VecEmbeds", seconds = 600 });
                break;
            case Stage.Sample:
                await talks.Engine.ArmAsync(new { kind = "slow_window", window = 1, seconds = 600 });
                break;
            case Stage.Assemble:
                host.RunnerStore.HaltWriting(paths.Video);
                break;
            default:
                host.RunnerStore.HaltReading(paths.Video);
                break;
        }

        await host.AddRunnerAsync("runner", talks.Engine);
        await (stage is Stage.Separate or Stage.Embed or Stage.Sample ? talks.Engine.StruckAsync() : host.RunnerStore.Reached);
        if (stage == Stage.Sample)
        {
            await FullHost.UntilAsync(async () => (await host.ViewAsync(talk)).WindowsDone == 1);
        }

        return talk;
    }

    /// <summary>What says that stages and windows are done, and when it was written.</summary>
    private static async Task<Dictionary<ArtifactPath, DateTimeOffset>> DoneAsync(FullHost host, string talk)
    {
        var paths = new TalkPaths(talk);
        var done = new Dictionary<ArtifactPath, DateTimeOffset>();
        foreach (var path in (ArtifactPath[])
        [
            paths.Media, paths.Plan, paths.Vocals, paths.Conditioning, paths.Commit(0, 0), paths.Commit(0, 1), paths.VideoFacts,
        ])
        {
            if (await host.Store.GetPropertiesAsync(path, FullHost.TestEnd) is { } found)
            {
                done.Add(path, found.LastModified);
            }
        }

        return done;
    }
}
