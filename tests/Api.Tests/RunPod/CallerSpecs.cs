using WanTalk.Core.Owners;

namespace WanTalk.Api.Tests.RunPod;

/// <summary>Jobs belong to the key that sent them, whatever endpoint it named.</summary>
public sealed class CallerSpecs
{
    [Fact]
    public async Task A_key_has_its_own_jobs_only()
    {
        var (alice, bob) = (ApiKeys.New(), ApiKeys.New());
        await using var server = await JobServer.StartAsync(keys: ApiKeys.Parse($"alice={ApiKeys.HashOf(alice)},bob={ApiKeys.HashOf(bob)};rate=3"));
        server.Key = alice;
        var job = await server.RunAsync();
        Assert.Equal("IN_QUEUE", await server.StateAsync(job));

        server.Key = bob;
        Assert.Equal(404, (await server.GetAsync($"talk/status/{job}")).Status);
        Assert.Equal(404, (await server.PostAsync($"talk/cancel/{job}")).Status);
        Assert.Equal(0, (await server.PostAsync("talk/purge-queue")).Body.GetProperty("removed").GetInt32());
        Assert.Equal(0, (await server.GetAsync("talk/health")).Body.GetProperty("jobs").GetProperty("inQueue").GetInt32());
        Assert.Equal(404, (await server.PostAsync($"talk/retry/{job}")).Status);
        Assert.Equal(429, (await server.PostAsync("talk/purge-queue")).Status);

        server.Key = null;
        var (status, body) = await server.GetAsync($"talk/status/{job}");
        Assert.Equal((401, "key_invalid"), (status, body.GetProperty("code").GetString()));

        server.Key = alice;
        Assert.Equal(1, (await server.PostAsync("talk/purge-queue")).Body.GetProperty("removed").GetInt32());
    }
}
