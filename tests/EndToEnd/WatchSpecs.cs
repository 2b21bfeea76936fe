using System.Net;
using System.Text.Json;
using WanTalk.EndToEnd.Support;

namespace WanTalk.EndToEnd;

/// <summary>A server on one machine, watched from outside.</summary>
public sealed class WatchSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _elsewhere = new();
    private readonly HttpClient _http = new();

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
        _elsewhere.Dispose();
    }

    [Fact]
    public async Task The_server_is_ready_once_its_runner_is_and_tells_a_talks_changes_up_to_its_end()
    {
        // The talk does not end before it is cancelled, and may stand still from before anybody watches it until then.
        await using var engine = await EngineProcess.StartAsync(_elsewhere, "--faults");
        await engine.ArmAsync(new { kind = "slow_window", window = 0, seconds = 600, count = 10 });
        await using var server = await TalkServer.StartAsync(_folder, engine: engine);
        Assert.Equal("""{"status":"alive"}""", await _http.GetStringAsync(new Uri(server.Address, "/health/live"), TestEnd));
        while (await MissingAsync(server) is { Count: > 0 } missing)
        {
            Assert.Equal("runner", Assert.Single(missing));
            await Task.Delay(200, TestEnd);
        }

        using var accepted = await server.PostAsync(640);
        var talk = accepted.Headers.Location!;
        await using var stream = await _http.GetStreamAsync(new Uri($"{talk}/events"), TestEnd);
        using var lines = new StreamReader(stream);
        var names = new List<string>();
        string? last = null;
        while (await lines.ReadLineAsync(TestEnd) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                names.Add(line);
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                last = line["data: ".Length..];
                using var cancel = names.Count == 1 ? await _http.PostAsync($"{talk}/cancel", null, TestEnd) : null;
            }
        }

        Assert.Equal("event: end", names[^1]);
        Assert.NotEmpty(names[..^1]);
        Assert.All(names[..^1], name => Assert.Equal("event: progress", name));
        Assert.Equal("cancelled", JsonDocument.Parse(last!).RootElement.GetProperty("status").GetString());
    }

    private async Task<IReadOnlyList<string?>> MissingAsync(TalkServer server)
    {
        using var answer = await _http.GetAsync(new Uri(server.Address, "/health/ready"), TestEnd);
        var missing = (await TalkServer.ReadAsync(answer)).GetProperty("missing").EnumerateArray().Select(name => name.GetString()).ToList();
        Assert.Equal(missing.Count == 0 ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        return missing;
    }
}
