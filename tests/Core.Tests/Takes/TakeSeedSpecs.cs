using CsCheck;
using WanTalk.Core.Takes;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Tests.Takes;

public class TakeSeedSpecs
{
    [Fact]
    public void The_first_take_has_the_talks_own_seed() => Gen.Long[0, TalkLimits.MaxSeed].Sample(seed => TakeSeed.Of(seed, 0) == seed);

    [Fact]
    public void The_takes_of_a_talk_have_seeds_of_their_own_within_the_range() =>
        Gen.Long[0, TalkLimits.MaxSeed].Sample(seed =>
        {
            var seeds = Enumerable.Range(0, 100).Select(take => TakeSeed.Of(seed, take)).ToList();
            Assert.Equal(100, seeds.Distinct().Count());
            Assert.All(seeds, derived => Assert.InRange(derived, 0, TalkLimits.MaxSeed));
        });

    /// <summary>SplitMix64 of 1234567 begins with 6457827717110365317 and 3203168211198807973 (published with its reference implementation).</summary>
    [Fact]
    public void They_are_the_published_generators_numbers_and_never_change() =>
        Assert.Equal(
            [6457827717110365317 & TalkLimits.MaxSeed, 3203168211198807973 & TalkLimits.MaxSeed],
            new[] { TakeSeed.Of(1234567, 1), TakeSeed.Of(1234567, 2) });
}
