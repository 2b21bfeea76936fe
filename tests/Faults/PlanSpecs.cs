using CsCheck;
using WanTalk.Faults.Plans;

namespace WanTalk.Faults;

/// <summary>A run's plan is a pure function of its seed and its length.</summary>
public sealed class PlanSpecs
{
    private static readonly Gen<(int Seed, TimeSpan Length)> Runs =
        Gen.Select(Gen.Int, Gen.Double[1, 3600]).Select((seed, seconds) => (seed, TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void The_same_seed_is_the_same_plan_and_another_is_another() => Runs.Sample(
        run =>
        {
            var text = Planner.Plan(run.Seed, run.Length).Describe();
            return text == Planner.Plan(run.Seed, run.Length).Describe() && text != Planner.Plan(run.Seed ^ 1, run.Length).Describe();
        },
        iter: 100);

    [Fact]
    public void Everything_comes_in_its_order_within_the_length_and_lasts_as_long_as_its_kind_may() => Runs.Sample(
        run =>
        {
            var plan = Planner.Plan(run.Seed, run.Length);
            Assert.All(plan.Faults, fault => Assert.InRange(fault.At, TimeSpan.Zero, run.Length));
            Assert.All(plan.Talks, talk => Assert.InRange(talk.At, TimeSpan.Zero, run.Length));
            Assert.Equal(plan.Faults.OrderBy(fault => fault.At), plan.Faults);
            Assert.Equal(plan.Talks.OrderBy(talk => talk.At), plan.Talks);
            Assert.All(plan.Faults, fault =>
            {
                var weight = Assert.Single(FaultWeights.Of(fault.House), weight => weight.Kind == fault.Kind);
                Assert.InRange(fault.Seconds, weight.LeastSeconds - 0.001, weight.MostSeconds + 0.001);
            });
        },
        iter: 100);

    [Fact]
    public void Twenty_minutes_are_five_hundred_faults_of_every_kind_over_a_hundred_talks_of_every_script()
    {
        // No seed promises it: these have it.
        foreach (var seed in Enumerable.Range(1, 50))
        {
            var plan = Planner.Plan(seed, TimeSpan.FromMinutes(20));
            Assert.InRange(plan.Faults.Count, 600, 850);
            Assert.InRange(plan.Talks.Count, 100, 200);
            Assert.Equal(Enum.GetValues<FaultKind>(), plan.Faults.Select(fault => fault.Kind).Distinct().Order());
            Assert.Equal(Script.All.Count, plan.Talks.Select(talk => talk.Script).Distinct().Count());
            Assert.Contains(plan.Talks, talk => talk.CancelAfter is not null && talk.RetryAfter is null);
        }
    }

    [Fact]
    public void A_longer_run_begins_as_a_shorter_one() => Gen.Int.Sample(
        seed =>
        {
            var (shorter, longer) = (Planner.Plan(seed, TimeSpan.FromMinutes(1)), Planner.Plan(seed, TimeSpan.FromMinutes(2)));
            return longer.Faults.Take(shorter.Faults.Count).SequenceEqual(shorter.Faults)
                && longer.Talks.Take(shorter.Talks.Count).SequenceEqual(shorter.Talks);
        },
        iter: 50);
}
