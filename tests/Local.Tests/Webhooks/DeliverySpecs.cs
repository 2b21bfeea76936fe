using System.Text;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Webhooks;
using WanTalk.Local.Tests.Orchestration;
using WanTalk.Ports;
using WanTalk.Webhooks;

namespace WanTalk.Local.Tests.Webhooks;

/// <summary>How a webhook reaches a receiver that is not in order, on a clock that the test moves.</summary>
public sealed class DeliverySpecs
{
    private readonly int _port = FreePorts.Take(1)[0];

    [Fact]
    public async Task It_is_tried_again_behind_growing_pauses_with_the_same_id_and_body_and_a_new_signature()
    {
        await using var receiver = new WebhookReceiver(_port).Answer(500, 404, 200);
        await using var host = await TalkHost.StartAsync();
        await CalledTalk.FailAsync(host, receiver.Url);
        foreach (var pause in (int[])[5, 10])
        {
            Assert.Equal(TimeSpan.FromSeconds(pause), await host.PassLookAsync());
        }

        Assert.Equal(new WebhookReport(WebhookOutcome.Delivered, 3, "Answered 200."), await CalledTalk.ReportAsync(host));
        Assert.Equal(3, receiver.Received.Count);
        Assert.Single(receiver.Received.Select(told => (told.Id, Encoding.UTF8.GetString(told.Body))).Distinct());
        Assert.Equal(3, receiver.Received.Select(told => told.Timestamp).Distinct().Count());
        Assert.All(receiver.Received, told => Assert.True(told.IsGenuine(TalkHost.Secrets[1], host.Clock.GetUtcNow())));
    }

    [Fact]
    public async Task A_receiver_that_is_down_for_long_hears_of_it_when_it_is_back_also_from_a_host_that_was_killed_meanwhile()
    {
        await using var host = await TalkHost.StartAsync();
        await CalledTalk.FailAsync(host, WebhookReceiver.UrlOf(_port));
        await host.PassLookAsync();
        await host.NextLookAsync();
        host.Durable.Crash();
        await host.Durable.StartAsync();
        await host.PassLookAsync();

        await host.NextLookAsync();
        await using var receiver = new WebhookReceiver(_port);
        await host.PassLookAsync();
        Assert.True((await CalledTalk.NextAsync(receiver, 1)).IsGenuine(TalkHost.Secrets[0], host.Clock.GetUtcNow()));
        Assert.Equal((WebhookOutcome.Delivered, 4), ((await CalledTalk.ReportAsync(host)).Outcome, (await CalledTalk.ReportAsync(host)).Attempts));
    }

    [Fact]
    public async Task It_is_given_up_behind_twenty_attempts_over_more_than_a_day()
    {
        await using var host = await TalkHost.StartAsync();
        await CalledTalk.FailAsync(host, WebhookReceiver.UrlOf(_port));
        var waited = TimeSpan.Zero;
        for (var attempt = 1; attempt < 20; attempt++)
        {
            waited += await host.PassLookAsync();
        }

        Assert.InRange(waited.TotalHours, 24, 30);
        var report = await CalledTalk.ReportAsync(host);
        Assert.Equal((WebhookOutcome.Failed, 20), (report.Outcome, report.Attempts));
        Assert.Contains("cannot be connected to", report.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receiver_that_is_gone_for_good_is_called_no_more_for_this_talk()
    {
        await using var receiver = new WebhookReceiver(_port).Answer(410);
        await using var host = await TalkHost.StartAsync();
        var talk = await CalledTalk.FailAsync(host, receiver.Url);
        Assert.Equal(new WebhookReport(WebhookOutcome.Disabled, 1, "Answered 410."), await CalledTalk.ReportAsync(host));

        await host.Control.RetryAsync(talk, TalkHost.Cancellation);
        await CalledTalk.CompleteAsync(host, talk);
        var query = new OrchestrationQuery([OrchestrationStatus.Completed], Name: WebhookOrchestration.Name);
        await Durable.DurableHost.UntilAsync(async () =>
            await host.Durable.Client.GetAllInstancesAsync(query, TalkHost.Cancellation).CountAsync(TalkHost.Cancellation) == 2);
        Assert.Single(receiver.Received);

        var other = await CalledTalk.FailAsync(host, receiver.Url);
        Assert.Equal(other, (await CalledTalk.NextAsync(receiver, 2)).Json.GetProperty("data").GetProperty("id").GetString());
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_a_failure_and_nobody_is_called_there(int status)
    {
        await using var elsewhere = new WebhookReceiver(FreePorts.Take(1)[0]);
        await using var receiver = new WebhookReceiver(_port);
        receiver.Answers.Enqueue((status, "Location", elsewhere.Url));
        await using var host = await TalkHost.StartAsync();
        await CalledTalk.FailAsync(host, receiver.Url);

        Assert.Equal(TimeSpan.FromSeconds(5), await host.PassLookAsync());
        Assert.Equal((WebhookOutcome.Delivered, 2), ((await CalledTalk.ReportAsync(host)).Outcome, (await CalledTalk.ReportAsync(host)).Attempts));
        Assert.Empty(elsewhere.Received);
    }

    [Theory]
    [InlineData(503, "100", 100)]
    [InlineData(429, "1", 5)]
    [InlineData(503, "99999999", 10800)]
    [InlineData(503, "Mon, 01 Jan 2001 00:00:00 GMT", 5)]
    [InlineData(503, "soon", 5)]
    public async Task A_receiver_may_ask_for_a_longer_pause_within_reason(int status, string retryAfter, int seconds)
    {
        await using var receiver = new WebhookReceiver(_port);
        receiver.Answers.Enqueue((status, "Retry-After", retryAfter));
        await using var host = await TalkHost.StartAsync();
        await CalledTalk.FailAsync(host, receiver.Url);

        Assert.Equal(TimeSpan.FromSeconds(seconds), await host.PassLookAsync());
        await CalledTalk.NextAsync(receiver, 2);
    }

    [Theory]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://[::ffff:169.254.169.254]/")]
    public async Task A_private_address_that_no_operator_named_is_never_called_and_not_tried_again(string url)
    {
        await using var receiver = new WebhookReceiver(_port);
        await using var host = await TalkHost.StartAsync();
        await CalledTalk.FailAsync(host, url.Replace("{0}", $"{_port}", StringComparison.Ordinal));

        var report = await CalledTalk.ReportAsync(host);
        Assert.Equal((WebhookOutcome.Forbidden, 1), (report.Outcome, report.Attempts));
        Assert.Contains("not on the public internet", report.What, StringComparison.Ordinal);
        Assert.Empty(receiver.Received);
    }

    [Fact]
    public async Task A_talk_that_was_deleted_is_told_of_no_more()
    {
        await using var receiver = new WebhookReceiver(_port).Answer(500);
        await using var host = await TalkHost.StartAsync();
        var talk = await CalledTalk.FailAsync(host, receiver.Url);
        await host.NextLookAsync();
        await host.Control.DeleteAsync(talk, TalkHost.Cancellation);
        await host.PassLookAsync();

        Assert.Equal((WebhookOutcome.Gone, 2), ((await CalledTalk.ReportAsync(host)).Outcome, (await CalledTalk.ReportAsync(host)).Attempts));
        Assert.Single(receiver.Received);
    }
}
