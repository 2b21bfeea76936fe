using System.Text.Json;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Intake;
using WanTalk.Core.Json;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Talks;
using WanTalk.Core.Work;
using WanTalk.Local.Tests.Durable;

namespace WanTalk.Local.Tests.Orchestration;

/// <summary>Talks that are asked for by message, and who hears of their end.</summary>
public sealed class MessageSpecs
{
    private const string Body = """{"image_url": "https://example.com/me.png", "audio_url": "https://example.com/a%20b.wav?key=1", "seed": 5}""";

    [Fact]
    public async Task A_message_is_one_talk_however_often_it_comes()
    {
        await using var host = await TalkHost.StartAsync();
        var verdicts = new[] { await host.HandleAsync(Message()), await host.HandleAsync(Message()) };

        Assert.All(verdicts, verdict => Assert.Equal((MessageAction.Complete, null), (verdict.Action, verdict.Error)));
        var talk = Assert.Single(verdicts.Select(verdict => verdict.Talk).Distinct())!;
        Assert.Equal(talk, (await host.TakeAsync(Lane.Media)).Work.Talk);
        Assert.Null(await host.TryTakeAsync(Lane.Media));
        var request = await host.Store.ReadJsonAsync<TalkRequest>(new TalkPaths(talk).Request, TalkHost.Cancellation);
        Assert.Equal(("https://example.com/me.png", "a b.wav", 5), (request.PortraitUrl!.ToString(), request.SpeechName, request.Seed));
    }

    [Fact]
    public async Task Messages_with_other_ids_or_of_other_queues_are_other_talks()
    {
        await using var host = await TalkHost.StartAsync();
        var talks = new[]
        {
            await host.HandleAsync(Message()), await host.HandleAsync(Message() with { MessageId = "m2" }), await host.HandleAsync(Message() with { Queue = "q" }),
        };

        Assert.Equal(3, talks.Select(verdict => verdict.Talk).Distinct().Count());
    }

    [Fact]
    public async Task The_same_id_with_another_body_is_put_aside_and_the_first_talk_goes_on()
    {
        await using var host = await TalkHost.StartAsync();
        var first = await host.HandleAsync(Message());
        var second = await host.HandleAsync(Message(Body.Replace("5", "6", StringComparison.Ordinal)));

        Assert.Equal((MessageAction.DeadLetter, ErrorCode.TalkStateConflict), (second.Action, second.Error!.Code));
        Assert.Equal(5, (await host.ViewAsync(first.Talk!)).Seed);
    }

    [Fact]
    public async Task A_message_whose_handling_broke_off_before_the_talk_began_begins_it_when_it_comes_again()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = (await host.HandleAsync(Message())).Talk!;
        await host.TakeAsync(Lane.Media);
        await host.Durable.Client.TerminateInstanceAsync(talk, "", TalkHost.Cancellation);
        await host.Durable.Client.PurgeInstanceAsync(talk, TalkHost.Cancellation);

