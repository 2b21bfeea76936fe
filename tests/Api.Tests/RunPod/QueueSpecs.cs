using WanTalk.Core.Errors;

namespace WanTalk.Api.Tests.RunPod;

/// <summary>The jobs of an endpoint, taken together.</summary>
public sealed class QueueSpecs
{
    [Fact]
    public async Task Health_counts_the_endpoints_jobs_and_the_runners_at_them()
    {
        await using var server = await JobServer.StartAsync();
        await server.RunAsync();
        var failing = await server.TakeFirstAsync();
        await server.Host.FinishAsync(failing, ErrorCode.SpeechSilent);
        await server.Host.ErrorOfAsync(failing.Work.Talk);
        await server.RunAsync();
        await server.TakeFirstAsync();
        var cancelled = await server.RunAsync();
        await server.PostAsync($"talk/cancel/{cancelled}");
        await server.Host.ErrorOfAsync(cancelled);
        await server.RunAsync();
        await server.RunAsync("other");

        var (status, health) = await server.GetAsync("talk/health");
        Assert.Equal(200, status);
        Assert.Equal(
            """{"jobs":{"completed":0,"failed":1,"inProgress":1,"inQueue":1,"retried":0},"workers":{"idle":0,"running":1}}""", health.GetRawText());
        Assert.Equal(
            """{"jobs":{"completed":0,"failed":0,"inProgress":0,"inQueue":1,"retried":0},"workers":{"idle":0,"running":0}}""",
            (await server.GetAsync("other/health")).Body.GetRawText());
    }

    [Fact]
    public async Task Purging_cancels_what_is_queued_at_the_endpoint_and_nothing_else()
    {
        await using var server = await JobServer.StartAsync();
        await server.RunAsync();
        var taken = (await server.TakeFirstAsync()).Work.Talk;
        string[] queued = [await server.RunAsync(), await server.RunAsync()];
        var elsewhere = await server.RunAsync("other");
        var ours = await server.Host.AcceptAsync();

        var (status, purged) = await server.PostAsync("talk/purge-queue");
        Assert.Equal((200, """{"removed":2,"status":"completed"}"""), (status, purged.GetRawText()));
        Assert.Equal(["CANCELLED", "CANCELLED"], [await server.StateAsync(queued[0]), await server.StateAsync(queued[1])]);
        Assert.Equal(
            ["IN_PROGRESS", "IN_QUEUE", "IN_QUEUE"],
            [await server.StateAsync(taken), await server.StateAsync(elsewhere), await server.StateAsync(ours)]);
        Assert.Equal(0, (await server.PostAsync("talk/purge-queue")).Body.GetProperty("removed").GetInt32());
    }
}
