namespace WanTalk.Core.Owners;

/// <summary>
/// A token bucket: it holds at most a minute's requests, and fills evenly. The nonce makes two contents differ that are alike otherwise
/// (<see cref="Records.IRecordStore.TryWriteAsync"/>).
/// </summary>
/// <param name="Tokens">How many requests may come at once, as of <paramref name="At"/>.</param>
/// <param name="At">When that was.</param>
/// <param name="Nonce">Differs from write to write.</param>
public sealed record TokenBucket(double Tokens, DateTimeOffset At, string Nonce)
{
    /// <summary>Takes a token out of a bucket.</summary>
    /// <param name="bucket">The bucket; null for one that is full.</param>
    /// <param name="perMinute">How many requests a minute, at least 1.</param>
    /// <param name="now">The time.</param>
    /// <param name="nonce">For the new bucket.</param>
    /// <returns>The bucket behind it, or when there will be a token.</returns>
    public static (TokenBucket? Bucket, TimeSpan Wait) Take(TokenBucket? bucket, int perMinute, DateTimeOffset now, string nonce)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(perMinute, 1);
        // Clocks of two instances differ a little; time that runs backwards fills nothing.
        var passed = bucket is null ? 0 : Math.Max(0, (now - bucket.At).TotalMinutes);
        var tokens = bucket is null ? perMinute : Math.Min(perMinute, bucket.Tokens + (passed * perMinute));
        return tokens >= 1
            ? (new TokenBucket(tokens - 1, now, nonce), TimeSpan.Zero)
            : (null, TimeSpan.FromMinutes((1 - tokens) / perMinute));
    }
}
