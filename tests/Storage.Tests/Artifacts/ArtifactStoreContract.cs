using CsCheck;
using WanTalk.Core.Artifacts;
using WanTalk.Storage.Tests.Children;

namespace WanTalk.Storage.Tests.Artifacts;

/// <summary>What every artifact store promises. Each adapter's tests derive from it.</summary>
public abstract class ArtifactStoreContract
{
    protected abstract IArtifactStore Store { get; }

    protected static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_written_is_read_back()
    {
        await WriteAsync("talks/t1/input/portrait.png", [1, 2, 3]);

        Assert.Equal((byte[])[1, 2, 3], await Store.TryReadAsync("talks/t1/input/portrait.png", TestEnd));
        var properties = await Store.GetPropertiesAsync(new ArtifactPath("talks/t1/input/portrait.png"), TestEnd);
        Assert.Equal(3, properties!.Length);
        Assert.Equal("talks/t1/input/portrait.png", properties.Path.Value);
        Assert.NotEqual(default, properties.LastModified);
    }

    [Fact]
    public async Task An_empty_artifact_is_there()
    {
        await WriteAsync("talks/empty", []);

        Assert.Empty((await Store.TryReadAsync("talks/empty", TestEnd))!);
        Assert.Equal(0, (await Store.GetPropertiesAsync(new ArtifactPath("talks/empty"), TestEnd))!.Length);
    }

    [Theory]
    [InlineData("talks/nothing")]
    [InlineData("talks/t1")]
    [InlineData("talks/t1/plan.json/below")]
    [InlineData("nowhere/at/all")]
    public async Task What_is_missing_reads_as_null(string name)
    {
        await WriteAsync("talks/t1/plan.json", [1]);
        var path = new ArtifactPath(name);

        Assert.Null(await Store.OpenReadAsync(path, TestEnd));
        Assert.Null(await Store.OpenReadRangeAsync(path, 0, 10, TestEnd));
        Assert.Null(await Store.GetPropertiesAsync(path, TestEnd));
        await Store.DeleteAsync(path, TestEnd);
        Assert.NotNull(await Store.TryReadAsync("talks/t1/plan.json", TestEnd));
    }

    [Fact]
    public async Task Writing_again_replaces_the_whole()
    {
        await WriteAsync("talks/t1/heartbeat.json", [1, 2, 3, 4]);
        await WriteAsync("talks/t1/heartbeat.json", [9]);

        Assert.Equal([9], await Store.TryReadAsync("talks/t1/heartbeat.json", TestEnd));
    }

    [Fact]
    public async Task Creating_what_exists_is_refused_and_changes_nothing()
    {
        Assert.True(await TryCreateAsync("talks/t1/result.json", [1]));
        Assert.False(await TryCreateAsync("talks/t1/result.json", [2]));

        Assert.Equal([1], await Store.TryReadAsync("talks/t1/result.json", TestEnd));
    }

    [Fact]
    public async Task What_was_deleted_can_be_created_again()
    {
        await TryCreateAsync("talks/t1/result.json", [1]);
        await Store.DeleteAsync(new ArtifactPath("talks/t1/result.json"), TestEnd);

        Assert.True(await TryCreateAsync("talks/t1/result.json", [2]));
        Assert.Equal([2], await Store.TryReadAsync("talks/t1/result.json", TestEnd));
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(20_000)]
    public async Task Of_sixteen_that_create_at_once_one_wins_and_its_content_is_there(int unit)
    {
        for (var round = 0; round < 10; round++)
        {
            var name = $"talks/t1/take-00/{round:d4}.json";
            var wins = await AtOnceAsync(
                16,
                writer =>
                {
                    using var content = Bytes.Of((byte)writer, unit * writer);
                    return Store.TryCreateAsync(new ArtifactPath(name), content, TestEnd).GetAwaiter().GetResult();
                });

            var winner = Assert.Single(Enumerable.Range(1, 16), writer => wins[writer - 1]);
            Assert.Equal(Bytes.Of((byte)winner, unit * winner).ToArray(), await Store.TryReadAsync(name, TestEnd));
        }
    }

    [Fact]
    public async Task Of_some_that_replace_at_once_all_succeed_and_the_content_of_one_is_there()
    {
        for (var round = 0; round < 10; round++)
        {
            await WriteAsync("talks/t1/video.mp4", [1]);
            await AtOnceAsync(
                4,
                writer =>
                {
                    using var content = Bytes.Of((byte)writer, 100_000 * writer);
                    Store.WriteAsync(new ArtifactPath("talks/t1/video.mp4"), content, TestEnd).GetAwaiter().GetResult();
                    return true;
                });

            var bytes = (await Store.TryReadAsync("talks/t1/video.mp4", TestEnd))!;
            Assert.Equal(Bytes.Of(bytes[0], 100_000 * bytes[0]).ToArray(), bytes);
        }
    }

