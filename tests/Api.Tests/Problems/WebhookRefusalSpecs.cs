using System.Net;
using System.Text;
using System.Text.Json;
using WanTalk.Api.Tests.RunPod;

namespace WanTalk.Api.Tests.Problems;

/// <summary>A webhook that can never be called is refused with the request, and not found out when the talk has ended.</summary>
public sealed class WebhookRefusalSpecs
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://10.0.0.7/hook")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("https://[::1]/hook")]
    [InlineData("https://[::ffff:10.0.0.1]/hook")]
    [InlineData("https://[64:ff9b::a00:1]/hook")]
    [InlineData("http://2130706434/hook")]
    [InlineData("http://0300.0250.1/hook")]
    [InlineData("http://localhost:9/hook")]
    [InlineData("http://LOCALHOST./hook")]
    [InlineData("http://a.localhost/hook")]
    public async Task An_address_off_the_public_internet_is_refused_wherever_a_webhook_is_asked_for(string address)
    {
        await using var server = await JobServer.StartAsync();
        Assert.Contains("address_forbidden", await CodesAsync(server, With("webhook_url", address)));
        Assert.Contains("address_forbidden", await CodesAsync(server, With("webhook_url", address), "api/talks?dry_run=true"));
        var (status, problem) = await server.PostAsync("talk/run", $$"""{"input":{{JobServer.Minimal}},"webhook":"{{address}}"}""");
        Assert.Equal((400, "address_forbidden"), (status, problem.GetProperty("code").GetString()));
        Assert.Null(await server.Host.TryTakeAsync(Core.Work.Lane.Media));
    }

    [Fact]
    public async Task That_the_host_signs_no_webhooks_is_told_with_all_else_that_is_wrong()
    {
        await using var server = await JobServer.StartAsync();
        var codes = await CodesAsync(server, """{"audio_url":"https://example.com/s.wav","webhook_url":"http://10.0.0.7/hook","seed":-1}""");
        Assert.Equal(["address_forbidden", "portrait_missing", "seed_out_of_range", "webhook_unavailable"], codes.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("ftp://example.com/hook")]
    [InlineData("https://user:password@example.com/hook")]
    [InlineData("/hook")]
    public async Task What_is_no_address_to_call_is_refused(string address)
    {
        await using var server = await JobServer.StartAsync();
        Assert.Contains("argument_invalid", await CodesAsync(server, With("webhook_url", address)));
    }

    [Fact]
    public async Task A_host_that_the_operator_allows_is_none_of_them()
    {
        await using var server = await JobServer.StartAsync();
        var (status, _) = await server.PostAsync("talk/run", $$"""{"input":{{JobServer.Minimal}},"webhook":"http://127.0.0.1:9/hook"}""");
        Assert.Equal(200, status);
    }

    private static string With(string field, string value) =>
        JobServer.Minimal.Replace("}", $",\"{field}\":{JsonSerializer.Serialize(value)}}}", StringComparison.Ordinal);

    private static async Task<List<string>> CodesAsync(JobServer server, string body, string path = "api/talks")
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await server.Http.PostAsync(new Uri(server.Address, path), content, TestEnd);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestEnd)).RootElement;
        return [.. problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("code").GetString()!)];
    }
}
