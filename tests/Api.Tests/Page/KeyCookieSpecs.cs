using System.Net;
using WanTalk.Api.Tests.RunPod;
using WanTalk.Core.Owners;

namespace WanTalk.Api.Tests.Page;

/// <summary>The key of what a browser asks for without headers.</summary>
public sealed class KeyCookieSpecs
{
    [Theory]
    [InlineData("GET", "api/talks", HttpStatusCode.OK)]
    [InlineData("POST", "api/talks", HttpStatusCode.Unauthorized)]
    [InlineData("POST", "api/uploads", HttpStatusCode.Unauthorized)]
    [InlineData("DELETE", "api/talks/none", HttpStatusCode.Unauthorized)]
    public async Task It_is_taken_for_reads_only(string method, string path, HttpStatusCode expected)
    {
        var key = ApiKeys.New();
        await using var server = await JobServer.StartAsync(keys: ApiKeys.Parse($"alice={ApiKeys.HashOf(key)}"));
        using var http = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = server.Address };
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Headers = { { "Cookie", $"wantalk_key={key}" } } };
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(expected, answer.StatusCode);
    }
}
