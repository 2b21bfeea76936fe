using WanTalk.Radosgw;
using WanTalk.Storage.R2;

namespace WanTalk.Storage.Tests.R2;

/// <summary>A playlist in a bucket that everybody can read, written by several runners at once.</summary>
public sealed class R2PlaylistSpecs(RadosgwFixture radosgw) : IAsyncLifetime
{
    private const string Key = "t1/hls/video.m3u8";
    private const int States = 12;
    private readonly HttpClient _http = new();
    private RadosgwServer _server = null!;
    private string _bucket = null!;
    private R2Publisher _publisher = null!;

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await radosgw.Server;
        _bucket = await _server.NewBucketAsync(isOpen: true, TestEnd);
        _publisher = new R2Publisher(_server.Options(_bucket, isOpen: true), TimeProvider.System);
    }

    public ValueTask DisposeAsync()
    {
        _publisher.Dispose();
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Of_runners_that_write_at_once_the_newest_wins_and_nobody_sees_it_go_back()
    {
        var random = new Random(20261130);
        var address = (await PublishAsync(1))!;
        using var done = new CancellationTokenSource();
        var watched = WatchAsync(address, done.Token);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            foreach (var state in Enumerable.Range(1, States).OrderBy(state => state + random.Next(4)).ToList())
            {
                await PublishAsync(state);
            }
        }, TestEnd)));
        await done.CancelAsync();

        var seen = await watched;
        Assert.Equal(seen.Order(), seen);
        Assert.Equal(TextOf(States), await _http.GetStringAsync(address, TestEnd));
    }

    [Fact]
    public async Task Players_and_caches_are_told_what_playlists_and_segments_are()
    {
        using var playlist = await _http.GetAsync(await PublishAsync(1), TestEnd);
        Assert.Equal("application/vnd.apple.mpegurl", playlist.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-cache", string.Join(", ", playlist.Headers.NonValidated["Cache-Control"]));

        // SHA-256 of three zero bytes.
        const string Name = "709e80c88487a2411e1ee4dfb9f22a861492d20c4765150c0c794abd70f8147c.m4s";
        var segment = await _publisher.PublishAsync($"t1/hls/{Name}", _ => Task.FromResult<Stream>(new MemoryStream(new byte[3])), 3, TestEnd);
        using var got = await _http.GetAsync(segment, TestEnd);
        Assert.Equal("video/iso.segment", got.Content.Headers.ContentType!.ToString());
        Assert.Equal("public, max-age=31536000, immutable", string.Join(", ", got.Headers.NonValidated["Cache-Control"]));
        Assert.EndsWith($"/t1/hls/{Name}", segment.AbsoluteUri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_bucket_whose_addresses_are_signed_and_end_no_playlist_is_published()
    {
        using var closed = new R2Publisher(_server.Options(_bucket), TimeProvider.System);
        Assert.Null(await closed.PublishPlaylistAsync(Key, TextOf(1), 1, TestEnd));
        Assert.Empty(await _server.KeysAsync(_bucket, TestEnd));
    }

    private Task<Uri?> PublishAsync(int state) => _publisher.PublishPlaylistAsync(Key, TextOf(state), state, TestEnd);

    private async Task<List<int>> WatchAsync(Uri address, CancellationToken done)
    {
        var seen = new List<int>();
        do
        {
            seen.Add(int.Parse((await _http.GetStringAsync(address, TestEnd)).Split('\n')[1]));
        }
        while (!done.IsCancellationRequested);
        return seen;
    }

    private static string TextOf(int state) => $"#EXTM3U\n{state}\n";
}
