using CsCheck;
using WanTalk.Core.Owners;

namespace WanTalk.Core.Tests.Owners;

public class TokenBucketSpecs
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void In_any_stretch_of_time_no_more_pass_than_a_full_bucket_and_what_flows_in() =>
        Gen.Select(Gen.Int[1, 120], Gen.Double[0, 20].Array[1, 200]).Sample((perMinute, pauses) =>
        {
            var (bucket, now, passed) = ((TokenBucket?)null, Start, 0);
            foreach (var pause in pauses)
            {
                now += TimeSpan.FromSeconds(pause);
                if (TokenBucket.Take(bucket, perMinute, now, "").Bucket is { } taken)
                {
                    (bucket, passed) = (taken, passed + 1);
                }
            }

            return passed <= perMinute + ((now - Start).TotalMinutes * perMinute) + 1e-6;
        });

    [Fact]
    public void Who_waits_as_long_as_it_says_passes() => Gen.Select(Gen.Int[1, 1_000], Gen.Double[0, 0.999]).Sample((perMinute, tokens) =>
    {
        var empty = new TokenBucket(tokens, Start, "");
        var (refused, wait) = TokenBucket.Take(empty, perMinute, Start, "");
        return refused is null && TokenBucket.Take(empty, perMinute, Start + wait + TimeSpan.FromMilliseconds(1), "").Bucket is not null;
    });

    [Fact]
    public void Time_that_runs_backwards_fills_nothing() =>
        Assert.Null(TokenBucket.Take(new TokenBucket(0.5, Start, ""), 60, Start - TimeSpan.FromHours(1), "").Bucket);
}
