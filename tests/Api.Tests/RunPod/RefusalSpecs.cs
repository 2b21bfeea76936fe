namespace WanTalk.Api.Tests.RunPod;

/// <summary>What is wrong with a call is told as RunPod tells it, with a code of ours.</summary>
public sealed class RefusalSpecs
{
    private const string Good = JobServer.Minimal;

    [Theory]
    [InlineData("", "argument_invalid", "no JSON")]
    [InlineData("[]", "argument_invalid", "'input'")]
    [InlineData("{}", "argument_invalid", "'input'")]
    [InlineData("""{"input":"x"}""", "argument_invalid", "one object")]
    [InlineData("""{"input":{}}""", "portrait_missing", "no speech", "image_url")]
    [InlineData("""{"input":{"image_url":"file:///etc/passwd","audio_url":"https://example.com/s"}}""", "argument_invalid", "image_url", "image_url")]
    [InlineData("""{"input":{"prompt":"\ud800"}}""", "argument_invalid", "surrogate")]
    [InlineData($$"""{"input":{{Good}},"webhook":7}""", "argument_invalid", "webhook", "webhook")]
    [InlineData($$"""{"input":{{Good}},"webhook":"ftp://example.com"}""", "argument_invalid", "webhook", "webhook")]
    [InlineData($$"""{"input":{{Good}},"webhook":"https://u:p@example.com"}""", "argument_invalid", "webhook", "webhook")]
    [InlineData($$"""{"input":{{Good}},"policy":7}""", "argument_invalid", "policy", "policy")]
    [InlineData($$$"""{"input":{{{Good}}},"policy":{"ttl":9999}}""", "setting_out_of_range", "10000", "policy.ttl")]
    [InlineData($$$"""{"input":{{{Good}}},"policy":{"executionTimeout":"soon"}}""", "setting_out_of_range", "5000", "policy.executionTimeout")]
    public async Task A_body_that_is_no_job_is_refused(string body, string code, string said, string? field = null)
    {
        await using var server = await JobServer.StartAsync();
        foreach (var path in (string[])["talk/run", "talk/runsync"])
        {
            var (status, problem) = await server.PostAsync(path, body);
            Assert.Equal((400, code), (status, problem.GetProperty("code").GetString()));
            Assert.Equal(field, problem.TryGetProperty("field", out var named) ? named.GetString() : null);
            Assert.Contains(said, problem.GetProperty("error").GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("999")]
    [InlineData("300001")]
    [InlineData("soon")]
    [InlineData("")]
    public async Task A_wait_outside_its_range_is_refused(string wait)
    {
        await using var server = await JobServer.StartAsync();
        var (status, problem) = await server.PostAsync($"talk/runsync?wait={wait}", $$"""{"input":{{Good}}}""");
        Assert.Equal((400, "argument_invalid"), (status, problem.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("status", false)]
    [InlineData("stream", false)]
    [InlineData("cancel", true)]
    [InlineData("retry", true)]
    public async Task An_unknown_job_and_an_impossible_endpoint_are_not_found(string what, bool post)
    {
        await using var server = await JobServer.StartAsync();
        foreach (var (path, code) in ((string, string)[])
            [
                ($"talk/{what}/0123456789abcdefghjkmnpqrs", "talk_not_found"),
                ($"talk/{what}/..%2F..", "talk_not_found"),
                ($"a%20b/{what}/x", "endpoint_not_found"),
            ])
        {
            var (status, problem) = post ? await server.PostAsync(path) : await server.GetAsync(path);
            Assert.Equal((404, code), (status, problem.GetProperty("code").GetString()));
        }
    }

    [Fact]
    public async Task Runsync_takes_bodies_of_twenty_megabytes_and_run_of_ten()
    {
        await using var server = await JobServer.StartAsync();
        var eleven = $$$"""{"input":{"prompt":"{{{new string('x', 11 << 20)}}}"}}""";
        Assert.Equal("request_too_large", (await server.PostAsync("talk/run", eleven)).Body.GetProperty("code").GetString());
        Assert.Equal("portrait_missing", (await server.PostAsync("talk/runsync", eleven)).Body.GetProperty("code").GetString());
        Assert.Equal(
            "request_too_large",
            (await server.PostAsync("talk/runsync", new string(' ', 21 << 20))).Body.GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_job_that_has_ended_otherwise_cannot_be_cancelled()
    {
        await using var server = await JobServer.StartAsync();
        var id = await server.RunAsync();
        await server.Host.FinishAsync(await server.TakeFirstAsync(), Core.Errors.ErrorCode.SpeechSilent);
        await server.Host.ErrorOfAsync(id);
        var (status, problem) = await server.PostAsync($"talk/cancel/{id}");
        Assert.Equal((400, "talk_state_conflict"), (status, problem.GetProperty("code").GetString()));
    }
}
