using WanTalk.Core.Errors;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Talks;
using WanTalk.Core.Work;
using WanTalk.Local.Durable;

namespace WanTalk.Local.Tests.Orchestration;

/// <summary>A talk is under way when its host is replaced by another version. It is refused with a reason, and loses nothing by it.</summary>
public sealed class ChangedOrchestrationSpecs
{
    private static readonly Version Older = new(0, 9);
    private static readonly Version Own = Version.Parse(TalkOrchestration.Version);
    private static readonly Version Newer = new(Own.Major + 1, 0);

    [Fact]
    public async Task A_talk_whose_orchestration_goes_another_way_now_is_refused_and_a_retry_goes_on_from_what_is_stored()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        var piece = await host.ReachSamplingAsync(talk, 2);
        await host.CommitAsync(talk, 0);
        var registry = host.Durable.Registry;
        await host.RestartAsync(Newer, Changed(host, TalkOrchestration.Name));
        await host.Control.CancelAsync(talk, TalkHost.Cancellation);

        var error = await host.ErrorOfAsync(talk);
        Assert.Equal(ErrorCode.OrchestrationChanged, error.Code);
        Assert.Contains($"version {Own}; {Newer}", error.Message, StringComparison.Ordinal);
        Assert.Equal(error, (await host.ViewAsync(talk)).Error);

        await host.RestartAsync(Newer, registry);
        Assert.True(await host.Control.RetryAsync(talk, TalkHost.Cancellation));
        var again = await host.ReachSamplingAsync(talk, 2);
        Assert.Equal(piece.Piece, again.Piece);
        Assert.Equal((TalkStatus.Running, 1), ((await host.ViewAsync(talk)).Status, (await host.ViewAsync(talk)).WindowsDone));
        await host.FinishAsync(again, nextWindow: 2);
        await host.DoNextAsync(Lane.Media);
        await host.DoNextAsync(Lane.Media);
        Assert.Equal(OrchestrationStatus.Completed, (await host.Durable.EndOfAsync(talk)).Status);
    }

    [Fact]
    public async Task A_talk_that_a_newer_host_began_is_refused_by_an_older_one()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        var prepare = await host.TakeAsync(Lane.Media);
        await host.RestartAsync(Older);
        await host.FinishAsync(prepare);

        var error = await host.ErrorOfAsync(talk);
        Assert.Equal(ErrorCode.OrchestrationChanged, error.Code);
        Assert.Contains($"version {Own}; this host carries {Older}", error.Message, StringComparison.Ordinal);
        Assert.Equal((TalkStatus.Failed, "prepare"), ((await host.ViewAsync(talk)).Status, (await host.ViewAsync(talk)).Stage));
    }

    [Theory]
    [InlineData(TakeOrchestration.Name, true, ErrorCode.OrchestrationChanged)]
    [InlineData(BlockOrchestration.Name, true, ErrorCode.OrchestrationChanged)]
    [InlineData(BlockOrchestration.Name, false, ErrorCode.OrchestrationNondeterministic)]
    public async Task A_change_below_the_talk_ends_it_with_the_same_code(string name, bool isAnotherVersion, ErrorCode expected)
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await host.AcceptAsync();
        var piece = await host.ReachSamplingAsync(talk, 1);
        await host.RestartAsync(isAnotherVersion ? Newer : Own, Changed(host, name));
        await host.FinishAsync(piece, nextWindow: 1);

        var error = await host.ErrorOfAsync(talk);
        Assert.Equal(expected, error.Code);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    /// <summary>The code of another version, which begins one of its orchestrations with a timer of its own.</summary>
    private static DurableRegistry Changed(TalkHost host, string name)
    {
        return new DurableRegistry()
            .AddActivity<LookRequest, Sighting>(ActivityNames.Look, host.Activities.LookAsync)
            .AddOrchestrator<TalkInput, bool>(TalkOrchestration.Name, Code<TalkInput, bool>(TalkOrchestration.Name, TalkOrchestration.RunAsync))
            .AddOrchestrator<TakeInput, SamplingOutcome>(
                TakeOrchestration.Name, Code<TakeInput, SamplingOutcome>(TakeOrchestration.Name, TakeOrchestration.RunAsync))
            .AddOrchestrator<BlockInput, SamplingOutcome>(
                BlockOrchestration.Name, Code<BlockInput, SamplingOutcome>(BlockOrchestration.Name, BlockOrchestration.RunAsync));

        Func<IOrchestrationContext, TIn, Task<TOut>> Code<TIn, TOut>(string own, Func<IOrchestrationContext, TIn, Task<TOut>> run) =>
            own != name
                ? run
                : async (context, input) =>
                {
                    await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                    return await run(context, input);
                };
    }
}
