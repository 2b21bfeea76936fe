using WanTalk.Core.Artifacts;
using WanTalk.Core.Uploads;

namespace WanTalk.Storage.Tests.Uploads;

/// <summary>What every upload store promises. Each adapter's tests derive from it.</summary>
public abstract class UploadStoreContract
{
    protected static readonly TimeSpan Soon = TimeSpan.FromMinutes(10);

    protected static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    protected abstract IUploadStore Uploads { get; }

    protected abstract IArtifactStore Artifacts { get; }

    /// <summary>The time of the adapter's clock.</summary>
    protected abstract DateTimeOffset Now { get; }

    /// <summary>Sends a file as a program does that knows nothing but the target.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="length">How many it says there are; null for as many as there are.</param>
    /// <returns>Whether it was taken.</returns>
    protected abstract Task<bool> SendAsync(UploadTarget target, byte[] content, long? length = null);

    [Fact]
    public async Task What_is_sent_is_there_as_it_was_sent_and_not_before()
    {
        var (id, target) = await AuthoriseAsync();
        Assert.Equal("PUT", target.Method);
        Assert.Null(await ReadAsync(id));

        Assert.True(await SendAsync(target, [1, 2, 3]));

        Assert.Equal((byte[])[1, 2, 3], await ReadAsync(id));
    }

    [Fact]
    public async Task It_is_sent_once()
    {
        var (id, target) = await AuthoriseAsync();
        Assert.True(await SendAsync(target, [1, 2, 3]));

        Assert.False(await SendAsync(target, [9]));

        Assert.Equal((byte[])[1, 2, 3], await ReadAsync(id));
    }

    [Fact]
    public async Task Half_of_it_is_nothing_and_it_can_be_sent_again()
    {
        var (id, target) = await AuthoriseAsync();

        Assert.False(await SendAsync(target, new byte[100_000], length: 200_000));

        Assert.Null(await ReadAsync(id));
        Assert.True(await SendAsync(target, [1]));
    }

    [Fact]
    public async Task An_address_is_good_for_its_own_upload_only()
    {
        var (own, target) = await AuthoriseAsync();
        var (other, _) = await AuthoriseAsync();

        foreach (var name in new[] { other, $"{own}/x", "%2e%2e%2ftalks%2fx", "x" })
        {
            Assert.False(await SendAsync(target with { Url = target.Url.Replace(own, name, StringComparison.Ordinal) }, [1]), name);
        }

        await foreach (var artifact in Artifacts.ListAsync(UploadPaths.Folder, TestEnd))
        {
            Assert.Fail(artifact.Path.Value);
        }
    }

    [Fact]
    public async Task An_address_whose_time_is_over_takes_nothing()
    {
        var (id, target) = await AuthoriseAsync(-Soon);

        Assert.False(await SendAsync(target, [1]));

        Assert.Null(await ReadAsync(id));
    }

    [Fact]
    public async Task An_address_that_was_changed_takes_nothing()
    {
        var (id, target) = await AuthoriseAsync();
        var query = target.Url.IndexOf('?', StringComparison.Ordinal) + 1;

        Assert.False(await SendAsync(target with { Url = target.Url[..query] }, [1]));
        Assert.False(await SendAsync(target with { Url = $"{target.Url[..^3]}AAA" }, [1]));

        Assert.Null(await ReadAsync(id));
    }

    protected async Task<(string Id, UploadTarget Target)> AuthoriseAsync(TimeSpan? sendWithin = null, long maxBytes = 1_000_000)
    {
        var id = UploadId.New(Now + UploadOptions.UseWithin);
        var grant = new UploadGrant(id, maxBytes, Now + (sendWithin ?? Soon));
        return (id, await Uploads.AuthoriseAsync(grant, "http://127.0.0.1:7071", TestEnd));
    }

    protected Task<byte[]?> ReadAsync(string id) => Artifacts.TryReadAsync(UploadPaths.Of(id).Value, TestEnd);
}