        Assert.Equal(MessageAction.Complete, (await host.HandleAsync(Message())).Action);
        Assert.Equal(talk, (await host.TakeAsync(Lane.Media)).Work.Talk);
    }

    [Theory]
    [InlineData("not json", ErrorCode.ArgumentInvalid)]
    [InlineData("[]", ErrorCode.ArgumentInvalid)]
    [InlineData("{}", ErrorCode.PortraitMissing)]
    [InlineData("""{"image_url": "https://example.com/p.png", "audio_url": "https://example.com/s.wav", "wdith": 512}""", ErrorCode.ArgumentInvalid)]
    [InlineData("""{"image_url": "https://example.com/p.png", "audio_url": "https://example.com/s.wav", "steps": 0}""", ErrorCode.SettingOutOfRange)]
    [InlineData("""{"image_url": "file:///etc/passwd", "audio_url": "https://example.com/s.wav"}""", ErrorCode.ArgumentInvalid)]
    [InlineData("""{"image_url": "https://me:secret@example.com/p.png", "audio_url": "https://example.com/s.wav"}""", ErrorCode.ArgumentInvalid)]
    public async Task What_can_never_work_is_put_aside_with_the_reason_and_leaves_nothing(string body, ErrorCode code)
    {
        await using var host = await TalkHost.StartAsync();
        var verdict = await host.HandleAsync(Message(body));

        Assert.Equal((MessageAction.DeadLetter, code), (verdict.Action, verdict.Error!.Code));
        Assert.Null(await new TalkReader(host.Store, host.Durable.Client).ReadAsync(verdict.Talk!, TalkHost.Cancellation));
        Assert.False(await host.Store.ExistsAsync(new TalkPaths(verdict.Talk!).Request, TalkHost.Cancellation));
    }

    [Theory]
    [InlineData("")]
    [InlineData("129")]
    public async Task A_message_without_a_usable_id_is_put_aside(string length)
    {
        await using var host = await TalkHost.StartAsync();
        var verdict = await host.HandleAsync(Message() with { MessageId = new string('m', length.Length == 0 ? 0 : 129) });

        Assert.Equal((MessageAction.DeadLetter, null), (verdict.Action, verdict.Talk));
    }

    [Fact]
    public async Task A_reply_is_sent_to_queues_of_the_settings_only()
    {
        await using var host = await TalkHost.StartAsync();
        var verdict = await host.HandleAsync(Message() with { ReplyTo = "somebody-elses" });

        Assert.Equal(MessageAction.DeadLetter, verdict.Action);
        Assert.Contains("Those in the settings are ends", verdict.Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, TalkStatus.Cancelled)]
    [InlineData(ErrorCode.SpeechSilent, TalkStatus.Failed)]
    public async Task Who_asked_for_a_reply_is_told_how_the_talk_ended(ErrorCode? failure, TalkStatus status)
    {
        await using var host = await TalkHost.StartAsync();
        var talk = (await host.HandleAsync(Message() with { ReplyTo = "ends", CorrelationId = "c7" })).Talk!;
        var prepare = await host.TakeAsync(Lane.Media);
        if (failure is null)
        {
            await host.Control.CancelAsync(talk, TalkHost.Cancellation);
        }
        else
        {
            await host.FinishAsync(prepare, failure);
        }

        var error = await host.ErrorOfAsync(talk);
        await DurableHost.UntilAsync(() => Task.FromResult(!host.Replies.Sent.IsEmpty));
        var (queue, reply) = Assert.Single(host.Replies.Sent);
        Assert.Equal(("ends", "c7"), (queue, reply.CorrelationId));
        var end = JsonSerializer.Deserialize<TalkEnd>(reply.Body, CoreJson.Options)!;
        Assert.Equal((talk, status, error.Code), (end.Id, end.Status, end.Error!.Code));
    }

    [Fact]
    public async Task A_broker_that_is_away_does_not_hold_the_talks_end_up_and_is_told_later()
    {
        await using var host = await TalkHost.StartAsync();
        host.Replies.Failures = 2;
        var talk = (await host.HandleAsync(Message() with { ReplyTo = "ends" })).Talk!;
        await host.FinishAsync(await host.TakeAsync(Lane.Media), ErrorCode.SpeechSilent);

        await host.ErrorOfAsync(talk);
        Assert.Empty(host.Replies.Sent);
        foreach (var pause in (int[])[5, 10])
        {
            Assert.Equal(TimeSpan.FromSeconds(pause), await host.PassLookAsync());
        }

        await DurableHost.UntilAsync(() => Task.FromResult(!host.Replies.Sent.IsEmpty));
        Assert.Equal("m1", Assert.Single(host.Replies.Sent).Reply.CorrelationId);
    }

    [Fact]
    public async Task A_talk_nobody_asked_a_reply_for_tells_nobody()
    {
        await using var host = await TalkHost.StartAsync();
        var talk = (await host.HandleAsync(Message())).Talk!;
        await host.FinishAsync(await host.TakeAsync(Lane.Media), ErrorCode.SpeechSilent);
        await host.ErrorOfAsync(talk);

        var told = new OrchestrationQuery(Name: NotifyOrchestration.Name);
        Assert.Empty(await host.Durable.Client.GetAllInstancesAsync(told, TalkHost.Cancellation).ToListAsync(TalkHost.Cancellation));
    }

    internal static TalkMessage Message(string body = Body) => new("talks", "m1", System.Text.Encoding.UTF8.GetBytes(body), null, null);
}
