using System.Security.Cryptography;
using WanTalk.Core.Errors;
using WanTalk.Core.Publishing;
using WanTalk.Storage.Tests.Children;

namespace WanTalk.Storage.Tests.Publishing;

/// <summary>What every publisher promises. Each adapter's tests derive from it.</summary>
public abstract class PublisherContract
{
    private int _opened;

    protected abstract IPublisher Publisher { get; }

    protected static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    /// <summary>Gets what lies at an address, as a caller would.</summary>
    protected abstract Task<byte[]> GetAsync(Uri address);

    /// <summary>The keys of everything that was published.</summary>
    protected abstract Task<IReadOnlyList<string>> KeysAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3_000_000)]
    public async Task A_caller_gets_what_was_published(int length)
    {
        var video = Video(1, length);
        var address = await PublishAsync(video);

        Assert.Equal(video, await GetAsync(address));
        Assert.Equal([KeyOf(video)], await KeysAsync());
    }

    [Fact]
    public async Task Publishing_again_is_the_same_object_at_the_same_address_and_opens_nothing()
    {
        var video = Video(1, 1000);
        var first = await PublishAsync(video);
        var again = await PublishAsync(video);

        Assert.Equal(first, again);
        Assert.Equal(1, _opened);
        Assert.Equal([KeyOf(video)], await KeysAsync());
    }

    [Fact]
    public async Task Videos_of_one_talk_lie_beside_each_other()
    {
        var addresses = new[] { await PublishAsync(Video(1, 1000)), await PublishAsync(Video(2, 2000)) };

        Assert.Equal(Video(1, 1000), await GetAsync(addresses[0]));
        Assert.Equal(Video(2, 2000), await GetAsync(addresses[1]));
    }

    [Fact]
    public async Task Two_that_publish_the_same_at_once_both_succeed()
    {
        var video = Video(1, 500_000);
        var addresses = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => PublishAsync(video), TestEnd)));

        Assert.Single(addresses.Distinct());
        Assert.Equal(video, await GetAsync(addresses[0]));
    }

    [Fact]
    public async Task A_publish_that_fails_half_way_leaves_nothing_and_can_be_done_again()
    {
        var video = Video(1, 200_000);
        await using var broken = new HaltingStream(Bytes.Of(1, 100_000), () => throw new InvalidDataException());

        await Assert.ThrowsAsync<InvalidDataException>(
            () => Publisher.PublishAsync(KeyOf(video), _ => Task.FromResult<Stream>(broken), video.Length, TestEnd));
        Assert.Empty(await KeysAsync());
        Assert.Equal(video, await GetAsync(await PublishAsync(video)));
    }

    [Fact]
    public async Task A_publish_that_is_given_up_leaves_nothing()
    {
        var video = Video(1, 200_000);
        using var gaveUp = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        await using var content = new HaltingStream(Bytes.Of(1, 100_000), async () =>
        {
            await gaveUp.CancelAsync();
            gaveUp.Token.ThrowIfCancellationRequested();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Publisher.PublishAsync(KeyOf(video), _ => Task.FromResult<Stream>(content), video.Length, gaveUp.Token));
        Assert.Empty(await KeysAsync());
    }

    [Theory]
    [InlineData(1, 999, 1000, "it ends after 999 of 1000 bytes")]
    [InlineData(1, 1001, 1000, "it has more than 1000 bytes")]
    [InlineData(2, 1000, 1000, "its SHA-256 is")]
    public async Task What_is_not_what_its_key_says_is_refused_and_not_published(byte fill, int length, int said, string why)
    {
        var key = KeyOf(Video(1, 1000));
        var refused = await Assert.ThrowsAsync<TalkException>(
            () => Publisher.PublishAsync(key, _ => Task.FromResult<Stream>(Bytes.Of(fill, length)), said, TestEnd));

        Assert.Equal(ErrorCode.ArtifactDamaged, refused.Error.Code);
        Assert.Contains(why, refused.Error.Message, StringComparison.Ordinal);
        Assert.Empty(await KeysAsync());
    }

    [Theory]
    [InlineData("../outside.mp4")]
    [InlineData("/etc/passwd")]
    [InlineData("talk/../../outside.mp4")]
    [InlineData("")]
    public async Task A_key_that_could_leave_its_place_is_refused(string key) => await Assert.ThrowsAsync<ArgumentException>(
        () => Publisher.PublishAsync(key, _ => Task.FromResult<Stream>(Bytes.Of(1, 1)), 1, TestEnd));

    protected static byte[] Video(byte fill, int length) => Bytes.Of(fill, length).ToArray();

    protected static string KeyOf(byte[] video) => $"t1/{Convert.ToHexStringLower(SHA256.HashData(video))}.mp4";

    protected Task<Uri> PublishAsync(byte[] video) => Publisher.PublishAsync(
        KeyOf(video),
        _ =>
        {
            Interlocked.Increment(ref _opened);
            return Task.FromResult<Stream>(new MemoryStream(video, writable: false));
        },
        video.Length,
        TestEnd);
}
