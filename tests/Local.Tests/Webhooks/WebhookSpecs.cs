using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Talks;
using WanTalk.Core.Webhooks;
using WanTalk.Core.Work;
using WanTalk.Local.Tests.Durable;
using WanTalk.Local.Tests.Orchestration;
using WanTalk.Ports;
using WanTalk.Webhooks;

namespace WanTalk.Local.Tests.Webhooks;

/// <summary>What who gave a webhook_url hears, and that nobody else can make him believe it.</summary>
public sealed class WebhookSpecs : IAsyncDisposable
{
    private readonly WebhookReceiver _receiver = new(FreePorts.Take(1)[0]);

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    [Fact]
    public async Task A_completed_talk_is_told_once_signed_with_each_secret_and_with_what_its_caller_needs()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await CalledTalk.AcceptAsync(host, _receiver.Url);
        await CalledTalk.CompleteAsync(host, talk);

        var told = await CalledTalk.NextAsync(_receiver, 1);
        Assert.Equal(("POST /hook?key=s3cret", "application/json"), (told.Request, told.ContentType));
        Assert.All(TalkHost.Secrets, secret => Assert.True(told.IsGenuine(secret, host.Clock.GetUtcNow())));
        Assert.False(told.IsGenuine("whsec_c29tZWJvZHkgZWxzZSdzIHNlY3JldCBoZXJl", host.Clock.GetUtcNow()));
        Assert.False(told.IsGenuine(TalkHost.Secrets[0], host.Clock.GetUtcNow().AddMinutes(6)));
        Assert.False((told with { Body = [.. told.Body, (byte)' '] }).IsGenuine(TalkHost.Secrets[0], host.Clock.GetUtcNow()));
        Assert.DoesNotContain('.', told.Id);
        var (json, data) = (told.Json, told.Json.GetProperty("data"));
        Assert.Equal(("talk.completed", host.Clock.GetUtcNow()), (told.Type, json.GetProperty("timestamp").GetDateTimeOffset()));
        Assert.Equal((talk, "completed", 5), (data.GetProperty("id").GetString(), data.GetProperty("status").GetString(), data.GetProperty("seed").GetInt64()));
        Assert.Equal("Größe 7", data.GetProperty("metadata").GetProperty("order").GetString());
        Assert.Equal($"https://videos.example/{talk}.mp4", Assert.Single(data.GetProperty("video").EnumerateArray()).GetString());
        Assert.Equal((1, 1), (data.GetProperty("windows_done").GetInt32(), data.GetProperty("windows_planned").GetInt32()));
        Assert.Equal(640, data.GetProperty("effective_size").GetProperty("width").GetInt32());
        Assert.False(data.TryGetProperty("error", out _));
        Assert.Equal(new WebhookReport(WebhookOutcome.Delivered, 1, "Answered 204."), await CalledTalk.ReportAsync(host));
    }

    [Theory]
    [InlineData(true, "talk.cancelled", "cancelled", "cancelled")]
    [InlineData(false, "talk.failed", "failed", "speech_silent")]
    public async Task An_end_without_a_video_is_told_with_its_code(bool cancel, string type, string status, string code)
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await CalledTalk.AcceptAsync(host, _receiver.Url);
        if (cancel)
        {
            await host.TakeAsync(Lane.Media);
            await host.Control.CancelAsync(talk, TalkHost.Cancellation);
        }
        else
        {
            await CalledTalk.FailPrepareAsync(host, talk);
        }

        var told = await CalledTalk.NextAsync(_receiver, 1);
        var data = told.Json.GetProperty("data");
        Assert.Equal((type, status), (told.Type, data.GetProperty("status").GetString()));
        Assert.Equal(code, data.GetProperty("error").GetProperty("code").GetString());
        Assert.Empty(data.GetProperty("video").EnumerateArray());
    }

    [Fact]
    public async Task A_talk_that_is_retried_has_another_end_and_another_webhook()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await CalledTalk.FailAsync(host, _receiver.Url);
        var first = await CalledTalk.NextAsync(_receiver, 1);
        await host.Control.RetryAsync(talk, TalkHost.Cancellation);
        await CalledTalk.FailPrepareAsync(host, talk);

        Assert.NotEqual(first.Id, (await CalledTalk.NextAsync(_receiver, 2)).Id);
    }

    [Fact]
    public async Task Events_that_were_not_asked_for_are_not_told()
    {
        await using var host = await TalkHost.StartAsync();
        await CalledTalk.FailAsync(host, _receiver.Url, WebhookEvents.Completed, WebhookEvents.Progress);

        Assert.Empty(await WebhooksOfAsync(host));
        Assert.Empty(_receiver.Received);
    }

    [Fact]
    public async Task A_broker_that_is_away_does_not_hold_a_webhook_up_nor_a_receiver_a_reply()
    {
        await using var host = await TalkHost.StartAsync();
        host.Replies.Failures = 1;
        _receiver.Answer(204, 500);
        var body = $$"""{"image_url": "https://example.com/p.png", "audio_url": "https://example.com/s.wav", "webhook_url": "{{_receiver.Url}}"}""";
        await FailAsync("m1");
        await CalledTalk.NextAsync(_receiver, 1);
        Assert.Empty(host.Replies.Sent);
        await host.PassLookAsync();
        await DurableHost.UntilAsync(() => Task.FromResult(host.Replies.Sent.Count == 1));

        await FailAsync("m2");
        await CalledTalk.NextAsync(_receiver, 2);
        await DurableHost.UntilAsync(() => Task.FromResult(host.Replies.Sent.Count == 2));

        async Task FailAsync(string id) => await CalledTalk.FailPrepareAsync(
            host, (await host.HandleAsync(MessageSpecs.Message(body) with { MessageId = id, ReplyTo = "ends" })).Talk!);
    }

    [Fact]
    public async Task Progress_is_told_to_who_asks_for_it_when_windows_were_committed_and_not_too_often()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = await CalledTalk.AcceptAsync(host, _receiver.Url, WebhookEvents.Progress);
        var piece = await host.ReachSamplingAsync(talk, 4);
        Assert.Equal(10, await LookAsync());
        // The look itself comes behind its timer; what is committed before it is over it may see.
        await host.NextLookAsync();
        Assert.Empty(_receiver.Received);

        await host.CommitAsync(talk, 0);
        Assert.Equal(20, await LookAsync());
        var first = await CalledTalk.NextAsync(_receiver, 1);
        Assert.Equal("talk.progress", first.Type);
        Assert.True(first.IsGenuine(TalkHost.Secrets[0], host.Clock.GetUtcNow()));
        var data = first.Json.GetProperty("data");
        Assert.Equal(
            ("running", 1, 4, 6.0),
            (data.GetProperty("status").GetString(), data.GetProperty("windows_done").GetInt32(), data.GetProperty("windows_planned").GetInt32(),
                data.GetProperty("seconds_left").GetDouble()));

        // A look for another reason, ten seconds later, is too early to tell the next; the one behind it is not; then there is no news.
        await host.CommitAsync(talk, 1);
        host.Clock.Advance(TimeSpan.FromSeconds(10));
        await host.TellAsync(piece);
        await host.NextLookAsync();
        Assert.Single(await WebhooksOfAsync(host));
        Assert.True(await LookAsync() >= 30);
        Assert.Equal(2, (await CalledTalk.NextAsync(_receiver, 2)).Json.GetProperty("data").GetProperty("windows_done").GetInt32());
        await LookAsync();
        await host.NextLookAsync();
        Assert.Equal(2, (await WebhooksOfAsync(host)).Count);

        async Task<double> LookAsync()
        {
            await host.BeatAsync(piece);
            return (await host.PassLookAsync()).TotalSeconds;
        }
    }

    [Fact]
    public async Task Progress_that_cannot_be_told_soon_is_given_up_and_holds_neither_talk_nor_end_up()
    {
        await using var host = await TalkHost.StartAsync();
        _receiver.Answer([.. Enumerable.Repeat(500, 10)]);
        var talk = await CalledTalk.AcceptAsync(host, _receiver.Url, WebhookEvents.Progress, WebhookEvents.Failed);
        var piece = await host.ReachSamplingAsync(talk, 2);
        await host.CommitAsync(talk, 0);
        await host.FinishAsync(piece, ErrorCode.FramesInvalid);
        await host.ErrorOfAsync(talk);
        foreach (var (calls, pause) in ((int, int)[])[(2, 5), (4, 10)])
        {
            await DurableHost.UntilAsync(() => Task.FromResult(_receiver.Received.Count == calls && host.Durable.Count("timers") == 2));
            host.Clock.Advance(TimeSpan.FromSeconds(pause));
        }

        Assert.Equal((WebhookOutcome.Failed, 3), ((await CalledTalk.ReportAsync(host)).Outcome, (await CalledTalk.ReportAsync(host)).Attempts));
        Assert.Equal(TimeSpan.FromSeconds(20), await host.PassLookAsync());
        Assert.Equal(3, _receiver.Received.Count(told => told.Type == "talk.progress"));
    }

    [Fact]
    public async Task A_host_without_a_secret_takes_no_talk_with_a_webhook_and_keeps_nothing_of_it()
    {
        await using var host = await TalkHost.StartAsync();
        var draft = new TalkDraft
        {
            PortraitUrl = "https://example.com/p.png",
            SpeechUrl = "https://example.com/s.wav",
            WebhookUrl = _receiver.Url,
        };
        var request = TalkIntake.Check(draft, host.Clock, out _)!;
        var intake = new TalkIntake(host.Store, host.Durable.Client, TalkHost.Rules, new WebhookOptions());

        var refusals = new[]
        {
            await Assert.ThrowsAsync<TalkException>(() => intake.AcceptAsync(request, null, null, null, TalkHost.Cancellation)),
            await Assert.ThrowsAsync<TalkException>(() => intake.AcceptOnceAsync(request, null, TalkHost.Cancellation)),
        };
        Assert.All(refusals, refused => Assert.Equal(ErrorCode.WebhookUnavailable, refused.Error.Code));
        Assert.False(await host.Store.ExistsAsync(new TalkPaths(request.Id).Request, TalkHost.Cancellation));
        await intake.AcceptAsync(request with { Webhook = null }, null, null, null, TalkHost.Cancellation);
    }

    private static async Task<List<OrchestrationInstance>> WebhooksOfAsync(TalkHost host) =>
        await host.Durable.Client.GetAllInstancesAsync(new OrchestrationQuery(Name: WebhookOrchestration.Name), TalkHost.Cancellation)
            .ToListAsync(TalkHost.Cancellation);
}
