using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.Core.Work;

namespace WanTalk.Local.Tests.Orchestration;

/// <summary>How a take is cut into pieces, and its pieces into blocks.</summary>
public sealed class SamplingSpecs
{
    [Fact]
    public async Task A_take_of_many_pieces_runs_in_blocks_of_at_most_ten()
    {
        const int Windows = 27;
        await using var host = await TalkHost.StartAsync();
        var take = await StartTakeAsync(host, Windows);
        var pieces = new List<AttemptRequest>();
        for (var next = 0; next < Windows; next = pieces[^1].Piece!.FirstWindow + pieces[^1].Piece!.Count)
        {
            pieces.Add(await host.TakeAsync(Lane.Sample));
            Assert.Equal(next, pieces[^1].Piece!.FirstWindow);
            await host.FinishAsync(pieces[^1], secondsPerWindow: 300);
        }

        // The first piece is a guess of four windows; at five minutes a window, the others have one.
        Assert.Equal(24, pieces.Count);
        Assert.Equal(Windows, (await host.Durable.OutputOfAsync<SamplingOutcome>(take)).NextWindow);
        Assert.Equal([10, 10, 4], pieces.GroupBy(piece => piece.Reply.Instance).Select(block => block.Count()));
        Assert.All(pieces, piece => Assert.StartsWith($"{take}-block-", piece.Reply.Instance, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_next_pieces_size_follows_the_last_measurement_even_across_blocks()
    {
        await using var host = await TalkHost.StartAsync();
        var take = await StartTakeAsync(host, 1000);
        var sizes = new List<int>();
        foreach (var seconds in (double?[])[null, 100, 30, null, 1, 1000])
        {
            var piece = await host.TakeAsync(Lane.Sample);
            sizes.Add(piece.Piece!.Count);
            await host.FinishAsync(piece, secondsPerWindow: seconds);
        }

        sizes.Add((await host.TakeAsync(Lane.Sample)).Piece!.Count);
        Assert.Equal([4, 4, 3, 10, 10, 64, 1], sizes);
        Assert.Equal(OrchestrationStatus.Running, (await host.Durable.Client.GetInstanceAsync(take, TalkHost.Cancellation))!.Status);
    }

    [Fact]
    public async Task A_runner_that_finds_more_windows_committed_than_it_was_given_skips_ahead()
    {
        await using var host = await TalkHost.StartAsync();
        var take = await StartTakeAsync(host, 20);
        await host.FinishAsync(await host.TakeAsync(Lane.Sample), nextWindow: 17);
        var piece = await host.TakeAsync(Lane.Sample);
        Assert.Equal(new Piece(0, 17, 3), piece.Piece);
        await host.FinishAsync(piece, nextWindow: 20);
        Assert.Equal(20, (await host.Durable.OutputOfAsync<SamplingOutcome>(take)).NextWindow);
    }

    [Fact]
    public async Task A_piece_that_fails_for_good_ends_the_take_with_its_code_and_no_other_piece_is_handed_over()
    {
        await using var host = await TalkHost.StartAsync();
        var take = await StartTakeAsync(host, 20);
        await host.FinishAsync(await host.TakeAsync(Lane.Sample), nextWindow: 4);
        await host.FinishAsync(await host.TakeAsync(Lane.Sample), ErrorCode.EngineRefused);
        var outcome = await host.Durable.OutputOfAsync<SamplingOutcome>(take);
        Assert.Equal((4, ErrorCode.EngineRefused), (outcome.NextWindow, outcome.Error!.Code));
        Assert.Null(await host.TryTakeAsync(Lane.Sample));
    }

    [Fact]
    public async Task A_runner_that_loses_windows_to_one_that_was_given_up_and_lives_uses_up_no_attempt()
    {
        await using var host = await TalkHost.StartAsync();
        var take = await StartTakeAsync(host, 4);
        ErrorCode?[] causes =
        [
            ErrorCode.CommitConflict, ErrorCode.CommitConflict, ErrorCode.EngineFailed, ErrorCode.CommitConflict, ErrorCode.EngineFailed, null,
        ];
        foreach (var cause in causes)
        {
            await host.FinishAsync(await host.TakeAsync(Lane.Sample), cause);
        }

        var outcome = await host.Durable.OutputOfAsync<SamplingOutcome>(take);
        Assert.Equal((4, null), (outcome.NextWindow, outcome.Error));
    }

    [Fact]
    public async Task Losses_that_no_window_can_explain_use_up_the_attempts()
    {
        await using var host = await TalkHost.StartAsync();
        var take = await StartTakeAsync(host, 2);
        for (var losses = 0; losses < 2 + TalkHost.Rules.MaxAttempts; losses++)
        {
            await host.FinishAsync(await host.TakeAsync(Lane.Sample), ErrorCode.CommitConflict);
        }

        Assert.Equal(ErrorCode.AttemptsExhausted, (await host.Durable.OutputOfAsync<SamplingOutcome>(take)).Error!.Code);
    }

    [Fact]
    public async Task A_plan_is_written_once_and_a_talk_keeps_the_one_it_has()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        var paths = new TalkPaths(talk);
        var old = Core.Plans.TalkPlanner.Plan(((72 * 2) + 9) * 1920, FrameSize.Default) with { Version = 0 };
        await host.Store.TryCreateJsonAsync(paths.Plan, old, TalkHost.Cancellation);
        var piece = await host.ReachSamplingAsync(talk, 7);
        Assert.Equal(new Piece(0, 0, 2), piece.Piece);
        Assert.Equal(2, (await host.ViewAsync(talk)).WindowsPlanned);
        Assert.Equal(0, (await host.Store.ReadJsonAsync<Core.Plans.TalkPlan>(paths.Plan, TalkHost.Cancellation)).Version);
    }

    [Fact]
    public async Task The_stages_come_in_their_order_and_each_on_its_lane()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        List<AttemptRequest> done = [await host.PrepareAsync(talk, 1), await host.DoNextAsync(Lane.Embed), await host.DoNextAsync(Lane.Embed)];
        done.Add(await host.TakeAsync(Lane.Sample));
        await host.FinishAsync(done[^1], nextWindow: 1);
        done.AddRange([await host.DoNextAsync(Lane.Media), await host.DoNextAsync(Lane.Media)]);
        Assert.Equal(
            [Stage.Prepare, Stage.Separate, Stage.Embed, Stage.Sample, Stage.Assemble, Stage.Publish], done.Select(attempt => attempt.Work.Stage));
        Assert.Equal(["talk", "talk", "talk", "00-0000", "talk", "talk"], done.Select(attempt => attempt.Work.Key));
        Assert.True(await host.Durable.OutputOfAsync<bool>(talk));
    }

    private static async Task<string> StartTakeAsync(TalkHost host, int windows)
    {
        var talk = TalkId.New();
        var take = $"{talk}-take-00";
        await host.Durable.ScheduleAsync(TakeOrchestration.Name, take, new TakeInput(talk, TalkHost.Rules, 0, windows));
        return take;
    }
}
