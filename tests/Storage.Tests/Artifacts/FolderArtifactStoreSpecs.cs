using Microsoft.Extensions.Time.Testing;
using WanTalk.Core.Artifacts;
using WanTalk.Storage.Local;
using WanTalk.Storage.Tests.Children;

namespace WanTalk.Storage.Tests.Artifacts;

/// <summary>The contract, kept by files in a folder, and what only a folder has.</summary>
public sealed class FolderArtifactStoreSpecs : ArtifactStoreContract, IDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly FolderArtifactStore _store;

    public FolderArtifactStoreSpecs() => _store = new FolderArtifactStore(_root.Path, _time);

    protected override IArtifactStore Store => _store;

    private protected override Task<ChildProcess> StartChildAsync(string command, params string[] arguments) =>
        Task.FromResult(ChildProcess.Start([command, $"folder:{_root.Path}", .. arguments]));

    private IEnumerable<string> TemporaryEntries => Directory.EnumerateFileSystemEntries(Path.Combine(_root.Path, ".tmp"));

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task No_temporary_file_stays_behind_a_write_however_it_ends()
    {
        await WriteAsync("talks/a", [1]);
        await WriteAsync("talks/a", [2]);
        await TryCreateAsync("talks/a", [3]);
        await using var broken = new HaltingStream(Bytes.Of(5, 1_000_000), () => throw new InvalidDataException());
        await Assert.ThrowsAsync<InvalidDataException>(() => Store.WriteAsync(new("talks/b"), broken, TestEnd));
        await Store.DeleteFolderAsync(new("talks"), TestEnd);

        Assert.Empty(TemporaryEntries);
    }

    [Fact]
    public async Task A_living_writers_file_is_never_swept()
    {
        var swept = -1;
        await using var content = new HaltingStream(Bytes.Of(5, 1_000_000), async () =>
        {
            _time.Advance(TimeSpan.FromDays(1));
            swept = await _store.SweepAsync(TestEnd);
        });

        Assert.True(await Store.TryCreateAsync(new("talks/slow"), content, TestEnd));
        Assert.Equal(0, swept);
    }

    [Fact]
    public async Task A_file_whose_folder_was_taken_away_while_it_was_written_is_swept_when_it_is_back()
    {
        var (folder, away) = (Path.Combine(_root.Path, ".tmp"), Path.Combine(_root.Path, "away"));
        await using var content = new HaltingStream(Bytes.Of(5, 1_000_000), () =>
        {
            Directory.Move(folder, away);
            File.WriteAllText(folder, "");
            return Task.CompletedTask;
        });
        await Assert.ThrowsAnyAsync<IOException>(() => Store.WriteAsync(new("talks/a"), content, TestEnd));
        File.Delete(folder);
        Directory.Move(away, folder);
        Assert.Single(TemporaryEntries);

        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, await _store.SweepAsync(TestEnd));
        Assert.Empty(TemporaryEntries);
    }

    [Fact]
    public async Task Writers_go_on_while_their_folder_is_deleted()
    {
        var writing = Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(
            async () =>
            {
                for (var number = 0; number < 100; number++)
                {
                    Assert.True(await TryCreateAsync($"talks/t1/take-0{writer}/{number:d4}.json", [1]));
                }
            },
            TestEnd)));
        while (!writing.IsCompleted)
        {
            await Store.DeleteFolderAsync(new ArtifactPath("talks/t1"), TestEnd);
        }

        await writing;
        await Store.DeleteFolderAsync(new ArtifactPath("talks/t1"), TestEnd);
        Assert.Empty(await ListAsync("talks"));
        Assert.Empty(TemporaryEntries);
    }

    [Fact]
    public async Task A_file_that_is_no_artifact_is_not_listed()
    {
        await WriteAsync("talks/a", [1]);
        await File.WriteAllTextAsync(Path.Combine(_root.Path, "talks", "Notes (old).txt"), "mine", TestEnd);
        await File.WriteAllTextAsync(Path.Combine(_root.Path, "talks", ".swp"), "mine", TestEnd);

        Assert.Equal(["talks/a"], await ListAsync("talks"));
    }

    [Fact]
    public async Task One_name_is_not_an_artifact_and_a_folder_at_once()
    {
        await WriteAsync("talks/t1/a", [1]);

        await Assert.ThrowsAsync<IOException>(() => TryCreateAsync("talks/t1", [1]));
        await Assert.ThrowsAsync<IOException>(() => WriteAsync("talks/t1", [1]));
        await Assert.ThrowsAsync<IOException>(() => WriteAsync("talks/t1/a/b", [1]));
        Assert.Equal(["talks/t1/a"], await ListAsync("talks"));
    }

    [Fact]
    public async Task Two_stores_in_one_folder_are_one_store()
    {
        var other = new FolderArtifactStore(_root.Path, _time);
        await WriteAsync("talks/a", [1]);

        Assert.Equal([1], await other.TryReadAsync("talks/a", TestEnd));
    }
}
