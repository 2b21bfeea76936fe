using System.Text;
using Amqp;
using Amqp.Framing;
using WanTalk.Core.Errors;
using WanTalk.Core.Intake;
using WanTalk.Local.Amqp;
using WanTalk.RabbitMQ;
using ErrorCode = WanTalk.Core.Errors.ErrorCode;

namespace WanTalk.Local.Tests.Amqp;

/// <summary>Talks from a queue of a real broker: none is lost, none is made twice, and what can never work is put aside.</summary>
public sealed class AmqpIntakeSpecs(RabbitFixture rabbit)
{
    private const string Body = """{"image_url": "https://example.com/me.png", "audio_url": "https://example.com/a.wav", "seed": 5}""";

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_is_one_talk_and_gone_and_the_same_one_again_is_no_other()
    {
        await using var host = await HostAsync();
        await host.Queue.SendAsync("m1", Body);
        await host.Queue.SendAsync("m1", Body);
        await host.Queue.SendAsync("m2", Body);
        await host.StartAsync();
        await host.Log.WaitForAsync("is the talk", times: 3);
        await host.StopAsync();

        Assert.Equal(2, (await host.TalksAsync()).Count);
        Assert.True(await host.Queue.IsEmptyAsync(host.Queue.Name));
        Assert.True(await host.Queue.IsEmptyAsync(host.Queue.DeadLetters));
    }

    [Fact]
    public async Task More_messages_than_are_taken_at_once_all_become_talks()
    {
        await using var host = await HostAsync();
        for (var i = 0; i < 25; i++)
        {
            await host.Queue.SendAsync($"m{i}", Body);
        }

        await host.StartAsync(IntakeHost.Fast with { Credit = 3 });
        // A message may come twice, and is then said twice to be its talk.
        var talks = 0;
        while (talks < 25)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            talks = (await host.TalksAsync()).Count;
        }

