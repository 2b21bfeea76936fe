using CsCheck;
using WanTalk.Core.Artifacts;
using WanTalk.Storage.Tests.Children;

namespace WanTalk.Storage.Tests.Artifacts;

/// <summary>What every artifact store promises. Each adapter's tests derive from it.</summary>
public abstract partial class ArtifactStoreContract
{
    protected abstract IArtifactStore Store { get; }

    /// <summary>Starts a <see cref="ChildProgram"/> that works in this store; its first argument is put behind the command's name.</summary>
    private protected abstract Task<ChildProcess> StartChildAsync(string command, params string[] arguments);

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
        [
            (7_500, SeekOrigin.Begin, 7_500), (-1_000, SeekOrigin.End, 299_000), (-300_000, SeekOrigin.Current, 0),
            (500, SeekOrigin.Current, 1_500),
        ])
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
    public async Task A_hundred_megabytes_pass_through_little_memory()
    {
        await using var child = await StartChildAsync("stream", "talks/t1/video.mp4", "100");

        var report = await child.ReadToEndAsync();
        Assert.Equal("the same", report[0]);
        Assert.InRange(int.Parse(report[1]), 0, 40);
        Assert.Equal(100 * 1024 * 1024, (await Store.GetPropertiesAsync(new("talks/t1/video.mp4"), TestEnd))!.Length);
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
