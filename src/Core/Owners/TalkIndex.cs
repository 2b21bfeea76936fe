using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Json;
using WanTalk.Core.Records;

namespace WanTalk.Core.Owners;

/// <summary>
/// Who owns which talk, which requests were made before, and how much each caller has under way; shared by all instances of a host.
/// <code>
/// talks/{talk}                               its entry
/// owners/{owner}/talks/{time}-{talk}         the same, newest first in the order of names
/// owners/{owner}/under-way                   its talks that are under way, while their number is limited
/// owners/{owner}/keys/{sha256 of the key}    what an idempotency key led to
/// owners/{owner}/rate                        the bucket of its requests
/// </code>
/// A limit is exact: what it counts is one record, which is changed from what was read or not at all, and read again then.
/// </summary>
/// <param name="records">Where it is kept.</param>
/// <param name="time">The clock.</param>
public sealed class TalkIndex(IRecordStore records, TimeProvider time)
{
    /// <summary>The most talks in a page.</summary>
    public const int MaxPageSize = 100;

    // Who does not come through was overtaken each time by another, who did: so many at once are more than a host takes.
    private const int WriteAttempts = 500;
    private const int MostPauseMilliseconds = 100;
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(15);

    /// <summary>Lets a request through, or not.</summary>
    /// <exception cref="LimitedException">The caller has sent too many.</exception>
    public async Task CountRequestAsync(Caller caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (caller.Limits.RequestsPerMinute is not { } perMinute)
        {
            return;
        }

        await ChangeAsync(OwnerOf(caller.Name) / "rate", stored =>
        {
            var (bucket, wait) = TokenBucket.Take(
                stored is null ? null : CoreJson.FromBytes<TokenBucket>(stored.Content.Span), perMinute, time.GetUtcNow(), Guid.NewGuid().ToString("n"));
            return bucket is null
                ? throw new LimitedException(new TalkError(ErrorCode.RateLimited,
                    $"{perMinute} requests a minute are allowed, and there were more. Wait as long as Retry-After says."), wait)
                : Task.FromResult<byte[]?>(CoreJson.ToBytes(bucket));
        }, cancellationToken);
    }

    /// <summary>Finds out what an idempotency key led to, or makes it lead to this request.</summary>
    /// <param name="owner">The caller's name.</param>
    /// <param name="key">The key as the caller gave it.</param>
    /// <param name="entry">What it leads to, unless it leads elsewhere.</param>
    /// <param name="cancellationToken">Gives up the call.</param>
    /// <returns>Null when it leads to <paramref name="entry"/> from now on; otherwise what it leads to.</returns>
    public async Task<IdempotencyEntry?> ClaimKeyAsync(string owner, string key, IdempotencyEntry entry, CancellationToken cancellationToken)
    {
        var name = KeyOf(owner, key);
        while (!await records.TryWriteAsync(name, CoreJson.ToBytes(entry), null, cancellationToken))
        {
            if (await records.ReadAsync(name, cancellationToken) is { } stored)
            {
                return CoreJson.FromBytes<IdempotencyEntry>(stored.Content.Span);
            }
        }

        return null;
    }

    /// <summary>What a talk's entry has of its idempotency key.</summary>
    public static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>Forgets an idempotency key whose request was not accepted.</summary>
    public Task ReleaseKeyAsync(string owner, string key, CancellationToken cancellationToken) => records.DeleteAsync(KeyOf(owner, key), cancellationToken);

