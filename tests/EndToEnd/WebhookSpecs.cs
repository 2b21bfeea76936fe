using System.Net;
using WanTalk.EndToEnd.Support;
using WanTalk.Ports;
using WanTalk.Webhooks;

namespace WanTalk.EndToEnd;

/// <summary>A webhook as a caller has it: his server was down when the talk ended, and the host was killed.</summary>
public sealed class WebhookSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_talk_that_ended_while_its_receiver_was_down_is_told_after_the_host_was_killed_and_started_again()
    {
        var port = FreePorts.Take(1)[0];
        var environment = new Dictionary<string, string> { ["WANTALK_PRIVATE_HOSTS"] = $"127.0.0.1:{port}" };
        await MediaFile.MakeAsync($"-i \"{Repository.Speech}\" -t 1.2 {_folder.File("short.wav")}");
        string? talk;
        await using (var server = await TalkServer.StartAsync(_folder, environment))
        {
            using var accepted = await server.PostAsync(
                128, _folder.File("short.wav"), fields: [("webhook_url", WebhookReceiver.UrlOf(port)), ("metadata", """{"order": "4711"}""")]);
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
            talk = (await server.EndOfAsync(accepted.Headers.Location!)).GetProperty("id").GetString();
        }

        await using var receiver = new WebhookReceiver(port);
        await using (await TalkServer.StartAsync(_folder, environment))
        {
            while (receiver.Received.IsEmpty)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }

        var told = Assert.Single(receiver.Received);
        var secret = await File.ReadAllTextAsync(_folder.File("home/webhook.secret"), TestContext.Current.CancellationToken);
        Assert.True(told.IsGenuine(secret, DateTimeOffset.UtcNow));
        var data = told.Json.GetProperty("data");
        Assert.Equal(("talk.completed", talk), (told.Type, data.GetProperty("id").GetString()));
        Assert.Equal("4711", data.GetProperty("metadata").GetProperty("order").GetString());
        Assert.Empty(data.GetProperty("video").EnumerateArray());
    }
}
