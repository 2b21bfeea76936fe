namespace WanTalk.Faults.Plans;

/// <summary>Makes a run's plan from its seed: the same seed and length is the same plan, on any machine.</summary>
public static class Planner
{
    /// <summary>How far faults are apart, in the mean.</summary>
    public static readonly TimeSpan FaultGap = TimeSpan.FromSeconds(2);

    /// <summary>How far talks are apart, in the mean.</summary>
    public static readonly TimeSpan TalkGap = TimeSpan.FromSeconds(9);

    /// <summary>Makes a plan.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="length">How long talks are submitted and faults injected.</param>
    public static RunPlan Plan(int seed, TimeSpan length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(length, TimeSpan.Zero);
        // Two streams: a change of the faults leaves the talks as they are.
        return new RunPlan(seed, length, [.. Talks(new Random(seed), length)], [.. Faults(new Random(~seed), length)]);
    }

    private static IEnumerable<PlannedTalk> Talks(Random random, TimeSpan length)
    {
        for (var at = TimeSpan.Zero; at < length; at += Gap(random, TalkGap))
        {
            var house = (House)random.Next(2);
            var script = Script.All[random.Next(Script.All.Count)];
            var (isCancelled, isRetried) = (random.Next(5) == 0, random.Next(2) == 0);
            var (cancel, retry) = (Seconds(random, 0.5, 15), Seconds(random, 0.2, 5));
            yield return new PlannedTalk(at, house, script, isCancelled ? cancel : null, isCancelled && !isRetried ? null : retry);
        }
    }

    private static IEnumerable<PlannedFault> Faults(Random random, TimeSpan length)
    {
        for (var at = Gap(random, FaultGap); at < length; at += Gap(random, FaultGap))
        {
            // Most of them where there is more to disturb.
            var house = random.Next(5) < 2 ? House.Folder : House.Account;
            var weights = FaultWeights.Of(house);
            var (kind, least, most) = Draw(random, weights);
            yield return new PlannedFault(at, house, kind, Seconds(random, least, most).TotalSeconds, random.Next(1000));
        }
    }

    private static (FaultKind Kind, double Least, double Most) Draw(Random random, IReadOnlyList<FaultWeight> weights)
    {
        var left = random.Next(weights.Sum(weight => weight.Weight));
        foreach (var weight in weights)
        {
            if ((left -= weight.Weight) < 0)
            {
                return (weight.Kind, weight.LeastSeconds, weight.MostSeconds);
            }
        }

        throw new InvalidOperationException("The weights are no weights.");
    }

    /// <summary>Half of the mean to one and a half of it.</summary>
    private static TimeSpan Gap(Random random, TimeSpan mean) => mean * (0.5 + random.NextDouble());

    private static TimeSpan Seconds(Random random, double least, double most) =>
        TimeSpan.FromMilliseconds(Math.Round(1000 * (least + ((most - least) * random.NextDouble()))));
}
