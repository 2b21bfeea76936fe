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
/// owners/{owner}/running/{talk}              while the talk is under way
/// owners/{owner}/keys/{sha256 of the key}    what an idempotency key led to
/// owners/{owner}/rate                        the bucket of its requests
/// </code>
/// A limit holds because each talk is written down before it is counted: of two that come at once at least one sees the other.
/// </summary>
/// <param name="records">Where it is kept.</param>
/// <param name="time">The clock.</param>
public sealed class TalkIndex(IRecordStore records, TimeProvider time)
{
    /// <summary>The most talks in a page.</summary>
    public const int MaxPageSize = 100;

    private const int WriteAttempts = 20;
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

        var name = OwnerOf(caller.Name) / "rate";
        for (var attempt = 0; attempt < WriteAttempts; attempt++)
        {
            var stored = await records.ReadAsync(name, cancellationToken);
            var before = stored is null ? null : CoreJson.FromBytes<TokenBucket>(stored.Content.Span);
            var (bucket, wait) = TokenBucket.Take(before, perMinute, time.GetUtcNow(), Guid.NewGuid().ToString("n"));
            if (bucket is null)
            {
                throw new LimitedException(new TalkError(ErrorCode.RateLimited,
                    $"{perMinute} requests a minute are allowed, and there were more. Wait as long as Retry-After says."), wait);
            }

            if (await records.TryWriteAsync(name, CoreJson.ToBytes(bucket), stored?.Version, cancellationToken))
            {
                return;
            }
        }

        // So many changed it at the same time that the caller is fast enough to be told so.
        throw new LimitedException(new TalkError(ErrorCode.RateLimited, "Too many requests at the same time. Wait as long as Retry-After says."), TimeSpan.FromSeconds(1));
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

    /// <summary>Forgets an idempotency key whose request was not accepted.</summary>
    public Task ReleaseKeyAsync(string owner, string key, CancellationToken cancellationToken) => records.DeleteAsync(KeyOf(owner, key), cancellationToken);

    /// <summary>Writes a talk down as its owner's, and as under way.</summary>
    /// <param name="caller">The owner.</param>
    /// <param name="talk">The talk's id.</param>
    /// <param name="createdAt">When it was accepted.</param>
    /// <param name="hasEnded">Tells of a talk whether it has ended: what died without a word must not count for ever.</param>
    /// <param name="cancellationToken">Gives up; nothing is left.</param>
    /// <exception cref="LimitedException">The caller has as many under way as it may.</exception>
    public async Task AddAsync(
        Caller caller, string talk, DateTimeOffset createdAt, Func<string, CancellationToken, Task<bool>> hasEnded, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var entry = CoreJson.ToBytes(new TalkEntry(talk, caller.Name, createdAt));
        try
        {
            await StartAsync(caller, talk, hasEnded, cancellationToken);
            await records.TryWriteAsync(TalkOf(talk), entry, null, cancellationToken);
            await records.TryWriteAsync(ListedOf(caller.Name, createdAt, talk), entry, null, cancellationToken);
        }
        catch
        {
            await RemoveAsync(new TalkEntry(talk, caller.Name, createdAt), CancellationToken.None);
            throw;
        }
    }

    /// <summary>Counts a talk as under way.</summary>
    /// <exception cref="LimitedException">The caller has as many under way as it may; the talk is not counted.</exception>
    public async Task StartAsync(Caller caller, string talk, Func<string, CancellationToken, Task<bool>> hasEnded, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(hasEnded);
        var own = RunningOf(caller.Name, talk);
        await records.TryWriteAsync(own, Encoding.UTF8.GetBytes(talk), null, cancellationToken);
        if (caller.Limits.RunningTalks is not { } most || await CountRunningAsync(caller.Name, talk, most, hasEnded, cancellationToken) <= most)
        {
            return;
        }

        await records.DeleteAsync(own, CancellationToken.None);
        throw new LimitedException(new TalkError(ErrorCode.TooManyTalks,
            $"{most} talks at the same time are allowed, and as many are under way. Wait for one to end, or cancel one."), LookAgainAfter);
    }

    /// <summary>Whose a talk is; null when it is nobody's, as those of the command line and of messages.</summary>
    public async Task<TalkEntry?> FindAsync(string talk, CancellationToken cancellationToken) =>
        await records.ReadAsync(TalkOf(talk), cancellationToken) is { } stored ? CoreJson.FromBytes<TalkEntry>(stored.Content.Span) : null;

    /// <summary>A talk has ended: it counts no more. Told again it changes nothing.</summary>
    public async Task EndAsync(string talk, CancellationToken cancellationToken)
    {
        if (await FindAsync(talk, cancellationToken) is { } entry)
        {
            await records.DeleteAsync(RunningOf(entry.Owner, talk), cancellationToken);
        }
    }

    /// <summary>Forgets a talk. What its idempotency key led to stays known until the key is used again.</summary>
    public async Task RemoveAsync(TalkEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        await records.DeleteAsync(RunningOf(entry.Owner, entry.Id), cancellationToken);
        await records.DeleteAsync(ListedOf(entry.Owner, entry.CreatedAt, entry.Id), cancellationToken);
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

    private async Task<int> CountRunningAsync(
        string owner, string own, int most, Func<string, CancellationToken, Task<bool>> hasEnded, CancellationToken cancellationToken)
    {
        var running = new List<string>();
        await foreach (var name in records.ListAsync(OwnerOf(owner) / "running", null, cancellationToken))
        {
            running.Add(name.Value[(name.Value.LastIndexOf('/') + 1)..]);
        }

        if (running.Count > most)
        {
            foreach (var talk in running.Where(talk => talk != own).ToList())
            {
                if (await hasEnded(talk, cancellationToken))
                {
                    await records.DeleteAsync(RunningOf(owner, talk), cancellationToken);
                    running.Remove(talk);
                }
            }
        }

        return running.Count;
    }

    private static ArtifactPath BehindOf(ArtifactPath folder, string after)
    {
        try
        {
            return after.Contains('/', StringComparison.Ordinal) ? throw new ArgumentException("It has a slash.") : folder / after;
        }
        catch (ArgumentException)
        {
            throw new TalkException(ErrorCode.ArgumentInvalid, "'after' is not what a page said of the next one. Give its 'next', or leave it out.");
        }
    }

    private static ArtifactPath TalkOf(string talk) => new ArtifactPath("talks") / talk;

    private static ArtifactPath OwnerOf(string owner) => new ArtifactPath("owners") / owner;

    private static ArtifactPath RunningOf(string owner, string talk) => OwnerOf(owner) / "running" / talk;

    private static ArtifactPath KeyOf(string owner, string key) => OwnerOf(owner) / "keys" / Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>The later, the smaller: names are listed in ascending order, and the newest talk comes first.</summary>
    private static ArtifactPath ListedOf(string owner, DateTimeOffset createdAt, string talk) =>
        OwnerOf(owner) / "talks" / string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.MaxValue.UtcTicks - createdAt.UtcTicks:d19}-{talk}");
}