        Assert.Equal(25, talks);
    }

    [Fact]
    public async Task A_body_is_data_or_a_text_and_an_id_is_of_any_type()
    {
        await using var host = await HostAsync();
        await host.Queue.SendAsync(With(1ul, Data(Body)));
        await host.Queue.SendAsync(With(Guid.Parse("5f0c4f5c-4ad9-4d0b-9a52-4b8fb6b6a3b1"), new AmqpValue { Value = Body }));
        await host.Queue.SendAsync(With(new byte[] { 0xca, 0xfe }, new AmqpValue { Value = Encoding.UTF8.GetBytes(Body) }));
        await host.StartAsync();
        await host.Log.WaitForAsync("The message 1 is the talk");
        await host.Log.WaitForAsync("The message 5f0c4f5c-4ad9-4d0b-9a52-4b8fb6b6a3b1 is the talk");
        await host.Log.WaitForAsync("The message cafe is the talk");
        Assert.Equal(3, (await host.TalksAsync()).Count);
    }

    [Fact]
    public void Sections_of_data_are_one_body()
    {
        // RabbitMQ 3.10 turns their order round, so they are read as another broker would deliver them.
        var sections = new DataList();
        sections.Add(Data(Body[..30]));
        sections.Add(Data(Body[30..]));
        var read = MessageReader.Read("q", Message.Decode(With("m1", sections).Encode()), out _);
        Assert.Equal(Body, Encoding.UTF8.GetString(read!.Body.Span));
    }

    [Theory]
    [InlineData("not json", "argument_invalid: The request is no JSON")]
    [InlineData("""{"image_url": "https://example.com/p.png", "audio_url": "https://example.com/s.wav", "wdith": 512}""", "no field 'wdith'")]
    [InlineData("""{"image_url": "https://example.com/p.png", "audio_url": "https://example.com/s.wav", "steps": 0}""", "setting_out_of_range")]
    [InlineData("""{"image_url": "https://example.com/p.png"}""", "speech_missing")]
    public async Task What_can_never_work_is_dead_lettered_and_the_log_says_why(string body, string reason)
    {
        await using var host = await HostAsync();
        await host.StartAsync();
        await host.Queue.SendAsync("bad", body);

        var dead = await host.Queue.TakeAsync(host.Queue.DeadLetters);
        Assert.Equal(("bad", body), (dead.Properties.MessageId, TestQueue.TextOf(dead)));
        Assert.Contains(reason, await host.Log.WaitForAsync("The message bad is rejected"), StringComparison.Ordinal);
        Assert.Empty(await host.TalksAsync());
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_at_all_is_dead_lettered()
    {
        await using var host = await HostAsync();
        await host.StartAsync();
        await host.Queue.SendAsync(With("list", new AmqpSequence { List = new List<object> { 1, 2 } }));
        await host.Queue.SendAsync(With("map", new AmqpValue { Value = new global::Amqp.Types.Map { ["a"] = 1 } }));
        await host.Queue.SendAsync(new Message { BodySection = Data(Body) });
        await host.Queue.SendAsync(With("large", Data($"{Body}{new string(' ', TalkMessageHandler.MaxBodyBytes)}")));

        await host.Log.WaitForAsync("The message list is rejected: argument_invalid: The message's body is neither data nor a text");
        await host.Log.WaitForAsync("The message map is rejected");
        await host.Log.WaitForAsync("The message  is rejected: argument_invalid: The message has no id");
        await host.Log.WaitForAsync("The message large is rejected: argument_invalid: The message has 262");
        for (var i = 0; i < 4; i++)
        {
            await host.Queue.TakeAsync(host.Queue.DeadLetters);
        }

        Assert.Empty(await host.TalksAsync());
    }

    [Fact]
    public async Task The_same_id_with_another_body_is_dead_lettered_and_the_first_talk_goes_on()
    {
        await using var host = await HostAsync();
        await host.StartAsync();
        await host.Queue.SendAsync("m1", Body);
        await host.Log.WaitForAsync("is the talk");
        await host.Queue.SendAsync("m1", Body.Replace('5', '6'));

        Assert.Contains("6}", TestQueue.TextOf(await host.Queue.TakeAsync(host.Queue.DeadLetters)), StringComparison.Ordinal);
        await host.Log.WaitForAsync("talk_state_conflict");
        Assert.Single(await host.TalksAsync());
    }

    [Fact]
    public async Task A_reply_may_go_only_to_a_queue_that_the_settings_name()
    {
        await using var host = await HostAsync();
        await host.StartAsync(replyQueues: host.Queue.Replies);
        await host.Queue.SendAsync("good", Body, host.Queue.Replies);
        await host.Queue.SendAsync("bad", Body, "talks-1.dead");

        Assert.Equal("bad", (await host.Queue.TakeAsync(host.Queue.DeadLetters)).Properties.MessageId);
        await host.Log.WaitForAsync("Replies to the queue 'talks-1.dead' are not allowed");
        await host.Log.WaitForAsync("The message good is the talk");
    }

    [Fact]
    public async Task While_the_storage_is_away_a_message_is_given_back_with_growing_pauses_and_accepted_when_it_is_there_again()
    {
        await using var host = await HostAsync();
        Directory.Delete(host.Artifacts, recursive: true);
        await File.WriteAllTextAsync(host.Artifacts, "in the way", TestEnd);
        await host.StartAsync(IntakeHost.Fast with { MaxDeliveries = 1000 });
        await host.Queue.SendAsync("m1", Body);
        Assert.Contains("in 0.2 s", await host.Log.WaitForAsync("is tried again", times: 6), StringComparison.Ordinal);
        File.Delete(host.Artifacts);

        await host.Log.WaitForAsync("The message m1 is the talk");
        await host.StopAsync();
        Assert.Single(await host.TalksAsync());
        Assert.True(await host.Queue.IsEmptyAsync(host.Queue.Name));
    }

    [Fact]
    public async Task A_message_that_always_fails_is_dead_lettered_in_the_end_and_holds_no_other_up()
    {
        await using var host = await HostAsync();
        await host.StartAsync(IntakeHost.Fast with { MaxDeliveries = 3 });
        await host.Queue.SendAsync("first", Body);
        var talk = (await host.Log.WaitForAsync("is the talk")).Split(' ')[^1];
        var request = Path.Combine(host.Artifacts, "talks", talk, "request.json");
        await File.WriteAllTextAsync(request, "damaged", TestEnd);

        await host.Queue.SendAsync("first", Body);
        await host.Queue.SendAsync("second", Body);
        await host.Log.WaitForAsync("The message second is the talk");
        Assert.Equal("first", (await host.Queue.TakeAsync(host.Queue.DeadLetters)).Properties.MessageId);
        Assert.Contains("It was delivered 3 times", await host.Log.WaitForAsync("The message first is rejected"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_stops_leaves_what_it_had_not_begun()
    {
        await using var host = await HostAsync();
        Directory.Delete(host.Artifacts, recursive: true);
        await File.WriteAllTextAsync(host.Artifacts, "in the way", TestEnd);
        await host.StartAsync(IntakeHost.Fast with { FirstPauseSeconds = 60, LongestPauseSeconds = 3600 });
        await host.Queue.SendAsync("m1", Body);
        await host.Log.WaitForAsync("is tried again in 60.0 s");
        await host.StopAsync();

        File.Delete(host.Artifacts);
        await host.StartAsync();
        await host.Log.WaitForAsync("The message m1 is the talk");
    }

    [Fact]
    public async Task A_broker_that_is_killed_or_falls_silent_is_come_back_to()
    {
        var server = await rabbit.Server;
        await using var host = await HostAsync();
        await host.StartAsync(IntakeHost.Fast with { IdleSeconds = 2 });
        await host.Queue.SendAsync("m1", Body);
        await host.Log.WaitForAsync("The message m1 is the talk");

        await server.KillAsync();
        await host.Log.WaitForAsync("cannot be connected to");
        await server.GoOnAsync(TestEnd);
        await host.Log.WaitForAsync("Taking talks from", times: 2);
        await host.Queue.SendAsync("m2", Body);
        await host.Log.WaitForAsync("The message m2 is the talk");

        server.Signal("STOP");
        await host.Log.WaitForAsync("idle timeout");
        server.Signal("CONT");
        await host.Queue.SendAsync("m3", Body);
        await host.Log.WaitForAsync("The message m3 is the talk");
        Assert.Equal(3, (await host.TalksAsync()).Count);
    }

    [Fact]
    public async Task A_reply_reaches_its_queue_and_one_without_its_broker_fails_to_be_sent_again()
    {
        var queue = (await rabbit.Server).NewQueue();
        var reply = new TalkReply("r1", "c1", """{"status":"completed"}""");
        await new AmqpReplySender(AmqpAddress.Parse(queue.Address), IntakeHost.Fast).SendAsync(queue.Replies, reply, TestEnd);

        var message = await queue.TakeAsync(queue.Replies);
        Assert.Equal(("r1", "c1"), (message.Properties.MessageId, message.Properties.CorrelationId));
        Assert.Equal(reply.Body, TestQueue.TextOf(message));
        Assert.True(message.Header.Durable);
        var away = await Assert.ThrowsAsync<TalkException>(
            () => new AmqpReplySender(AmqpAddress.Parse("amqp://127.0.0.1:9/q"), IntakeHost.Fast).SendAsync("q", reply, TestEnd));
        Assert.Equal(ErrorCode.QueueUnavailable, away.Error.Code);
    }

    [Fact]
    public async Task What_is_wrong_with_the_queue_is_said_at_the_start()
    {
        var server = await rabbit.Server;
        await using var host = await HostAsync();
        await RefusedAsync(ErrorCode.ArgumentInvalid, "refuses the user 'wantalk' with this password", server.AddressOf(host.Queue.Name, password: "wrong"));
        await RefusedAsync(ErrorCode.ArgumentInvalid, "There is no queue 'talks-x' at amqp://127.0.0.1:", server.AddressOf("talks-x"));
        await RefusedAsync(ErrorCode.ArgumentInvalid, "There is no queue 'replies-x' at", host.Queue.Address, "replies-x");
        await RefusedAsync(ErrorCode.ArgumentInvalid, "or the queue 'others' to them", server.AddressOf("others"));
        await RefusedAsync(ErrorCode.QueueUnavailable, "cannot be connected to", $"amqp://127.0.0.1:9/{host.Queue.Name}");

        async Task RefusedAsync(ErrorCode code, string message, string address, params string[] replyQueues)
        {
            var refused = await Assert.ThrowsAsync<TalkException>(() => host.StartAsync(null, address, replyQueues));
            Assert.Equal(code, refused.Error.Code);
            Assert.Contains(message, refused.Error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("p%40ss", refused.ToString(), StringComparison.Ordinal);
        }
    }

    private async Task<IntakeHost> HostAsync() => new((await rabbit.Server).NewQueue());

    private static Data Data(string text) => new() { Binary = Encoding.UTF8.GetBytes(text) };

    private static Message With(object id, global::Amqp.Types.RestrictedDescribed body)
    {
        var message = new Message { Properties = new Properties(), BodySection = body };
        message.Properties.SetMessageId(id);
        return message;
    }
}