    [Fact]
    public async Task A_reader_never_sees_a_half_artifact()
    {
        await WriteAsync("talks/t1/heartbeat.json", Bytes.Of(0, 1000).ToArray());
        var writing = Task.Run(
            async () =>
            {
                for (var fill = 1; fill <= 100; fill++)
                {
                    await WriteAsync("talks/t1/heartbeat.json", Bytes.Of((byte)fill, 1000 * fill).ToArray());
                }
            },
            TestEnd);

        byte[] seen;
        do
        {
            seen = (await Store.TryReadAsync("talks/t1/heartbeat.json", TestEnd))!;
            Assert.Equal(Bytes.Of(seen[0], 1000 * Math.Max((int)seen[0], 1)).ToArray(), seen);
        }
        while (seen[0] < 100 && !writing.IsFaulted);

        await writing;
    }

    [Fact]
    public async Task A_write_that_is_under_way_shows_nothing()
    {
        var path = new ArtifactPath("talks/t1/video.mp4");
        var halfway = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        await using var content = new HaltingStream(Bytes.Of(5, 1_000_000), () =>
        {
            halfway.SetResult();
            return goOn.Task;
        });

        var writing = Store.WriteAsync(path, content, TestEnd);
        await halfway.Task;
        Assert.Null(await Store.OpenReadAsync(path, TestEnd));
        Assert.Empty(await ListAsync("talks"));
        goOn.SetResult();
        await writing;
        Assert.Equal(1_000_000, (await Store.GetPropertiesAsync(path, TestEnd))!.Length);
    }

