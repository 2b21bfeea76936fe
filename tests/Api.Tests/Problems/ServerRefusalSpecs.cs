using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using WanTalk.Api.Tests.RunPod;

namespace WanTalk.Api.Tests.Problems;

/// <summary>What the server refuses by itself is read by the same code of a client as every other error.</summary>
public sealed class ServerRefusalSpecs
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_has_a_code_and_the_form_of_all_errors()
    {
        await using var server = await JobServer.StartAsync();
        foreach (var (method, path, type, body, status, code) in ((string, string, string?, string, int, string)[])
            [
                ("GET", "nowhere", null, "", 404, "route_not_found"),
                ("GET", "api/talks/x/y/z?q=1", null, "", 404, "route_not_found"),
                ("POST", "api/talks/x/cancel/", "text/plain", "x", 404, "talk_not_found"),
                ("PUT", "api/talks", "application/json", "{}", 405, "method_not_allowed"),
                ("PATCH", "api/talks/4t5mbjk8hhq2n0w9rzcv1xse7d", "application/json", "{}", 405, "method_not_allowed"),
                ("POST", "health/live", null, "", 405, "method_not_allowed"),
                ("POST", "api/talks", "text/plain", "portrait", 415, "media_type_unsupported"),
                ("POST", "api/talks", null, "", 415, "media_type_unsupported"),
                ("POST", "api/quote", "application/xml", "<x/>", 415, "media_type_unsupported"),
            ])
        {
            var (answer, problem) = await SendAsync(server, method, path, type, body);
            Assert.Equal((status, code, status), ((int)answer.StatusCode, problem.GetProperty("code").GetString(), problem.GetProperty("status").GetInt32()));
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
            Assert.Equal(problem.GetProperty("detail").GetString(), Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("message").GetString());
        }
    }

    [Fact]
    public async Task A_method_that_is_not_there_is_told_with_those_that_are()
    {
        await using var server = await JobServer.StartAsync();
        var (answer, problem) = await SendAsync(server, "PUT", "api/talks/4t5mbjk8hhq2n0w9rzcv1xse7d");
        Assert.Equal(["DELETE", "GET"], answer.Content.Headers.Allow.Order(StringComparer.Ordinal));
        Assert.Contains("GET", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Below_RunPods_paths_they_are_told_as_RunPod_tells_them()
    {
        await using var server = await JobServer.StartAsync();
        foreach (var (method, path, status, code) in ((string, string, int, string)[])
            [("GET", "v2/talk/nothing", 404, "route_not_found"), ("GET", "v2/talk/run", 405, "method_not_allowed")])
        {
            var (answer, problem) = await SendAsync(server, method, path);
            Assert.Equal((status, code), ((int)answer.StatusCode, problem.GetProperty("code").GetString()));
            Assert.Equal(["error", "code"], JobServer.NamesOf(problem));
        }
    }

    private static async Task<(HttpResponseMessage Answer, JsonElement Problem)> SendAsync(
        JobServer server, string method, string path, string? type = null, string body = "")
    {
        using var message = new HttpRequestMessage(new HttpMethod(method), new Uri(server.Address, path));
        if (type is not null)
        {
            message.Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(type));
        }

        var answer = await server.Http.SendAsync(message, TestEnd);
        return (answer, JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestEnd)).RootElement);
    }
}
