using WanTalk.Azurite;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Work;
using WanTalk.Storage.Tests.Children;

namespace WanTalk.Storage.Tests.Azure;

/// <summary>The account goes away with kill -9 in the middle of work, and comes back: work goes on, and nothing is seen half.</summary>
/// <param name="azurite">One that no other tests use.</param>
public sealed class AzuriteKillSpecs(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>, IAsyncLifetime
{
    /// <summary>Longer than the account is waited for.</summary>
    private static readonly TimeSpan _lease = TimeSpan.FromMinutes(5);

    private AzuriteServer _server = null!;

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await azurite.Server;
        if (!_server.IsRunning)
        {
            await _server.GoOnAsync(TestEnd);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_long_upload_goes_on_and_shows_nothing_before_its_end(bool createOnly)
    {
        var store = await _server.NewStoreAsync(TestEnd);
        var path = new ArtifactPath("talks/t1/video.mp4");
        var whole = Bytes.Of(7, 1_000_000);
        await using var content = new HaltingStream(whole, async () =>
        {
            await _server.KillAsync();
            await _server.GoOnAsync(TestEnd);
            Assert.Null(await store.GetPropertiesAsync(path, TestEnd));
            Assert.Empty(await store.ListAsync(new("talks"), TestEnd).ToListAsync(TestEnd));
        });

        await (createOnly ? Won(store.TryCreateAsync(path, content, TestEnd)) : store.WriteAsync(path, content, TestEnd));

        Assert.Equal(whole.ToArray(), await store.TryReadAsync(path.Value, TestEnd));

        static async Task Won(Task<bool> creating) => Assert.True(await creating);
    }

    [Fact]
    public async Task An_upload_waits_for_an_account_that_comes_back()
    {
        var store = await _server.NewStoreAsync(TestEnd);
        await _server.KillAsync();
        using var content = Bytes.Of(7, 1_000_000);
        var writing = store.WriteAsync(new("talks/t1/video.mp4"), content, TestEnd);
        Assert.False(writing.IsCompleted);
        await _server.GoOnAsync(TestEnd);
        await writing;

        Assert.Equal(content.ToArray(), await store.TryReadAsync("talks/t1/video.mp4", TestEnd));
    }

    [Fact]
    public async Task A_long_download_goes_on()
    {
        var store = await _server.Account().NewStoreAsync(TestEnd, blockBytes: 4_000_000);
        var bytes = Enumerable.Range(0, 40_000_000).Select(number => (byte)(number / 100_000)).ToArray();
        using var whole = new MemoryStream(bytes);
        await store.WriteAsync(new("talks/t1/video.mp4"), whole, TestEnd);

        await using var reading = (await store.OpenReadAsync(new("talks/t1/video.mp4"), TestEnd))!;
        var read = new byte[bytes.Length];
        await reading.ReadExactlyAsync(read.AsMemory(0, 1_000_000), TestEnd);
        await _server.KillAsync();
        await _server.GoOnAsync(TestEnd);
        await reading.ReadExactlyAsync(read.AsMemory(1_000_000), TestEnd);

        Assert.Equal(0, await reading.ReadAsync(new byte[1], TestEnd));
        Assert.True(bytes.AsSpan().SequenceEqual(read));
    }

    [Fact]
    public async Task A_receiver_waits_on_and_a_lease_is_still_held()
    {
        var queue = (await _server.Account().NewQueuesAsync(TestEnd)).ForLane(Lane.Sample);
        await queue.SendAsync("held", TimeSpan.Zero, TestEnd);
        var held = await queue.ReceiveAsync(_lease, TimeSpan.Zero, TestEnd);
        var receiving = queue.ReceiveAsync(_lease, _lease, TestEnd);
        await _server.KillAsync();
        var renewing = queue.RenewAsync(held!, _lease, TestEnd);
        await _server.GoOnAsync(TestEnd);

        var renewed = await renewing;
        Assert.NotNull(renewed);
        await queue.SendAsync("later", TimeSpan.Zero, TestEnd);
        Assert.Equal("later", (await receiving.WaitAsync(_lease, TestEnd))!.Body);
        Assert.True(await queue.DeleteAsync(renewed, TestEnd));
        Assert.Equal(1, await queue.CountAsync(TestEnd));
    }

    [Fact]
    public async Task An_account_that_stays_away_is_said_by_its_address()
    {
        var account = _server.Account(maxRetries: 1);
        var store = await account.NewStoreAsync(TestEnd);
        var queues = await account.NewQueuesAsync(TestEnd);
        using var large = Bytes.Of(1, 200_000);
        await store.WriteAsync(new("talks/a"), large, TestEnd);
        var reading = (await store.OpenReadAsync(new("talks/a"), TestEnd))!;
        reading.Seek(100_000, SeekOrigin.Begin);
        large.Position = 0;
        await _server.KillAsync();

        foreach (var work in (Func<Task>[])
        [
            () => store.WriteAsync(new("talks/b"), large, TestEnd),
            () => store.TryCreateAsync(new("talks/b"), Stream.Null, TestEnd),
            () => store.GetPropertiesAsync(new("talks/a"), TestEnd),
            () => store.OpenReadAsync(new("talks/a"), TestEnd),
            () => store.ListAsync(new("talks"), TestEnd).ToListAsync(TestEnd).AsTask(),
            () => store.DeleteFolderAsync(new("talks"), TestEnd),
            () => store.PrepareAsync(TestEnd),
            () => reading.ReadExactlyAsync(new byte[10], TestEnd).AsTask(),
        ])
        {
            await UnavailableAsync(work, $"http://127.0.0.1:{_server.BlobPort}/");
        }

        foreach (var work in (Func<Task>[])
        [
            () => queues.Completions.SendAsync("a", TimeSpan.Zero, TestEnd),
            () => queues.Completions.ReceiveAsync(_lease, TimeSpan.Zero, TestEnd),
            () => queues.Completions.CountAsync(TestEnd),
            () => queues.PrepareAsync(TestEnd),
        ])
        {
            await UnavailableAsync(work, $"http://127.0.0.1:{_server.QueuePort}/");
        }
    }

    [Fact]
    public async Task Who_gives_up_does_not_wait_for_an_account_that_is_away()
    {
        var account = _server.Account();
        var store = await account.NewStoreAsync(TestEnd);
        var queue = (await account.NewQueuesAsync(TestEnd)).ForLane(Lane.Media);
        await _server.KillAsync();
        using var gaveUp = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        using var content = Bytes.Of(1, 100);
        Task[] working =
        [
            store.WriteAsync(new("talks/a"), content, gaveUp.Token),
            queue.ReceiveAsync(_lease, _lease, gaveUp.Token),
        ];
        await gaveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => working[0]);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => working[1]);
    }

    private static async Task UnavailableAsync(Func<Task> work, string address)
    {
        var failure = await Assert.ThrowsAsync<TalkException>(work);
        Assert.Equal(ErrorCode.StorageUnavailable, failure.Error.Code);
        Assert.Contains(address, failure.Error.Message, StringComparison.Ordinal);
        Assert.Contains("does not answer", failure.Error.Message, StringComparison.Ordinal);
    }
}
