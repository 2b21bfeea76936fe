namespace WanTalk.Faults.Plans;

/// <summary>Makes a run's plan from its seed: the same seed and length is the same plan, on any machine.</summary>
public static class Planner
{
    /// <summary>How far faults are apart, in the mean.</summary>
    public static readonly TimeSpan FaultGap = TimeSpan.FromSeconds(1.7);

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
        var bags = Enum.GetValues<House>().ToDictionary(house => house, _ => new Queue<FaultWeight>());
        for (var at = Gap(random, FaultGap); at < length; at += Gap(random, FaultGap))
        {
            // Most of them where there is more to disturb.
            var house = random.Next(5) < 2 ? House.Folder : House.Account;
            var drawn = Draw(random, bags[house], FaultWeights.Of(house));
            yield return new PlannedFault(
                at, house, drawn.Kind, Seconds(random, drawn.LeastSeconds, drawn.MostSeconds).TotalSeconds, random.Next(1000));
        }
    }

    /// <summary>Draws from a bag that is filled anew when it is empty, so that no kind is left out for long.</summary>
    private static FaultWeight Draw(Random random, Queue<FaultWeight> bag, IReadOnlyList<FaultWeight> weights)
    {
        if (bag.Count == 0)
        {
            FaultWeight[] all = [.. weights.SelectMany(weight => Enumerable.Repeat(weight, weight.Weight))];
            random.Shuffle(all);
            Array.ForEach(all, bag.Enqueue);
        }

        return bag.Dequeue();
    }

    /// <summary>Half of the mean to one and a half of it.</summary>
    private static TimeSpan Gap(Random random, TimeSpan mean) => mean * (0.5 + random.NextDouble());

    private static TimeSpan Seconds(Random random, double least, double most) =>
        TimeSpan.FromMilliseconds(Math.Round(1000 * (least + ((most - least) * random.NextDouble()))));
}
