using System.Net;
using System.Text.RegularExpressions;
using WanTalk.Api.Page;
using WanTalk.Api.Tests.RunPod;
using WanTalk.Core.Owners;

namespace WanTalk.Api.Tests.Page;

/// <summary>The page's files, as they are sent; what they do is looked at in a browser, in Page.Tests.</summary>
public sealed partial class PageFileSpecs
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_needs_no_key_runs_nothing_from_elsewhere_and_is_not_sent_twice()
    {
        await using var server = await JobServer.StartAsync(keys: ApiKeys.Parse($"alice={ApiKeys.HashOf(ApiKeys.New())}"));
        using var http = new HttpClient { BaseAddress = server.Address };
        using var page = await http.GetAsync("/", TestEnd);
        Assert.Equal((HttpStatusCode.OK, "text/html; charset=utf-8"), (page.StatusCode, page.Content.Headers.ContentType!.ToString()));
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("no-cache", page.Headers.CacheControl!.ToString());

        using var again = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { IfNoneMatch = { page.Headers.ETag! } } };
        using var unchanged = await http.SendAsync(again, TestEnd);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

        using var packed = new HttpRequestMessage(HttpMethod.Get, "/page/main.js") { Headers = { AcceptEncoding = { new("gzip") } } };
        using var script = await http.SendAsync(packed, TestEnd);
        Assert.Equal(("text/javascript; charset=utf-8", "gzip"), (script.Content.Headers.ContentType!.ToString(), script.Content.Headers.ContentEncoding.Single()));
        Assert.NotEqual(page.Headers.ETag, script.Headers.ETag);

        using var missing = await http.GetAsync("/page/..%2Fnothing.js", TestEnd);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public void Every_file_that_one_names_is_there_and_what_has_a_version_in_its_name_is_kept_for_ever()
    {
        var files = PageFile.ReadAll();
        foreach (var (name, file) in files.Where(file => !file.Key.StartsWith("vendor/", StringComparison.Ordinal)))
        {
            var text = System.Text.Encoding.UTF8.GetString(file.Content);
            var folder = new Uri(name == "index.html" ? "http://host/" : $"http://host/page/{name}");
            foreach (var named in Names().Matches(text).Select(match => match.Groups[1].Value))
            {
                Assert.True(files.ContainsKey(new Uri(folder, named).AbsolutePath["/page/".Length..]), $"{name} names {named}");
            }
        }

        Assert.All(files, file => Assert.Equal(file.Key.StartsWith("vendor/", StringComparison.Ordinal), file.Value.IsVersioned));
        Assert.DoesNotContain("<script>", System.Text.Encoding.UTF8.GetString(files["index.html"].Content), StringComparison.Ordinal);
    }

    /// <summary>What modules import, and what the page loads.</summary>
    [GeneratedRegex("""(?:from|import|hlsModule =|src=|href=) ?['"](\.[^'"]+|page/[^'"]+)['"]""")]
    private static partial Regex Names();
}
