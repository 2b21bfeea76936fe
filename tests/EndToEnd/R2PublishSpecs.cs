using System.Text.Json;
using WanTalk.Azurite;
using WanTalk.EndToEnd.Support;
using WanTalk.Radosgw;
using WanTalk.Storage;
using WanTalk.Storage.Azure;
using WanTalk.Storage.R2;

namespace WanTalk.EndToEnd;

/// <summary>Talks that are published to a bucket, which here is on Ceph's S3 server.</summary>
public sealed class R2PublishSpecs(RadosgwFixture radosgw, AzuriteFixture azurite)
    : IClassFixture<RadosgwFixture>, IClassFixture<AzuriteFixture>, IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _elsewhere = new();
    private readonly HttpClient _http = new();
    private RadosgwServer _server = null!;
    private BadNetwork _network = null!;
    private string _bucket = null!;

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    private Dictionary<string, string> Settings => new()
    {
        [R2Options.EndpointVariable] = _network.Url.AbsoluteUri,
        [R2Options.AccessKeyVariable] = _server.AccessKey,
        [R2Options.SecretKeyVariable] = _server.SecretKey,
        [R2Options.BucketVariable] = _bucket,
    };

    public async ValueTask InitializeAsync()
    {
        _server = await radosgw.Server;
        _network = new BadNetwork(_server.Port);
        _bucket = await _server.NewBucketAsync(isOpen: false, TestEnd);
        await MediaFile.MakeAsync($"-i \"{Repository.Speech}\" -t 1.2 {_folder.File("short.wav")}");
    }

    public async ValueTask DisposeAsync()
    {
        await _network.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
        _elsewhere.Dispose();
    }

    [Fact]
    public async Task A_talk_in_the_cloud_is_delivered_and_everybody_with_its_address_gets_it_too()
    {
        var account = await azurite.Server;
        var container = $"t-{Guid.NewGuid():n}";
        var settings = new Dictionary<string, string>(Settings)
        {
            [AzureStorageOptions.ConnectionStringVariable] = account.ConnectionString,
            [StorageAdapters.ContainerVariable] = container,
            [StorageAdapters.QueuePrefixVariable] = $"{container}-",
        };
        await using var talk = WanTalkCommand.Start(_folder, [], [.. Talk, "--json", "--storage", "azure", "--publish", "r2"], settings);
        var done = await talk.WaitAsync();

        Assert.True(done.ExitCode == 0, done.Said);
        var summary = JsonDocument.Parse(done.Output[^1]).RootElement;
        var url = Assert.Single(summary.GetProperty("urls").EnumerateArray()).GetString()!;
        Assert.Contains($"published: {url}", done.Error);
        var delivered = await File.ReadAllBytesAsync(_folder.File("talk.mp4"), TestEnd);
        Assert.Equal(delivered, await _http.GetByteArrayAsync(new Uri(url), TestEnd));
        Assert.StartsWith($"{summary.GetProperty("id").GetString()}/", Assert.Single(await _server.KeysAsync(_bucket, TestEnd)), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("home/artifacts")));
        Assert.False(Directory.Exists(_folder.File("home/published")));
        Assert.All(
            Directory.EnumerateFiles(_folder.File("home/logs")),
            log => Assert.DoesNotContain(_server.SecretKey, File.ReadAllText(log), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bucket_that_goes_away_in_the_middle_of_an_upload_and_comes_back_has_one_video()
    {
        var left = 4;
        _network.Fates = request => (request.Method == "PUT" || left < 4) && Interlocked.Decrement(ref left) >= 0
            ? request.Method == "PUT" ? Fate.IsCut : Fate.Fails
            : Fate.Arrives;
        await using var talk = WanTalkCommand.Start(_folder, [], [.. Talk, "--publish", "r2"], Settings);
        var done = await talk.WaitAsync();

        Assert.True(done.ExitCode == 0, done.Said);
        Assert.True(left < 0);
        Assert.Equal(_folder.File("talk.mp4"), done.Output[^1]);
        var url = Assert.Single(done.Error, line => line.StartsWith("published: ", StringComparison.Ordinal)).Split(' ')[1];
        Assert.Equal(await File.ReadAllBytesAsync(_folder.File("talk.mp4"), TestEnd), await _http.GetByteArrayAsync(new Uri(url), TestEnd));
        Assert.Single(await _server.KeysAsync(_bucket, TestEnd));
        Assert.Empty(await _server.UploadsAsync(_bucket, TestEnd));
    }

    [Fact]
    public async Task A_talk_plays_from_its_bucket_while_it_is_made_and_its_segments_joined_are_its_video()
    {
        var open = await _server.NewBucketAsync(isOpen: true, TestEnd);
        await using var engine = await EngineProcess.StartAsync(_elsewhere, "--faults");
        var settings = new Dictionary<string, string>(Settings)
        {
            ["WANTALK_PUBLISH"] = "r2",
            [R2Options.BucketVariable] = open,
            [R2Options.PublicUrlVariable] = $"{_network.Url}{open}",
        };
        await using var server = await TalkServer.StartAsync(_folder, settings, engine);
        // The last of three windows is not made before the playlist was seen without it.
        await engine.ArmAsync(new { kind = "slow_window", window = 2, seconds = 600 });
        using var accepted = await server.PostAsync(128, null, null, ("stream", "true"));
        var talk = accepted.Headers.Location!;
        var playing = await server.PollAsync(talk, view => view.TryGetProperty("stream_url", out _));
        var index = new Uri(playing.GetProperty("stream_url").GetString()!);
        Assert.StartsWith($"{_network.Url}{open}/", index.ToString(), StringComparison.Ordinal);
        var playlist = new Uri(index, "video.m3u8");
        var before = await NamesAsync();
        Assert.InRange(before.Length, 1, 2);
        await engine.ClearAsync();
        var done = await server.PollAsync(talk, view =>
        {
            var now = NamesAsync().GetAwaiter().GetResult();
            Assert.Equal(before, now.Take(before.Length));
            before = now;
            return view.GetProperty("status").GetString() == "completed";
        });

        Assert.Equal(done.GetProperty("windows_planned").GetInt32(), before.Length);
        Assert.DoesNotContain("stream", done.GetProperty("warnings").ToString(), StringComparison.Ordinal);
        // It was put there before it was whole, and again when it had grown.
        Assert.InRange(_network.Seen.Count(request => request is { Method: "PUT" } && request.Target.Split('?')[0].EndsWith("/hls/video.m3u8", StringComparison.Ordinal)), 2, int.MaxValue);
        await server.DownloadAsync(done, _folder.File("video.mp4"));
        await StreamFiles.JoinAsync(_http, playlist, _folder.File("joined.mp4"));
        var frames = await StreamFiles.FramesAsync(_folder.File("video.mp4"), "v");
        Assert.Equal(frames, await StreamFiles.FramesAsync(_folder.File("joined.mp4"), "v"));
        Assert.Equal(frames.Select(StreamFiles.HashOf), (await StreamFiles.FramesAsync(index.ToString(), "v")).Select(StreamFiles.HashOf));

        async Task<string[]> NamesAsync() => StreamFiles.Names(await _http.GetStringAsync(playlist, TestEnd));
    }

    [Fact]
    public async Task Doctor_says_whether_the_bucket_can_be_used()
    {
        await using var right = WanTalkCommand.Start(_folder, [], ["doctor", "--publish", "r2"], Settings);
        Assert.Contains((await right.WaitAsync()).Output, line => line == $"ok      publish: r2: {_network.Url}{_bucket}");

        await using var wrong = WanTalkCommand.Start(_folder, [], ["doctor"], new Dictionary<string, string> { ["WANTALK_PUBLISH"] = "r2" });
        var said = await wrong.WaitAsync();
        Assert.Equal(1, said.ExitCode);
        Assert.Contains(said.Output, line => line.StartsWith("missing publish: r2: Publishing to R2 needs R2_ENDPOINT_URL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2, "argument_invalid: There is no publisher 'ftp'. Give one of folder, r2.", "ftp")]
    [InlineData(2, "argument_invalid: Publishing to R2 needs R2_SECRET_ACCESS_KEY, R2_BUCKET_NAME; set", "r2", "R2_SECRET_ACCESS_KEY", "", "R2_BUCKET_NAME", "")]
    [InlineData(1, "storage_unavailable: http://127.0.0.1:9/", "r2", "R2_ENDPOINT_URL", "http://127.0.0.1:9")]
    [InlineData(1, "storage_unavailable: http://127.0.0.1:", "r2", "R2_SECRET_ACCESS_KEY", "5555555555555555")]
    public async Task What_is_missing_or_wrong_in_the_settings_is_said_before_a_talk_begins(
        int exitCode, string said, string publish, params string[] changes)
    {
        var settings = Settings;
        foreach (var change in changes.Chunk(2))
        {
            settings[change[0]] = change[1];
        }

        await using var command = WanTalkCommand.Start(_folder, [], [.. Talk, "--publish", publish], settings);
        var refused = await command.WaitAsync();

        Assert.True(refused.ExitCode == exitCode, refused.Said);
        Assert.StartsWith(said, Assert.Single(refused.Error), StringComparison.Ordinal);
        Assert.DoesNotContain("5555555555555555", refused.Said, StringComparison.Ordinal);
    }

    private string[] Talk =>
        ["talk", Repository.Portrait, _folder.File("short.wav"), "--out", "talk.mp4", "--width", "128", "--height", "128", "--seed", "42"];
}
