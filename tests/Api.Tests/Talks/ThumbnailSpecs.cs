using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using WanTalk.Api.Tests.RunPod;
using WanTalk.Core.Owners;
using WanTalk.Core.Talks;

namespace WanTalk.Api.Tests.Talks;

/// <summary>A list of talks shows what they are of, without loading whole portraits again and again.</summary>
public sealed class ThumbnailSpecs
{
    private static readonly byte[] Picture = [0xFF, 0xD8, 0xFF, 0xD9];

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thumbnail_is_its_owners_to_keep_once_it_is_there()
    {
        var (alice, bob) = (ApiKeys.New(), ApiKeys.New());
        await using var server = await JobServer.StartAsync(keys: ApiKeys.Parse($"alice={ApiKeys.HashOf(alice)},bob={ApiKeys.HashOf(bob)}"));
        server.Key = alice;
        var (_, talk) = await server.PostAsync("/api/talks", JobServer.Minimal);
        var thumbnail = new Uri(talk.GetProperty("links").GetProperty("thumbnail").GetString()!);
        Assert.Equal((HttpStatusCode.NotFound, "thumbnail_not_found"), await CodeAsync(server, thumbnail));

        using (var content = new MemoryStream(Picture))
        {
            await server.Host.Store.WriteAsync(new TalkPaths(talk.GetProperty("id").GetString()!).Thumbnail, content, TestEnd);
        }

        using var answer = await server.Http.GetAsync(thumbnail, TestEnd);
        Assert.Equal(Picture, await answer.Content.ReadAsByteArrayAsync(TestEnd));
        Assert.Equal("image/jpeg", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal((true, TimeSpan.FromDays(365)), (answer.Headers.CacheControl!.Private, answer.Headers.CacheControl.MaxAge));
        using var again = new HttpRequestMessage(HttpMethod.Get, thumbnail);
        again.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(answer.Headers.ETag!.ToString()));
        using var unchanged = await server.Http.SendAsync(again, TestEnd);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

        server.Key = bob;
        Assert.Equal((HttpStatusCode.NotFound, "talk_not_found"), await CodeAsync(server, thumbnail));
    }

    private static async Task<(HttpStatusCode Status, string? Code)> CodeAsync(JobServer server, Uri address)
    {
        using var answer = await server.Http.GetAsync(address, TestEnd);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestEnd));
        return (answer.StatusCode, problem.RootElement.GetProperty("code").GetString());
    }
}
