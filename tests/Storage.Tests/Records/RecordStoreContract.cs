using Microsoft.Extensions.Time.Testing;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Owners;
using WanTalk.Core.Records;

namespace WanTalk.Storage.Tests.Records;

/// <summary>What every store of records keeps to.</summary>
public abstract class RecordStoreContract
{
    protected static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    protected abstract IRecordStore Store { get; }

    [Fact]
    public async Task What_is_written_is_read_until_it_is_deleted()
    {
        var name = new ArtifactPath("owners/a/rate");
        Assert.Null(await Store.ReadAsync(name, TestEnd));
        Assert.True(await Store.TryWriteAsync(name, new byte[] { 1, 2 }, null, TestEnd));
        Assert.Equal([1, 2], (await Store.ReadAsync(name, TestEnd))!.Content.ToArray());
        await Store.DeleteAsync(name, TestEnd);
        await Store.DeleteAsync(name, TestEnd);
        Assert.Null(await Store.ReadAsync(name, TestEnd));
    }

    [Fact]
    public async Task A_change_of_an_old_version_is_refused()
    {
        var name = new ArtifactPath("a/b");
        await Store.TryWriteAsync(name, new byte[] { 1 }, null, TestEnd);
        var first = await Store.ReadAsync(name, TestEnd);
        Assert.True(await Store.TryWriteAsync(name, new byte[] { 2 }, first!.Version, TestEnd));
        Assert.False(await Store.TryWriteAsync(name, new byte[] { 3 }, first.Version, TestEnd));
        Assert.False(await Store.TryWriteAsync(name, new byte[] { 3 }, null, TestEnd));
        Assert.Equal([2], (await Store.ReadAsync(name, TestEnd))!.Content.ToArray());
    }

    [Fact]
    public async Task A_version_is_not_valid_for_a_record_that_was_made_anew()
    {
        var name = new ArtifactPath("a/b");
        await Store.TryWriteAsync(name, new byte[] { 1 }, null, TestEnd);
        var first = await Store.ReadAsync(name, TestEnd);
        await Store.DeleteAsync(name, TestEnd);
        Assert.False(await Store.TryWriteAsync(name, new byte[] { 2 }, first!.Version, TestEnd));
        await Store.TryWriteAsync(name, new byte[] { 3 }, null, TestEnd);
        Assert.False(await Store.TryWriteAsync(name, new byte[] { 2 }, first.Version, TestEnd));
    }

    [Fact]
    public async Task Of_writers_at_the_same_time_one_wins()
    {
        var name = new ArtifactPath("a/b");
        var created = await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Store.TryWriteAsync(name, new[] { (byte)writer }, null, TestEnd)));
        Assert.Single(created, won => won);
        var read = await Store.ReadAsync(name, TestEnd);
        var changed = await Task.WhenAll(
            Enumerable.Range(10, 8).Select(writer => Store.TryWriteAsync(name, new[] { (byte)writer }, read!.Version, TestEnd)));
        Assert.Single(changed, won => won);
    }

    [Fact]
    public async Task Of_requests_at_the_same_time_exactly_as_many_are_let_through_as_a_limit_allows()
    {
        const int Rate = 12, Talks = 5, Asked = 20;
        var caller = new Caller("alice", new CallerLimits(Rate, Talks));
        // Each as an instance of a host of its own: nothing but the store is between them.
        var hosts = Enumerable.Range(0, Asked).Select(_ => new TalkIndex(Store, new FakeTimeProvider())).ToList();
        Assert.Equal(Rate, await CountAsync(hosts, (host, _) => host.CountRequestAsync(caller, TestEnd)));
        Assert.Equal(Talks, await CountAsync(hosts, (host, number) => AddAsync(host, $"talk-{number}")));

        // As many end as begin: each finds a place, none finds two.
        var ended = (await hosts[0].ListAsync("alice", TalkIndex.MaxPageSize, null, TestEnd)).Talks.Select(entry => entry.Id).ToList();
        Assert.Equal(Talks, ended.Count);
        await Task.WhenAll(ended.Select(talk => hosts[^1].EndAsync(talk, TestEnd)));
        Assert.Equal(Talks, await CountAsync(hosts, (host, number) => AddAsync(host, $"later-{number}")));

        Task AddAsync(TalkIndex host, string talk) =>
            host.AddAsync(caller, new TalkEntry(talk, caller.Name, DateTimeOffset.UnixEpoch), (_, _) => Task.FromResult(false), TestEnd);
    }

    [Fact]
    public async Task Names_are_listed_in_order_from_behind_one()
    {
        foreach (var name in (string[])["a/2", "a/10", "a/1", "a-b/1", "a0/1", "b/1", "a/3/x"])
        {
            await Store.TryWriteAsync(new ArtifactPath(name), new byte[] { 1 }, null, TestEnd);
        }

        Assert.Equal(["a/1", "a/10", "a/2", "a/3/x"], await ListAsync("a", null));
        Assert.Equal(["a/2", "a/3/x"], await ListAsync("a", "a/10"));
        Assert.Equal(["a/2", "a/3/x"], await ListAsync("a", "a/11"));
        Assert.Empty(await ListAsync("a", "a/4"));
        Assert.Empty(await ListAsync("c", null));
    }

    [Fact]
    public async Task A_long_list_comes_whole()
    {
        var names = Enumerable.Range(0, 450).Select(number => $"many/{number:000}").ToList();
        await Parallel.ForEachAsync(names, TestEnd, async (name, token) => await Store.TryWriteAsync(new ArtifactPath(name), new byte[] { 1 }, null, token));

        Assert.Equal(names, await ListAsync("many", null));
    }

    private static async Task<int> CountAsync(IEnumerable<TalkIndex> hosts, Func<TalkIndex, int, Task> ask)
    {
        var asked = await Task.WhenAll(hosts.Select((host, number) => Task.Run(async () =>
        {
            try
            {
                await ask(host, number);
                return true;
            }
            catch (LimitedException)
            {
                return false;
            }
        })));
        return asked.Count(through => through);
    }

    private async Task<List<string>> ListAsync(string folder, string? after)
    {
        var names = new List<string>();
        await foreach (var name in Store.ListAsync(new ArtifactPath(folder), after is null ? null : new ArtifactPath(after), TestEnd))
        {
            names.Add(name.Value);
        }

        return names;
    }
}
