using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using WanTalk.Core.Owners;
using WanTalk.EndToEnd.Support;
using WanTalk.Ports;
using WanTalk.Webhooks;

namespace WanTalk.EndToEnd;

/// <summary>Who reads the logs of a server and its runner finds no secret in them, however much they tell.</summary>
public sealed class LogSpecs : IDisposable
{
    private const string Secret = "s3cret";
    private static readonly string Whsec = $"whsec_{Convert.ToBase64String("webhooks-s3cret-webhooks-s3cret"u8)}";

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task No_secret_of_a_request_or_of_the_settings_is_in_any_line_at_the_level_of_traces()
    {
        var (key, closed) = (ApiKeys.New(), FreePorts.Take(1));
        await using var files = new FileServer(new Dictionary<string, string> { ["/s3cret/portrait.png"] = Repository.Portrait, ["/s3cret/speech"] = Repository.Portrait });
        await using var command = WanTalkCommand.Start(_folder, [], ["serve", "--port", "0"], new Dictionary<string, string>
        {
            ["LOG_LEVEL"] = "trace",
            [ApiKeys.Variable] = $"alice={ApiKeys.HashOf(key)}",
            ["WANTALK_PRIVATE_HOSTS"] = $"{files.Host},127.0.0.1:{closed[0]}",
            ["WANTALK_WEBHOOK_SECRETS"] = Whsec,
            ["R2_ACCESS_KEY_ID"] = Secret,
            ["R2_SECRET_ACCESS_KEY"] = Secret,
        });
        _http.BaseAddress = new Uri((await command.FirstOutputLine).Split(' ')[^1]);
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

        // A speech that is none, with a webhook that nobody answers; a portrait that may not be fetched; requests that are refused.
        var broken = await PostAsync(files.Url("/s3cret/portrait.png"), files.Url("/s3cret/speech"), WebhookReceiver.UrlOf(closed[0]));
        var forbidden = await PostAsync($"http://169.254.169.254/{Secret}?token={Secret}", files.Url("/s3cret/speech"), null);
        foreach (var path in (string[])[$"api/talks?limit={Secret}&key={Secret}", $"nowhere?key={Secret}"])
        {
            using var refused = await _http.GetAsync(path, TestEnd);
            Assert.False(refused.IsSuccessStatusCode);
        }

        using (var credentials = await _http.PostAsJsonAsync("api/talks", new { image_url = $"http://u:{Secret}@{files.Host}/p" }, TestEnd))
        {
            Assert.Equal(HttpStatusCode.BadRequest, credentials.StatusCode);
        }

        Assert.Equal("speech_no_audio", await ErrorOfAsync(broken));
        Assert.Equal("address_forbidden", await ErrorOfAsync(forbidden));
        var logs = string.Join('\n', Directory.GetFiles(Path.Combine(command.Home, "logs")).Select(ReadShared).Append(command.Said));
        Assert.All((string[])[broken, forbidden, "Request starting", "dbug:"], told => Assert.Contains(told, logs, StringComparison.Ordinal));
        var leaks = logs.Split('\n').Where(line => new[] { Secret, key, Whsec[6..] }.Any(secret => line.Contains(secret, StringComparison.Ordinal)));
        Assert.Empty(leaks);
    }

    [Fact]
    public async Task A_server_that_cannot_start_tells_neither_its_queues_password_nor_a_secret_that_is_none()
    {
        foreach (var (variable, value) in ((string, string)[])
            [
                ("WANTALK_QUEUE", $"amqp://{Secret}:{Secret}@127.0.0.1:{FreePorts.Take(1)[0]}/talks"),
                ("WANTALK_QUEUE", $"http://{Secret}:{Secret}@broker/talks?sig={Secret}"),
                ("WANTALK_WEBHOOK_SECRETS", $"whsec_{Secret}"),
                (ApiKeys.Variable, $"alice={Secret}"),
            ])
        {
            await using var command = WanTalkCommand.Start(
                _folder, [], ["serve", "--port", "0"], new Dictionary<string, string> { ["LOG_LEVEL"] = "trace", [variable] = value });
            var end = await command.WaitAsync();
            Assert.NotEqual(0, end.ExitCode);
            Assert.DoesNotContain(Secret, end.Said, StringComparison.Ordinal);
        }
    }

    private static string ReadShared(string file)
    {
        using var content = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return content.ReadToEnd();
    }

    private async Task<string> PostAsync(string portrait, string speech, string? webhook)
    {
        using var answer = await _http.PostAsJsonAsync(
            "api/talks", new { image_url = portrait, audio_url = speech, width = 256, height = 256, webhook_url = webhook }, TestEnd);
        var body = await TalkServer.ReadAsync(answer);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, body.ToString());
        return body.GetProperty("id").GetString()!;
    }

    private async Task<string> ErrorOfAsync(string talk)
    {
        while (true)
        {
            var view = await _http.GetFromJsonAsync<JsonElement>($"api/talks/{talk}", TestEnd);
            if (view.TryGetProperty("error", out var error))
            {
                return error.GetProperty("code").GetString()!;
            }

            await Task.Delay(100, TestEnd);
        }
    }
}
