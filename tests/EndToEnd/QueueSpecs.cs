using System.Text.Json;
using Amqp;
using WanTalk.EndToEnd.Support;
using WanTalk.RabbitMQ;

namespace WanTalk.EndToEnd;

/// <summary>Talks that come from a queue of a real broker, with inputs on a web server: what a caller without HTTP access sees.</summary>
public sealed class QueueSpecs(RabbitFixture rabbit) : IClassFixture<RabbitFixture>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HashSet<string> _replies = [];

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_message_is_one_talk_its_end_is_told_and_a_broker_that_was_killed_is_come_back_to()
    {
        await MediaFile.MakeAsync($"-i \"{Repository.Speech}\" -t 1.2 {_folder.File("short.wav")}");
        await using var files = new FileServer(new Dictionary<string, string> { ["/p"] = Repository.Portrait, ["/s"] = _folder.File("short.wav") });
        var broker = await rabbit.Server;
        var queue = broker.NewQueue();
        await queue.SendAsync("m1", Body(files.Url("/p"), files.Url("/s")), queue.Replies, "c1");
        await queue.SendAsync("m1", Body(files.Url("/p"), files.Url("/s")), queue.Replies, "c1");
        await using var server = WanTalkCommand.Start(_folder, [], ["serve", "--port", "0"], new Dictionary<string, string>
        {
            ["WANTALK_QUEUE"] = queue.Address,
            ["WANTALK_REPLY_QUEUES"] = queue.Replies,
            ["WANTALK_PRIVATE_HOSTS"] = files.Host,
        });
        var address = new Uri((await server.FirstOutputLine).Split(' ')[^1]);

        var (end, correlation) = await ReplyAsync(queue);
        Assert.Equal(("completed", "c1"), (end.GetProperty("status").GetString(), correlation));
        using var http = new HttpClient { BaseAddress = address };
        var talk = JsonDocument.Parse(await http.GetByteArrayAsync($"/api/talks/{end.GetProperty("id").GetString()}", TestEnd)).RootElement;
        Assert.Equal("completed", talk.GetProperty("status").GetString());
        Assert.Equal(30, talk.GetProperty("visible_frames").GetInt32());

        await broker.KillAsync();
        await broker.GoOnAsync(TestEnd);
        await queue.SendAsync("m2", Body("http://127.0.0.1:9/p?sig=s3cret", files.Url("/s")), queue.Replies);
        (end, correlation) = await ReplyAsync(queue);
        Assert.Equal(("failed", "m2"), (end.GetProperty("status").GetString(), correlation));
        Assert.Equal("address_forbidden", end.GetProperty("error").GetProperty("code").GetString());
        Assert.DoesNotContain("s3cret", end.ToString(), StringComparison.Ordinal);

        await queue.SendAsync("m1", Body(files.Url("/p"), files.Url("/other")), queue.Replies);
        Assert.Contains("/other", TestQueue.TextOf(await queue.TakeAsync(queue.DeadLetters)), StringComparison.Ordinal);
        await queue.SendAsync("m3", Body(files.Url("/p"), files.Url("/s")), "elsewhere");
        Assert.Equal("m3", (await queue.TakeAsync(queue.DeadLetters)).Properties.MessageId);

        // A message may be where it was rejected to before that is said, and a reply may come before its message is settled.
        await UntilSaidAsync(server, "The message m2 is the talk ");
        await UntilSaidAsync(server, "The message m1 is rejected: talk_state_conflict");
        await UntilSaidAsync(server, "Replies to the queue 'elsewhere' are not allowed");
        server.Kill();
        var said = (await server.WaitAsync()).Said;
        Assert.DoesNotContain(Uri.EscapeDataString(RabbitServer.Password), said, StringComparison.Ordinal);
        Assert.All(
            Directory.EnumerateFiles(_folder.File("home/logs")),
            log => Assert.DoesNotContain("s3cret", File.ReadAllText(log), StringComparison.Ordinal));
        Assert.True(await queue.IsEmptyAsync(queue.Name));
        Assert.True(await queue.IsEmptyAsync(queue.Replies));
    }

    [Fact]
    public async Task What_is_wrong_with_a_queue_is_one_line_before_anything_is_served()
    {
        var broker = await rabbit.Server;
        await RefusedAsync(2, "argument_invalid: amqp://127.0.0.1:", broker.AddressOf("talks-1", password: "hunter2"));
        await RefusedAsync(2, "argument_invalid: There is no queue 'talks-none' at amqp://127.0.0.1:", broker.AddressOf("talks-none"));
        await RefusedAsync(2, "argument_invalid: The queue's address is none.", "http://me:hunter2@broker/talks");
        await RefusedAsync(1, "queue_unavailable: The broker amqp://127.0.0.1:9 cannot be connected to", "amqp://me:hunter2@127.0.0.1:9/talks");

        async Task RefusedAsync(int exitCode, string said, string address)
        {
            await using var command = WanTalkCommand.Start(_folder, [], ["serve", "--port", "0", "--queue", address], null);
            var refused = await command.WaitAsync();
            Assert.True(refused.ExitCode == exitCode, refused.Said);
            Assert.StartsWith(said, Assert.Single(refused.Error), StringComparison.Ordinal);
            Assert.DoesNotContain("hunter2", refused.Said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_private_host_that_is_none_is_named_before_a_runner_is_started()
    {
        await using var command = WanTalkCommand.Start(
            _folder, [], ["serve", "--port", "0"], new Dictionary<string, string> { ["WANTALK_PRIVATE_HOSTS"] = "http://files.example/" });
        var refused = await command.WaitAsync();
        Assert.Equal(2, refused.ExitCode);
        Assert.StartsWith(
            "argument_invalid: WANTALK_PRIVATE_HOSTS is wrong: 'http://files.example/' is no host.", Assert.Single(refused.Error), StringComparison.Ordinal);
    }

    private static async Task UntilSaidAsync(WanTalkCommand server, string line)
    {
        for (var looks = 0; !server.Said.Contains(line, StringComparison.Ordinal); looks++)
        {
            Assert.True(looks < 1200 && !server.HasExited, $"'{line}' was never said:\n{server.Said}");
            await Task.Delay(50, TestEnd);
        }
    }

    private static string Body(string portrait, string speech) =>
        JsonSerializer.Serialize(new { image_url = portrait, audio_url = speech, width = 128, height = 128, seed = 5 });

    /// <summary>The next reply; one that the broker has again after a kill, because it had not written down that it was taken, is dropped.</summary>
    private async Task<(JsonElement End, string Correlation)> ReplyAsync(TestQueue queue)
    {
        Message reply;
        do
        {
            reply = await queue.TakeAsync(queue.Replies);
        }
        while (!_replies.Add(reply.Properties.MessageId));

        return (JsonDocument.Parse(TestQueue.TextOf(reply)).RootElement, reply.Properties.CorrelationId);
    }
}
