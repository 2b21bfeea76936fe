using System.Net;
using WanTalk.Api.Health;
using WanTalk.Api.Tests.RunPod;
using WanTalk.Core.Owners;
using WanTalk.Storage.Local;

namespace WanTalk.Api.Tests.Health;

/// <summary>Probes see without a key whether the host can do its work, and learn nothing but the names of what is missing.</summary>
public sealed class HealthSpecs
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Storage_that_cannot_be_used_is_missing_until_it_can()
    {
        var folder = Directory.CreateTempSubdirectory("wantalk-health-");
        try
        {
            var home = new HomeLayout(folder.FullName);
            using var queues = new LocalWorkQueues(home, TimeProvider.System);
            using var records = new SqliteRecordStore(home.IndexDatabase);
            var store = new FolderArtifactStore(home.Artifacts, TimeProvider.System);
            await using var server = await JobServer.StartAsync(
                keys: ApiKeys.Parse($"alice={ApiKeys.HashOf(ApiKeys.New())}"), checks: [.. StorageChecks.Of(store, records, queues)]);
            Assert.Equal((200, """{"status":"alive"}"""), await GetAsync(server, "live"));
            Assert.Equal((200, """{"ready":true,"missing":[]}"""), await GetAsync(server, "ready"));
            Assert.Equal((200, """{"ready":true,"missing":[]}"""), await GetAsync(server, "startup"));

            Directory.Delete(home.Artifacts, recursive: true);
            await File.WriteAllTextAsync(home.Artifacts, "in the way", TestEnd);
            Assert.Equal((200, """{"ready":true,"missing":[]}"""), await GetAsync(server, "ready"));
            server.Host.Clock.Advance(Readiness.Fresh);
            Assert.Equal((503, """{"ready":false,"missing":["storage"]}"""), await GetAsync(server, "ready"));
            Assert.Equal((200, """{"ready":false,"missing":["storage"]}"""), await GetAsync(server, "startup"));
            Assert.Equal((200, """{"status":"alive"}"""), await GetAsync(server, "live"));

            File.Delete(home.Artifacts);
            server.Host.Clock.Advance(Readiness.Fresh);
            Assert.Equal((200, """{"ready":true,"missing":[]}"""), await GetAsync(server, "ready"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task What_does_not_answer_is_missing_and_what_is_wrong_with_it_is_not_told()
    {
        var looks = 0;
        var looked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await JobServer.StartAsync(checks: [
            new ReadinessCheck("index", _ => throw new InvalidOperationException("password=swordfish")),
            new ReadinessCheck("queues", _ => Task.FromResult<string?>(null)),
            new ReadinessCheck("runner", async _ =>
            {
                Interlocked.Increment(ref looks);
                looked.TrySetResult();
                await Task.Delay(Timeout.Infinite, TestEnd);
                return null;
            }),
        ]);
        var asked = Enumerable.Range(0, 20).Select(_ => GetAsync(server, "ready")).ToList();
        await looked.Task.WaitAsync(TimeSpan.FromSeconds(30), TestEnd);
        server.Host.Clock.Advance(Readiness.Patience);

        Assert.All(await Task.WhenAll(asked), answer => Assert.Equal((503, """{"ready":false,"missing":["index","runner"]}"""), answer));
        Assert.Equal(1, looks);
    }

    private static async Task<(int Status, string Body)> GetAsync(JobServer server, string probe)
    {
        using var answer = await server.Http.GetAsync(new Uri($"/health/{probe}", UriKind.Relative), TestEnd);
        Assert.NotEqual(HttpStatusCode.Unauthorized, answer.StatusCode);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestEnd));
    }
}
