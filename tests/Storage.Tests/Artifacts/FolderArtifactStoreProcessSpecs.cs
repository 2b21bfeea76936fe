using Microsoft.Extensions.Time.Testing;
using WanTalk.Core.Artifacts;
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
    public async Task Of_several_processes_that_create_at_once_one_wins_and_its_content_is_there()
    {
        const int Processes = 4;
        for (var round = 0; round < 5; round++)
        {
            var name = $"talks/t1/take-00/{round:d4}.json";
            var children = Enumerable.Range(1, Processes)
                .Select(fill => ChildProcess.Start("create", _root.Path, name, $"{fill}", $"{fill * 200_000}"))
                .ToArray();
            try
            {
                foreach (var child in children)
                {
                    Assert.Equal("ready", await child.ReadLineAsync());
                }

                await Task.WhenAll(children.Select(child => child.GoAsync()));
                var outcomes = await Task.WhenAll(children.Select(child => child.ReadLineAsync()));

                Assert.All(outcomes, outcome => Assert.Contains(outcome, (string[])["won", "lost"]));
                var winner = 1 + Assert.Single(Enumerable.Range(0, Processes), index => outcomes[index] == "won");
                var store = new FolderArtifactStore(_root.Path, TimeProvider.System);
                Assert.Equal(Bytes.Of((byte)winner, winner * 200_000).ToArray(), await store.TryReadAsync(name, TestEnd));
            }
            finally
            {
                foreach (var child in children)
                {
                    await child.DisposeAsync();
                }
            }
        }
    }

    [Fact]
    public async Task A_writer_that_is_killed_leaves_nothing_to_see_and_is_swept_up_after()
    {
        await using (var child = ChildProcess.Start("write-half", _root.Path, "talks/t1/video.mp4"))
        {
            Assert.Equal("halfway", await child.ReadLineAsync());
            await child.KillAsync();
        }

        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var store = new FolderArtifactStore(_root.Path, time);
        Assert.Single(Directory.EnumerateFiles(TemporaryFolder));
        Assert.Null(await store.GetPropertiesAsync(new ArtifactPath("talks/t1/video.mp4"), TestEnd));
        Assert.Empty(await store.ListAsync(new ArtifactPath("talks"), TestEnd).ToListAsync(TestEnd));

        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, await store.SweepAsync(TestEnd));
        Assert.Empty(Directory.EnumerateFiles(TemporaryFolder));
    }

    [Fact]
    public async Task Opening_the_store_sweeps_up_after_writers_that_were_killed()
    {
        await using (var child = ChildProcess.Start("write-half", _root.Path, "talks/t1/video.mp4"))
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
