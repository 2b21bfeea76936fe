using WanTalk.Core.Errors;
using WanTalk.GpuRunner.Models;
using WanTalk.GpuRunner.Tests.Support;

namespace WanTalk.GpuRunner.Tests.Models;

/// <summary>Hashes in the manifest are those of a repository, and none changes unnoticed.</summary>
public sealed class LockSpecs : IAsyncLifetime
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";
    private ModelsBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await ModelsBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task What_a_repository_tells_is_written_down_without_a_download()
    {
        var (model, served) = _bench.Serve("model.gguf");
        Tell(served, model.Size!.Value, model.Sha256);
        var locked = await LockAsync(model with { Size = null, Sha256 = "" });
        Assert.Equal((Commit, model.Size, model.Sha256), (locked.Revision, locked.Size, locked.Sha256));
        Assert.True(ModelLocker.IsWhole(locked));
        Assert.Empty(_bench.Gets);
    }

    [Fact]
    public async Task What_it_does_not_tell_is_downloaded_at_that_commit_and_hashed()
    {
        var (model, served) = _bench.Serve("config.json", 500);
        served.Headers["X-Repo-Commit"] = Commit;
        _bench.Server.Files[$"/owner/repo/resolve/{Commit}/files/config.json"] = served;
        var locked = await LockAsync(model with { Size = null, Sha256 = "" });
        Assert.Equal((Commit, model.Size, model.Sha256), (locked.Revision, locked.Size, locked.Sha256));
    }

    [Fact]
    public async Task A_hash_that_is_written_down_changes_only_when_it_is_wanted()
    {
        var (model, served) = _bench.Serve("model.gguf");
        Tell(served, model.Size!.Value, model.Sha256);
        var known = model with { Sha256 = new string('0', 64) };
        Assert.Equal(ErrorCode.ModelDamaged, (await Assert.ThrowsAsync<TalkException>(() => LockAsync(known))).Error.Code);
        Assert.Equal(model.Sha256, (await LockAsync(known, accept: true)).Sha256);
    }

    [Fact]
    public async Task A_place_that_does_not_exist_is_told()
    {
        var (model, _) = _bench.Serve("model.gguf");
        var error = (await Assert.ThrowsAsync<TalkException>(() => LockAsync(model with { RemotePath = "files/other.gguf" }))).Error;
        Assert.Equal(ErrorCode.ModelUnavailable, error.Code);
        Assert.Contains("404", error.Message, StringComparison.Ordinal);
    }

    private static void Tell(ServedFile served, long size, string sha256)
    {
        served.Headers["X-Repo-Commit"] = Commit;
        served.Headers["X-Linked-Size"] = $"{size}";
        served.Headers["X-Linked-ETag"] = $"\"{sha256}\"";
        served.Redirect = new Uri("https://content.invalid/");
    }

    private async Task<ModelEntry> LockAsync(ModelEntry model, bool accept = false)
    {
        var source = new ModelSource(_bench.Server.Address, null, null);
        using var downloader = new ModelDownloader(source, _bench.Options, TimeProvider.System);
        using var locker = new ModelLocker(source, downloader, _bench.Options, _bench);
        return await locker.LockAsync(model, accept, ModelsBench.Cancellation);
    }
}
