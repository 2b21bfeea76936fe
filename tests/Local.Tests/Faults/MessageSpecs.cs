using WanTalk.Core.Stages;
using WanTalk.Local.Tests.Faults.Support;

namespace WanTalk.Local.Tests.Faults;

/// <summary>
/// Messages between host and runner come twice, late or never, whether they hand work over or tell that it is done. A talk comes to its
/// video all the same, and nothing is done twice for it.
/// </summary>
[Collection(WholeTalks.Collection)]
public sealed class MessageSpecs(WholeTalks talks)
{
    [Theory]
    [InlineData(false, Arrival.Twice)]
    [InlineData(false, Arrival.Late)]
    [InlineData(false, Arrival.Never)]
    [InlineData(true, Arrival.Twice)]
    [InlineData(true, Arrival.Late)]
    [InlineData(true, Arrival.Never)]
    public Task A_talk_has_the_same_bytes_and_each_piece_of_work_is_done_once(bool azure, Arrival arrival) =>
        CarryAsync(azure, () => arrival);

    [Theory]
    [InlineData(false, 20261201)]
    [InlineData(true, 20261202)]
    public Task So_it_is_when_they_come_as_they_like(bool azure, int seed)
    {
        var random = new Random(seed);
        return CarryAsync(azure, () => (Arrival)random.Next(4));
    }

    private async Task CarryAsync(bool azure, Func<Arrival> arrivals)
    {
        await using var host = await FullHost.StartAsync(await talks.ServerAsync(azure), arrivals);
        await host.AddRunnerAsync("runner", talks.Engine);
        var prompts = await talks.Engine.CountPromptsAsync();
        var talk = await host.AcceptAsync(talks);

        Assert.Equal(talks.Undisturbed, await host.VideoAsync(talk));

        await host.QuietAsync(talks.Engine);
        Assert.Equal(2, (await host.OneChainAsync(talk)).Count);
        Assert.Equal(
            [Stage.Prepare, Stage.Separate, Stage.Embed, Stage.Sample, Stage.Assemble, Stage.Publish],
            (await host.AttemptsAsync(talk)).Select(attempt => attempt.Work.Stage));
        Assert.Equal(prompts + talks.UndisturbedPrompts, await talks.Engine.CountPromptsAsync());
    }
}
