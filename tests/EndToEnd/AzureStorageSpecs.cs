using System.Net.Http.Headers;
using System.Text.Json;
using WanTalk.Azurite;
using WanTalk.Core.Artifacts;
using WanTalk.EndToEnd.Support;
using WanTalk.Storage;
using WanTalk.Storage.Azure;

namespace WanTalk.EndToEnd;

/// <summary>Talks whose artifacts and lanes are in Azure's storage, which here is an Azurite that no other tests use.</summary>
public sealed class AzureStorageSpecs(AzuriteFixture azurite, FolderTalk undisturbed)
    : IClassFixture<AzuriteFixture>, IClassFixture<FolderTalk>, IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _container = $"t-{Guid.NewGuid():n}";
    private AzuriteServer _server = null!;
    private BlobArtifactStore _store = null!;

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    private Dictionary<string, string> Settings => new()
    {
        [AzureStorageOptions.ConnectionStringVariable] = _server.ConnectionString,
        [StorageAdapters.ContainerVariable] = _container,
        [StorageAdapters.QueuePrefixVariable] = $"{_container}-",
    };

    public async ValueTask InitializeAsync()
    {
        _server = await azurite.Server;
        var account = new AzureStorageAccount(new AzureStorageOptions { ConnectionString = _server.ConnectionString });
        _store = new BlobArtifactStore(account, new BlobArtifactStoreOptions { Container = _container });
        await _store.PrepareAsync(TestEnd);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_talk_has_the_bytes_that_a_folder_gives_though_the_account_and_the_host_are_killed_on_its_way()
    {
        string id;
        await using (var talk = WanTalkCommand.Start(
            _folder, [], [.. Arguments("talk", Repository.Portrait, Repository.Speech), "--storage", "azure"], Settings))
        {
            id = await talk.FirstErrorLine;
            await WaitForWindowAsync(id, 0);
            await _server.KillAsync();
            await _server.GoOnAsync(TestEnd);
            await WaitForWindowAsync(id, 1);
            talk.Kill();
        }

        await using var resume = WanTalkCommand.Start(_folder, [], ["resume", id, "--out", "talk.mp4", "--storage", "azure"], Settings);
        var resumed = await resume.WaitAsync();
        Assert.True(resumed.ExitCode == 0, resumed.Said);
        Assert.Equal(await undisturbed.BytesAsync(), await File.ReadAllBytesAsync(_folder.File("talk.mp4"), TestEnd));
        Assert.False(Directory.Exists(_folder.File("home/artifacts")));
        Assert.False(File.Exists(_folder.File("home/lanes.db")));
        Assert.Equal(3, await CountAsync($"talks/{id}/take-00", CommitRecord.IsRecordName));
        Assert.All(
            Directory.EnumerateFiles(_folder.File("home/logs")),
            log => Assert.DoesNotContain("AccountKey", File.ReadAllText(log), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_talk_waits_for_an_account_that_is_away_for_twenty_seconds_and_no_attempt_is_lost()
    {
        using var engineFolder = new TemporaryFolder();
        await using var engine = await EngineProcess.StartAsync(engineFolder, "--faults");
        await engine.ArmAsync(new { kind = "slow_window", window = 1, seconds = 600 });
        await using var talk = WanTalkCommand.Start(
            _folder, [],
            [.. Arguments("talk", Repository.Portrait, Repository.Speech), "--storage", "azure", "--comfyui", engine.Address], Settings);
        var id = await talk.FirstErrorLine;
        await WaitForWindowAsync(id, 0);
        await _server.KillAsync();

        // The engine goes on, so that windows are finished that cannot be stored for now.
        await engine.ClearAsync();
        await Task.Delay(TimeSpan.FromSeconds(20), TestEnd);
        Assert.False(talk.HasExited);
        await _server.GoOnAsync(TestEnd);

        var done = await talk.WaitAsync();
        Assert.True(done.ExitCode == 0, done.Said);
        Assert.Equal(await undisturbed.BytesAsync(), await File.ReadAllBytesAsync(_folder.File("talk.mp4"), TestEnd));
        Assert.Equal(3, await CountAsync($"talks/{id}/take-00", CommitRecord.IsRecordName));
        Assert.Equal(
            ["assemble-talk", "embed-talk", "prepare-talk", "publish-talk", "sample-00-0000", "separate-talk"],
            await _store.ListAsync(new ArtifactPath($"talks/{id}/work"), TestEnd)
                .Where(artifact => artifact.Path.Value.EndsWith("/request.json", StringComparison.Ordinal))
                .Select(artifact => artifact.Path.Value.Split('/')[3])
                .ToListAsync(TestEnd));
    }

    [Fact]
    public async Task A_served_talk_is_downloaded_in_parts()
    {
        await MediaFile.MakeAsync($"-i \"{Repository.Speech}\" -t 1.2 {_folder.File("short.wav")}");
        await using var server = WanTalkCommand.Start(_folder, [], ["serve", "--port", "0", "--storage", "azure"], Settings);
        var address = new Uri((await server.FirstOutputLine).Split(' ')[^1]);
        using var http = new HttpClient { BaseAddress = address };
        using var form = new MultipartFormDataContent
        {
            { new StreamContent(File.OpenRead(Repository.Portrait)), "portrait", "portrait.png" },
            { new StreamContent(File.OpenRead(_folder.File("short.wav"))), "speech", "short.wav" },
            { new StringContent("128"), "width" },
            { new StringContent("128"), "height" },
        };
        using var accepted = await http.PostAsync("/api/talks", form, TestEnd);
        var talk = accepted.Headers.Location!;
        while (JsonDocument.Parse(await http.GetByteArrayAsync(talk, TestEnd)).RootElement.GetProperty("status").GetString() is var status
            && status != "completed")
        {
            Assert.Contains(status, (string[])["queued", "running"]);
            await Task.Delay(TimeSpan.FromMilliseconds(200), TestEnd);
        }

        var whole = await http.GetByteArrayAsync($"{talk}/video", TestEnd);
        using var range = new HttpRequestMessage(HttpMethod.Get, $"{talk}/video") { Headers = { Range = new RangeHeaderValue(1000, 1999) } };
        using var part = await http.SendAsync(range, TestEnd);
        Assert.Equal($"bytes 1000-1999/{whole.Length}", part.Content.Headers.ContentRange!.ToString());
        Assert.Equal(whole[1000..2000], await part.Content.ReadAsByteArrayAsync(TestEnd));
        server.Kill();
    }

    [Fact]
    public async Task Doctor_says_whether_the_account_can_be_used()
    {
        await using var right = WanTalkCommand.Start(_folder, [], ["doctor", "--storage", "azure"], Settings);
        Assert.Contains((await right.WaitAsync()).Output, line => line == $"ok      storage: azure: {_server.BlobUrl}/{_container}");

        await using var wrong = WanTalkCommand.Start(_folder, [], ["doctor"], new Dictionary<string, string> { ["WANTALK_STORAGE"] = "azure" });
        var said = await wrong.WaitAsync();
        Assert.Equal(1, said.ExitCode);
        Assert.Contains(said.Output, line => line.StartsWith(
            "missing storage: azure: Azure's storage needs AZURE_STORAGE_ACCOUNT", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2, "argument_invalid: Azure's storage needs AZURE_STORAGE_ACCOUNT", "azure")]
    [InlineData(2, "argument_invalid: There is no storage 'cloud'. Give one of folder, azure.", "cloud")]
    [InlineData(2, "argument_invalid: AZURE_STORAGE_CONNECTION_STRING is no", "azure", "AZURE_STORAGE_CONNECTION_STRING", "secret")]
    [InlineData(2, "argument_invalid: WANTALK_STORAGE_CONTAINER is wrong", "azure", "WANTALK_STORAGE_CONTAINER", "No Container", "AZURE_STORAGE_ACCOUNT", "videos1")]
    [InlineData(2, "argument_invalid: WANTALK_STORAGE_QUEUE_PREFIX is wrong", "azure", "WANTALK_STORAGE_QUEUE_PREFIX", "No Prefix", "AZURE_STORAGE_ACCOUNT", "videos1")]
    [InlineData(1, "storage_unavailable: http://127.0.0.1:9/", "azure", "AZURE_STORAGE_CONNECTION_STRING", "AccountName=a;AccountKey=c2VjcmV0;BlobEndpoint=http://127.0.0.1:9/a;QueueEndpoint=http://127.0.0.1:9/a")]
    public async Task What_is_missing_or_wrong_in_the_settings_is_said_before_a_talk_begins(
        int exitCode, string said, string storage, params string[] settings)
    {
        var environment = settings.Chunk(2).ToDictionary(setting => setting[0], setting => setting[1]);
        await using var command = WanTalkCommand.Start(
            _folder, [], [.. Arguments("talk", Repository.Portrait, Repository.Speech), "--storage", storage], environment);
        var refused = await command.WaitAsync();

        Assert.True(refused.ExitCode == exitCode, refused.Said);
        Assert.StartsWith(said, Assert.Single(refused.Error), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", refused.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lanes_are_shared_in_an_account_only()
    {
        await using var command = WanTalkCommand.Start(_folder, "serve", "--port", "0", "--shared-lanes");
        var refused = await command.WaitAsync();
        Assert.Equal(2, refused.ExitCode);
        Assert.StartsWith("argument_invalid: --shared-lanes", Assert.Single(refused.Error), StringComparison.Ordinal);
    }

    internal static string[] Arguments(params string[] command) =>
        [.. command, "--out", "talk.mp4", "--width", "256", "--height", "256", "--seed", "42"];

    private async Task WaitForWindowAsync(string talk, int window)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        while (await CountAsync($"talks/{talk}/take-00", CommitRecord.IsRecordName) <= window)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }
    }

    private async Task<int> CountAsync(string folder, Func<ArtifactPath, bool> which) =>
        await _store.ListAsync(new ArtifactPath(folder), TestEnd).CountAsync(artifact => which(artifact.Path), TestEnd);
}

/// <summary>The talk of these tests, made once in a folder while nothing goes wrong.</summary>
public sealed class FolderTalk
{
    private readonly Lazy<Task<byte[]>> _bytes = new(async () =>
    {
        using var folder = new TemporaryFolder();
        var made = await WanTalkCommand.RunAsync(folder, AzureStorageSpecs.Arguments("talk", Repository.Portrait, Repository.Speech));
        Assert.True(made.ExitCode == 0, made.Said);
        return await File.ReadAllBytesAsync(folder.File("talk.mp4"));
    });

    /// <summary>Its video.</summary>
    public Task<byte[]> BytesAsync() => _bytes.Value;
}
