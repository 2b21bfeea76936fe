using Microsoft.Extensions.Time.Testing;
using WanTalk.Core.Errors;
using WanTalk.Core.Owners;
using WanTalk.Storage.Local;

namespace WanTalk.Storage.Tests.Records;

public sealed class TalkIndexSpecs : IDisposable
{
    private static readonly Caller Alice = new("alice", new CallerLimits(RequestsPerMinute: 30, RunningTalks: 3));

    private readonly TemporaryDirectory _folder = new();
    private readonly SqliteRecordStore _first;
    private readonly SqliteRecordStore _second;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    /// <summary>Two instances of a host have a connection each.</summary>
    public TalkIndexSpecs()
    {
        var path = Path.Combine(_folder.Path, "index.db");
        (_first, _second) = (new SqliteRecordStore(path), new SqliteRecordStore(path));
        (First, Second) = (new TalkIndex(_first, _clock), new TalkIndex(_second, _clock));
    }

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    private TalkIndex First { get; }

    private TalkIndex Second { get; }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Talks_of_one_caller_are_not_anothers_and_come_newest_first_in_pages()
    {
        for (var talk = 0; talk < 5; talk++)
        {
            await AddAsync(First, Alice with { Limits = CallerLimits.None }, $"talk-{talk}");
            await AddAsync(Second, new Caller("bob", CallerLimits.None), $"other-{talk}");
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal("alice", (await Second.FindAsync("talk-1", TestEnd))!.Owner);
        var page = await First.ListAsync("alice", 2, null, TestEnd);
        Assert.Equal(["talk-4", "talk-3"], page.Talks.Select(entry => entry.Id));
        page = await First.ListAsync("alice", 3, page.Next, TestEnd);
        Assert.Equal(["talk-2", "talk-1", "talk-0"], page.Talks.Select(entry => entry.Id));
        Assert.Null(page.Next);
    }

    [Theory]
    [InlineData("../other")]
    [InlineData("A")]
    [InlineData("a/b")]
    public async Task A_page_that_no_page_named_is_refused(string after) =>
        Assert.Equal(ErrorCode.ArgumentInvalid, (await Assert.ThrowsAsync<TalkException>(() => First.ListAsync("alice", 2, after, TestEnd))).Error.Code);

    [Fact]
    public async Task No_more_talks_are_under_way_than_allowed_whoever_asks_where()
    {
        var asked = await Task.WhenAll(Enumerable.Range(0, 12).Select(async talk =>
        {
            try
            {
                await AddAsync(talk % 2 == 0 ? First : Second, Alice, $"talk-{talk}");
                return true;
            }
            catch (LimitedException limited)
            {
                Assert.Equal(ErrorCode.TooManyTalks, limited.Error.Code);
                return false;
            }
        }));
        Assert.Equal(3, asked.Count(accepted => accepted));
        await Assert.ThrowsAsync<LimitedException>(() => AddAsync(Second, Alice, "one-more"));
        Assert.Null(await First.FindAsync("one-more", TestEnd));
        Assert.Equal(3, (await First.ListAsync("alice", 100, null, TestEnd)).Talks.Count);
    }

    [Fact]
    public async Task A_talk_that_ended_makes_room_even_if_nobody_said_so()
    {
        foreach (var talk in (string[])["a", "b", "c"])
        {
            await AddAsync(First, Alice, talk);
        }

        await Second.EndAsync("b", TestEnd);
        await AddAsync(First, Alice, "d");
        await First.AddAsync(Alice, new TalkEntry("e", "alice", _clock.GetUtcNow()), (talk, _) => Task.FromResult(talk == "c"), TestEnd);
        await Assert.ThrowsAsync<LimitedException>(() => AddAsync(First, Alice, "f"));
    }

    [Fact]
    public async Task Requests_are_counted_over_all_instances()
    {
        for (var request = 0; request < 30; request++)
        {
            await (request % 2 == 0 ? First : Second).CountRequestAsync(Alice, TestEnd);
        }

        var limited = await Assert.ThrowsAsync<LimitedException>(() => Second.CountRequestAsync(Alice, TestEnd));
        Assert.Equal((ErrorCode.RateLimited, TimeSpan.FromSeconds(2)), (limited.Error.Code, limited.RetryAfter));
        await First.CountRequestAsync(Alice with { Name = "bob" }, TestEnd);
        _clock.Advance(limited.RetryAfter);
        await First.CountRequestAsync(Alice, TestEnd);
    }

    [Fact]
    public async Task A_talk_that_is_forgotten_frees_its_key_and_no_other_talks()
    {
        var entry = new TalkEntry("a", "alice", _clock.GetUtcNow(), TalkIndex.HashOf("order 7"));
        Assert.Null(await First.ClaimKeyAsync("alice", "order 7", new IdempotencyEntry("a", "hash", _clock.GetUtcNow()), TestEnd));
        await First.AddAsync(Alice, entry, (_, _) => Task.FromResult(false), TestEnd);
        Assert.Equal("a", (await Second.ClaimKeyAsync("alice", "order 7", new IdempotencyEntry("b", "hash", _clock.GetUtcNow()), TestEnd))!.Talk);
        await Second.RemoveAsync((await Second.FindAsync("a", TestEnd))!, TestEnd);
        Assert.Null(await First.ClaimKeyAsync("alice", "order 7", new IdempotencyEntry("b", "hash", _clock.GetUtcNow()), TestEnd));

        // Told again, as by a host that broke off: the key is another talk's by now.
        await Second.RemoveAsync(entry, TestEnd);
        Assert.Equal("b", (await First.ClaimKeyAsync("alice", "order 7", new IdempotencyEntry("c", "hash", _clock.GetUtcNow()), TestEnd))!.Talk);
    }

    [Fact]
    public async Task Of_requests_with_one_key_at_the_same_time_one_claims_it()
    {
        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(talk => (talk % 2 == 0 ? First : Second).ClaimKeyAsync(
            "alice", "order 7/ü", new IdempotencyEntry($"talk-{talk}", "hash", _clock.GetUtcNow()), TestEnd)));
        Assert.Single(claims, claim => claim is null);
        var winner = Assert.Single(claims.Where(claim => claim is not null).Select(claim => claim!.Talk).Distinct());
        Assert.Null(claims[int.Parse(winner[5..], System.Globalization.CultureInfo.InvariantCulture)]);
        Assert.Null(await First.ClaimKeyAsync("bob", "order 7/ü", new IdempotencyEntry("x", "hash", _clock.GetUtcNow()), TestEnd));
        await First.ReleaseKeyAsync("alice", "order 7/ü", TestEnd);
        Assert.Null(await Second.ClaimKeyAsync("alice", "order 7/ü", new IdempotencyEntry("y", "hash", _clock.GetUtcNow()), TestEnd));
    }

    private Task AddAsync(TalkIndex index, Caller caller, string talk) =>
        index.AddAsync(caller, new TalkEntry(talk, caller.Name, _clock.GetUtcNow()), (_, _) => Task.FromResult(false), TestEnd);
}
