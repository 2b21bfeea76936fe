using Microsoft.Extensions.Time.Testing;
using WanTalk.Storage.Local;
using WanTalk.Storage.Tests.Children;

namespace WanTalk.Storage.Tests.Artifacts;

/// <summary>A folder of artifacts that several processes share, and that some of them leave suddenly.</summary>
public sealed class FolderArtifactStoreProcessSpecs : IDisposable
{
    private readonly TemporaryDirectory _root = new();

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    private string TemporaryFolder => Path.Combine(_root.Path, ".tmp");

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task What_a_killed_writer_left_is_swept_up_once_it_is_old()
    {
        await using (var child = ChildProcess.Start("write-half", $"folder:{_root.Path}", "talks/t1/video.mp4"))
        {
            Assert.Equal("halfway", await child.ReadLineAsync());
            await child.KillAsync();
        }

        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var store = new FolderArtifactStore(_root.Path, time);
        Assert.Single(Directory.EnumerateFiles(TemporaryFolder));
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, await store.SweepAsync(TestEnd));
        Assert.Empty(Directory.EnumerateFiles(TemporaryFolder));
    }

    [Fact]
    public async Task Opening_the_store_sweeps_up_after_writers_that_were_killed()
    {
        await using (var child = ChildProcess.Start("write-half", $"folder:{_root.Path}", "talks/t1/video.mp4"))
        {
            Assert.Equal("halfway", await child.ReadLineAsync());
            await child.KillAsync();
        }

        _ = new FolderArtifactStore(_root.Path, new FakeTimeProvider(DateTimeOffset.UtcNow.AddMinutes(2)));
        Assert.Empty(Directory.EnumerateFiles(TemporaryFolder));
    }

    [Fact]
    public async Task A_full_disk_is_said_by_name_and_leaves_room_for_what_fits()
    {
        await using var child = await ChildProcess.TryStartOnSmallDiskAsync(_root.Path, "fill-store", _root.Path);
        Assert.SkipWhen(child is null, "This machine does not let a test mount a small disk (unshare --mount).");

        var report = await child.ReadToEndAsync();
        Assert.Equal($"disk_full: The disk that holds {_root.Path} is full. Free some space there and go on.", report[0]);
        Assert.Equal(["small 1000", "talks/after 1000"], report[1..].Order(StringComparer.Ordinal));
    }
}
