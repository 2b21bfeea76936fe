using System.Text.Json;
using WanTalk.Core.Errors;
using WanTalk.Core.RunPod;
using WanTalk.Local.Tests.Durable;
using WanTalk.Ports;
using WanTalk.Webhooks;

namespace WanTalk.Api.Tests.RunPod;

/// <summary>What a job asks for beside its talk: how long it may wait and work, and who is told its end.</summary>
public sealed class PolicySpecs
{
    /// <summary>After this, by the host's clock, each limit of these tests has passed long ago.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_job_that_nobody_takes_within_its_ttl_times_out_to_the_second_and_can_be_retried()
    {
        await using var server = await JobServer.StartAsync();
        var id = await server.RunAsync(more: ""","policy":{"ttl":25000,"executionTimeout":60000,"lowPriority":true}""");
        var begun = server.Host.Clock.GetUtcNow();
        while (await server.StateAsync(id) == "IN_QUEUE")
        {
            await server.Host.PassLookAsync();
            await SettleAsync(server, id);
            Assert.InRange(server.Host.Clock.GetUtcNow() - begun, TimeSpan.Zero, Longest);
        }

        Assert.Equal(ErrorCode.TimedOut, (await server.Host.ErrorOfAsync(id)).Code);
        Assert.Equal(25, (server.Host.Clock.GetUtcNow() - begun).TotalSeconds);
        var status = await server.StatusAsync(id);
        Assert.Equal(("TIMED_OUT", 25000, 0), (
            status.GetProperty("status").GetString(), status.GetProperty("delayTime").GetInt64(), status.GetProperty("executionTime").GetInt64()));
        Assert.StartsWith("timed_out: ", status.GetProperty("error").GetString(), StringComparison.Ordinal);

        Assert.Equal(200, (await server.PostAsync($"talk/retry/{id}")).Status);
        Assert.Equal("IN_QUEUE", await server.StateAsync(id));
    }

    [Fact]
    public async Task A_job_that_is_at_work_for_longer_than_it_may_times_out_in_whatever_stage_it_is()
    {
        await using var server = await JobServer.StartAsync();
        var id = await server.RunAsync(more: ""","policy":{"ttl":10000,"executionTimeout":5000}""");
        server.Host.Clock.Advance(TimeSpan.FromSeconds(4));
        await server.StartedAsync(id);
        var piece = await server.Host.ReachSamplingAsync(id, windows: 2);
        await server.Host.BeatAsync(piece);
        var begun = server.Host.Clock.GetUtcNow();
        while (await server.StateAsync(id) == "IN_PROGRESS")
        {
            await server.Host.PassLookAsync();
            await server.Host.BeatAsync(piece);
            await SettleAsync(server, id);
            Assert.InRange(server.Host.Clock.GetUtcNow() - begun, TimeSpan.Zero, Longest);
        }

        Assert.Equal(ErrorCode.TimedOut, (await server.Host.ErrorOfAsync(id)).Code);
        Assert.Equal("TIMED_OUT", await server.StateAsync(id));
        var runner = await server.Host.ResultAsync(piece);
        Assert.Equal(ErrorCode.TimedOut, runner!.Error!.Code);
    }

    [Fact]
    public async Task A_job_without_a_policy_waits_and_works_for_as_long_as_it_takes()
    {
        await using var server = await JobServer.StartAsync();
        var id = await server.RunAsync();
        for (var look = 0; look < 8; look++)
        {
            await server.Host.PassLookAsync();
        }

        Assert.Equal("IN_QUEUE", await server.StateAsync(id));
    }

    [Fact]
    public async Task The_webhook_gets_the_body_of_status_and_is_called_twice_more_ten_seconds_apart_while_it_does_not_answer_200()
    {
        await using var server = await JobServer.StartAsync();
        await using var receiver = new WebhookReceiver(FreePorts.Take(1)[0]).Answer(500, 204, 200);
        var id = await server.RunAsync(more: $",\"webhook\":\"{receiver.Url}\"");
        var first = await server.TakeFirstAsync();
        await server.Host.FinishAsync(first, ErrorCode.SpeechSilent);
        await server.Host.ErrorOfAsync(id);
        for (var attempt = 1; attempt < RunPodWebhook.Patience.MaxNumberOfAttempts; attempt++)
        {
            Assert.Equal(TimeSpan.FromSeconds(10), await server.Host.PassLookAsync());
        }

        await DurableHost.UntilAsync(() => Task.FromResult(receiver.Received.Count == 3));
        var told = receiver.Received.ToList();
        Assert.Single(told.Select(call => call.Id).Distinct());
        Assert.All(told, call => Assert.Equal(told[0].Body, call.Body));
        Assert.Equal(Without(await server.StatusAsync(id)), Without(told[0].Json));
    }

    /// <summary>The times of a status that is asked for later are those of its own moment.</summary>
    private static string Without(JsonElement status) =>
        string.Join(',', status.EnumerateObject().Where(field => !field.Name.EndsWith("Time", StringComparison.Ordinal)).Select(field => field.ToString()));

    /// <summary>Waits until what the look found is done with: the talk waits again, or is being ended.</summary>
    private static Task SettleAsync(JobServer server, string id) => DurableHost.UntilAsync(async () =>
        server.Host.Durable.Count("timers") > 0
        || (await server.Host.Durable.Client.GetInstanceAsync(id, TestContext.Current.CancellationToken))!.IsCompleted);
}