    [Fact]
    public async Task A_write_that_is_given_up_or_fails_leaves_nothing()
    {
        using var gaveUp = new CancellationTokenSource();
        await using var cancelled = new HaltingStream(Bytes.Of(5, 1_000_000), async () =>
        {
            await gaveUp.CancelAsync();
            gaveUp.Token.ThrowIfCancellationRequested();
        });
        await using var broken = new HaltingStream(Bytes.Of(5, 1_000_000), () => throw new InvalidDataException());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.WriteAsync(new("talks/a"), cancelled, gaveUp.Token));
        await Assert.ThrowsAsync<InvalidDataException>(() => Store.TryCreateAsync(new("talks/b"), broken, TestEnd));
        Assert.Empty(await ListAsync("talks"));
    }

    [Theory]
    [InlineData(0, 10, 0, 10)]
    [InlineData(3, 4, 3, 4)]
    [InlineData(90, 20, 90, 10)]
    [InlineData(0, 1000, 0, 100)]
    [InlineData(50, 0, 50, 0)]
    [InlineData(100, 5, 100, 0)]
    [InlineData(5000, 5, 100, 0)]
    public async Task A_range_ends_where_the_artifact_ends(long offset, long length, int from, int count)
    {
        var bytes = Enumerable.Range(0, 100).Select(number => (byte)number).ToArray();
        await WriteAsync("talks/t1/conditioning/audio-0.safetensors", bytes);

        var range = await Store.OpenReadRangeAsync(new("talks/t1/conditioning/audio-0.safetensors"), offset, length, TestEnd);
        Assert.Equal(bytes.AsSpan(from, count).ToArray(), await Bytes.ReadAllAsync(range!, TestEnd));
    }

    [Fact]
    public async Task An_opened_artifact_has_a_length_and_can_be_sought_in()
    {
        var bytes = Enumerable.Range(0, 300_000).Select(number => (byte)(number / 1000)).ToArray();
        await WriteAsync("talks/t1/video.mp4", bytes);
        await using var content = (await Store.OpenReadAsync(new("talks/t1/video.mp4"), TestEnd))!;
        var part = new byte[1000];

        Assert.Equal(300_000, content.Length);
        Assert.Equal(0, content.Position);
        foreach (var (offset, origin, position) in ((int, SeekOrigin, int)[])
            [(7_500, SeekOrigin.Begin, 7_500), (-1_000, SeekOrigin.End, 299_000), (-300_000, SeekOrigin.Current, 0), (500, SeekOrigin.Current, 1_500)])
        {
            Assert.Equal(position, content.Seek(offset, origin));
            await content.ReadExactlyAsync(part, TestEnd);
            Assert.Equal(bytes.AsSpan(position, 1000).ToArray(), part);
            Assert.Equal(position + 1000, content.Position);
        }

        content.Position = 300_000;
        Assert.Equal(0, await content.ReadAsync(part, TestEnd));
    }

    [Fact]
    public async Task A_listing_is_in_ordinal_order_at_any_depth()
    {
        string[] words = ["a", "a-b", "a.b", "a_b", "aa", "0", "00", "-"];
        var segment = Gen.Int[0, words.Length - 1].Select(number => words[number]);
        var names = Gen.Select(segment.List[0, 3], segment, (folders, file) => string.Join('/', [.. folders, $"{file}.json"])).HashSet[0, 20];
        var run = 0;
        await names.SampleAsync(
            async some =>
            {
                var folder = $"run-{Interlocked.Increment(ref run)}";
                foreach (var name in some)
                {
                    await WriteAsync($"{folder}/{name}", [1, 2]);
                }

                var expected = some.Select(name => $"{folder}/{name}").Order(StringComparer.Ordinal);
                Assert.Equal(expected, await ListAsync(folder));
            },
            iter: 30,
            threads: 1);
    }

    [Fact]
    public async Task A_listing_holds_what_is_below_the_folder_and_nothing_beside_it()
    {
        foreach (var name in (string[])["talks/t1/a", "talks/t10/a", "talks/t1-b", "talks/t1/take-00/0000.json"])
        {
            await WriteAsync(name, [1]);
        }

        Assert.Equal(["talks/t1/a", "talks/t1/take-00/0000.json"], await ListAsync("talks/t1"));
        Assert.Empty(await ListAsync("talks/t1/a"));
        Assert.Empty(await ListAsync("talks/none"));
    }

    [Fact]
    public async Task Deleting_a_folder_deletes_what_is_below_it_and_nothing_beside_it()
    {
        foreach (var name in (string[])["talks/t1/a", "talks/t10/a", "talks/t1-b", "talks/t1/take-00/0000.json"])
        {
            await WriteAsync(name, [1]);
        }

        await Store.DeleteFolderAsync(new ArtifactPath("talks/t1"), TestEnd);
        await Store.DeleteFolderAsync(new ArtifactPath("talks/none"), TestEnd);

        Assert.Equal(["talks/t1-b", "talks/t10/a"], await ListAsync("talks"));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../outside")]
    [InlineData("talks/../../outside")]
    [InlineData("/etc/passwd")]
    [InlineData("talks//t1")]
    [InlineData("talks/.hidden")]
    [InlineData("talks\\t1")]
    [InlineData("talks/t1\n")]
    [InlineData("talks/größer")]
    [InlineData("talks/T1")]
    [InlineData("talks/t1?x=1")]
    [InlineData("talks/t1%2f..")]
    [InlineData("")]
    public async Task A_name_that_could_leave_the_store_is_refused(string name)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => TryCreateAsync(name, [1]));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.OpenReadAsync(default, TestEnd));
    }

    [Fact]
    public async Task What_is_cancelled_before_it_begins_does_nothing()
    {
        var cancelled = new CancellationToken(canceled: true);
        await WriteAsync("talks/a", [1]);
        using var content = Bytes.Of(2, 10);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.WriteAsync(new("talks/a"), content, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.TryCreateAsync(new("talks/b"), content, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.OpenReadAsync(new("talks/a"), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.GetPropertiesAsync(new("talks/a"), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.DeleteAsync(new("talks/a"), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.DeleteFolderAsync(new("talks"), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Store.ListAsync(new("talks"), cancelled).ToListAsync(TestEnd));
        Assert.Equal([1], await Store.TryReadAsync("talks/a", TestEnd));
        Assert.Equal(["talks/a"], await ListAsync("talks"));
    }

    /// <summary>Lets so many writers, numbered from 1, go off at the same moment.</summary>
    private static Task<bool[]> AtOnceAsync(int writers, Func<int, bool> write)
    {
        var start = new Barrier(writers);
        return Task.WhenAll(Enumerable.Range(1, writers).Select(writer => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(TestEnd);
                return write(writer);
            },
            TestEnd,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
    }

    protected async Task<List<string>> ListAsync(string folder)
    {
        var names = new List<string>();
        await foreach (var properties in Store.ListAsync(new ArtifactPath(folder), TestEnd))
        {
            names.Add(properties.Path.Value);
        }

        return names;
    }

    protected async Task WriteAsync(string name, byte[] bytes)
    {
        using var content = new MemoryStream(bytes, writable: false);
        await Store.WriteAsync(new ArtifactPath(name), content, TestEnd);
    }

    protected async Task<bool> TryCreateAsync(string name, byte[] bytes)
    {
        using var content = new MemoryStream(bytes, writable: false);
        return await Store.TryCreateAsync(new ArtifactPath(name), content, TestEnd);
    }
}
