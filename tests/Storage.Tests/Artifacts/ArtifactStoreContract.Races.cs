using WanTalk.Core.Artifacts;
using WanTalk.Storage.Tests.Children;

namespace WanTalk.Storage.Tests.Artifacts;

/// <content>Writers and readers side by side, and writers that do not come to their end.</content>
public abstract partial class ArtifactStoreContract
{
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

    [Fact]
    public async Task Of_several_processes_that_create_at_once_one_wins_and_its_content_is_there()
    {
        const int Processes = 4;
        for (var round = 0; round < 3; round++)
        {
            var name = $"talks/t1/take-00/{round:d4}.json";
            var children = await Task.WhenAll(Enumerable.Range(1, Processes)
                .Select(fill => StartChildAsync("create", name, $"{fill}", $"{fill * 200_000}")));
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
                Assert.Equal(Bytes.Of((byte)winner, winner * 200_000).ToArray(), await Store.TryReadAsync(name, TestEnd));
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
    public async Task A_writer_that_is_killed_leaves_nothing_to_see_and_its_name_free()
    {
        await using (var child = await StartChildAsync("write-half", "talks/t1/video.mp4"))
        {
            Assert.Equal("halfway", await child.ReadLineAsync());
            await child.KillAsync();
        }

        Assert.Null(await Store.GetPropertiesAsync(new("talks/t1/video.mp4"), TestEnd));
        Assert.Null(await Store.OpenReadAsync(new("talks/t1/video.mp4"), TestEnd));
        Assert.Empty(await ListAsync("talks"));
        Assert.True(await TryCreateAsync("talks/t1/video.mp4", [1]));
        Assert.Equal([1], await Store.TryReadAsync("talks/t1/video.mp4", TestEnd));
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
}