    /// <summary>Writes a talk down as its owner's, and as under way.</summary>
    /// <param name="caller">The owner.</param>
    /// <param name="entry">The talk.</param>
    /// <param name="hasEnded">Tells of a talk whether it has ended: what died without a word must not count for ever.</param>
    /// <param name="cancellationToken">Gives up; nothing is left.</param>
    /// <exception cref="LimitedException">The caller has as many under way as it may.</exception>
    public async Task AddAsync(
        Caller caller, TalkEntry entry, Func<string, CancellationToken, Task<bool>> hasEnded, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(entry);
        var content = CoreJson.ToBytes(entry);
        try
        {
            // First whose it is: what counts as under way and is nobody's was left by a host that died here.
            await records.TryWriteAsync(TalkOf(entry.Id), content, null, cancellationToken);
            await StartAsync(caller, entry.Id, hasEnded, cancellationToken);
            await records.TryWriteAsync(ListedOf(caller.Name, entry.CreatedAt, entry.Id), content, null, cancellationToken);
        }
        catch
        {
            await RemoveAsync(entry, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Counts a talk as under way.</summary>
    /// <exception cref="LimitedException">The caller has as many under way as it may; the talk is not counted.</exception>
    public async Task StartAsync(Caller caller, string talk, Func<string, CancellationToken, Task<bool>> hasEnded, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(hasEnded);
        if (caller.Limits.RunningTalks is not { } most)
        {
            return;
        }

        await ChangeAsync(UnderWayOf(caller.Name), async stored =>
        {
            var talks = TalksIn(stored);
            if (talks.Contains(talk))
            {
                return null;
            }

            if (talks.Count >= most)
            {
                talks = await StillUnderWayAsync(talks, hasEnded, cancellationToken);
            }

            return talks.Count < most
                ? CoreJson.ToBytes<IReadOnlyList<string>>([.. talks, talk])
                : throw new LimitedException(new TalkError(ErrorCode.TooManyTalks,
                    $"{most} talks at the same time are allowed, and as many are under way. Wait for one to end, or cancel one."), LookAgainAfter);
        }, cancellationToken);
    }

    /// <summary>Whose a talk is; null when it is nobody's, as those of the command line and of messages.</summary>
    public async Task<TalkEntry?> FindAsync(string talk, CancellationToken cancellationToken) =>
        await records.ReadAsync(TalkOf(talk), cancellationToken) is { } stored ? CoreJson.FromBytes<TalkEntry>(stored.Content.Span) : null;

    /// <summary>A talk has ended: it counts no more. Told again it changes nothing.</summary>
    public async Task EndAsync(string talk, CancellationToken cancellationToken)
    {
        if (await FindAsync(talk, cancellationToken) is { } entry)
        {
            await EndAsync(entry, cancellationToken);
        }
    }

    /// <summary>Forgets a talk; its idempotency key is free.</summary>
    public async Task RemoveAsync(TalkEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        await EndAsync(entry, cancellationToken);
        await records.DeleteAsync(ListedOf(entry.Owner, entry.CreatedAt, entry.Id), cancellationToken);
        if (entry.KeySha256 is { } key && await records.ReadAsync(KeyNamed(entry.Owner, key), cancellationToken) is { } stored
            && CoreJson.FromBytes<IdempotencyEntry>(stored.Content.Span).Talk == entry.Id)
        {
            await records.DeleteAsync(KeyNamed(entry.Owner, key), cancellationToken);
        }

        // Last: who breaks off before this finds all of it again.
        await records.DeleteAsync(TalkOf(entry.Id), cancellationToken);
    }

    /// <summary>A caller's talks, newest first.</summary>
    /// <param name="owner">The caller's name.</param>
    /// <param name="size">How many at most, 1 to <see cref="MaxPageSize"/>.</param>
    /// <param name="after">What the page before said of the next one; null for the first.</param>
    /// <param name="cancellationToken">Gives up the call.</param>
    /// <exception cref="TalkException"><paramref name="after"/> is not what a page said.</exception>
    public async Task<TalkPage> ListAsync(string owner, int size, string? after, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(size, Math.Clamp(size, 1, MaxPageSize));
        var folder = OwnerOf(owner) / "talks";
        var (talks, last) = (new List<TalkEntry>(), (string?)null);
        await foreach (var name in records.ListAsync(folder, after is null ? null : BehindOf(folder, after), cancellationToken))
        {
            if (talks.Count == size)
            {
                return new TalkPage(talks, last);
            }

            if (await records.ReadAsync(name, cancellationToken) is { } stored)
            {
                talks.Add(CoreJson.FromBytes<TalkEntry>(stored.Content.Span));
                last = name.Value[(folder.Value.Length + 1)..];
            }
        }

        return new TalkPage(talks, null);
    }

    private Task EndAsync(TalkEntry entry, CancellationToken cancellationToken) => ChangeAsync(UnderWayOf(entry.Owner), stored =>
    {
        var talks = TalksIn(stored);
        return Task.FromResult(talks.Contains(entry.Id) ? CoreJson.ToBytes<IReadOnlyList<string>>([.. talks.Where(talk => talk != entry.Id)]) : null);
    }, cancellationToken);

    /// <summary>
    /// Changes a record that others change at the same time: what it becomes is made again of what is there, until nobody was in between.
    /// </summary>
    /// <param name="name">The record.</param>
    /// <param name="change">Makes the new content of the old record; null to leave it as it is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TalkException">Others were in between each time.</exception>
    private async Task ChangeAsync(ArtifactPath name, Func<StoredRecord?, Task<byte[]?>> change, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= WriteAttempts; attempt++)
        {
            var stored = await records.ReadAsync(name, cancellationToken);
            var content = await change(stored);
            if (content is null || await records.TryWriteAsync(name, content, stored?.Version, cancellationToken))
            {
                return;
            }

            // Apart from each other, so that they do not meet again. It is the store that is spared, whatever the clock says.
            await Task.Delay(Random.Shared.Next(Math.Min(2 * attempt, MostPauseMilliseconds)), cancellationToken);
        }

        throw new TalkException(ErrorCode.StorageUnavailable, "Too many requests of one caller change the index of talks at the same time. Try again.");
    }

    private static async Task<IReadOnlyList<string>> StillUnderWayAsync(
        IReadOnlyList<string> talks, Func<string, CancellationToken, Task<bool>> hasEnded, CancellationToken cancellationToken)
    {
        var still = new List<string>();
        foreach (var talk in talks)
        {
            if (!await hasEnded(talk, cancellationToken))
            {
                still.Add(talk);
            }
        }

        return still;
    }

    private static IReadOnlyList<string> TalksIn(StoredRecord? stored) =>
        stored is null ? [] : CoreJson.FromBytes<IReadOnlyList<string>>(stored.Content.Span);

    private static ArtifactPath BehindOf(ArtifactPath folder, string after)
    {
        try
        {
            return after.Contains('/', StringComparison.Ordinal) ? throw new ArgumentException("It has a slash.") : folder / after;
        }
        catch (ArgumentException)
        {
            throw new TalkException(new TalkError(
                ErrorCode.ArgumentInvalid, "'after' is not what a page said of the next one. Give its 'next', or leave it out.", "after"));
        }
    }

    private static ArtifactPath TalkOf(string talk) => new ArtifactPath("talks") / talk;

    private static ArtifactPath OwnerOf(string owner) => new ArtifactPath("owners") / owner;

    private static ArtifactPath UnderWayOf(string owner) => OwnerOf(owner) / "under-way";

    private static ArtifactPath KeyOf(string owner, string key) => KeyNamed(owner, HashOf(key));

    private static ArtifactPath KeyNamed(string owner, string sha256) => OwnerOf(owner) / "keys" / sha256;

    /// <summary>The later, the smaller: names are listed in ascending order, and the newest talk comes first.</summary>
    private static ArtifactPath ListedOf(string owner, DateTimeOffset createdAt, string talk) =>
        OwnerOf(owner) / "talks" / string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.MaxValue.UtcTicks - createdAt.UtcTicks:d19}-{talk}");
}
