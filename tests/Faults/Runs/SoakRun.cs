using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Talks;
using WanTalk.Core.Work;
using WanTalk.Faults.Houses;
using WanTalk.Faults.Injection;
using WanTalk.Faults.Invariants;
using WanTalk.Faults.Plans;
using WanTalk.Faults.Watching;

namespace WanTalk.Faults.Runs;

/// <summary>Carries out a plan with the programs as they are shipped, and holds all that is seen to the invariants.</summary>
internal static class SoakRun
{
    /// <summary>How long talks may take to end once nothing is injected any more.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    /// <summary>Runs.</summary>
    /// <param name="plan">What to do.</param>
    /// <param name="folder">A folder for all of it; what is worth reading afterwards is there.</param>
    /// <param name="tell">Hears what happens; null for nobody.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<SoakReport> RunAsync(RunPlan plan, string folder, Action<string>? tell, CancellationToken cancellationToken)
    {
        using var log = new RunLog(Path.Combine(folder, "run.log"), tell);
        await File.WriteAllTextAsync(Path.Combine(folder, "plan.txt"), plan.Describe(), cancellationToken);
        var violations = new Violations(plan.Seed, log);
        var speeches = await Speeches.MakeAsync(folder, cancellationToken);
        var undisturbed = await Undisturbed.MakeAsync(folder, speeches, log, cancellationToken);
        log.Write("The undisturbed talks are made");

        var houses = new Dictionary<House, RunningHouse>();
        try
        {
            foreach (var house in Enum.GetValues<House>())
            {
                houses[house] = await RunningHouse.StartAsync(house, folder, log, cancellationToken);
            }

            var injector = new Injector(houses, log);
            List<TalkHistory> talks = [.. plan.Talks.Select((talk, number) => new TalkHistory(talk, number))];
            log.Write("The run begins");
            var faults = injector.RunAsync(plan, cancellationToken);
            await WatchAsync(plan, talks, houses, speeches, violations, log, cancellationToken);
            await faults;
            await injector.EndAsync();
            log.Write("All talks have ended");
            return await JudgeAsync(plan, talks, houses, undisturbed, injector, violations, log, cancellationToken);
        }
        finally
        {
            foreach (var house in houses.Values)
            {
                await house.DisposeAsync();
            }
        }
    }

    private static async Task WatchAsync(
        RunPlan plan, IReadOnlyList<TalkHistory> talks, Dictionary<House, RunningHouse> houses, IReadOnlyDictionary<Script, string> speeches,
        Violations violations, RunLog log, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(plan.Length + Patience);
        var begun = log.Elapsed;
        var watching = new List<Task>();
        foreach (var talk in talks)
        {
            if (begun + talk.Planned.At - log.Elapsed is { Ticks: > 0 } wait)
            {
                await Task.Delay(wait, cancellationToken);
            }

            var api = new TalkApi(houses[talk.Planned.House], speeches);
            watching.Add(new TalkWatch(talk, api, plan.Seed, begun + plan.Length, violations, log).RunAsync(patience.Token));
        }

        // Who has not ended by then is found by the invariant about ends.
        await Task.WhenAll(watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var fault in watching.Where(task => task.IsFaulted).Select(task => task.Exception!.InnerException!))
        {
            throw new InvalidOperationException("A talk could not be watched.", fault);
        }
    }

    private static async Task<SoakReport> JudgeAsync(
        RunPlan plan, IReadOnlyList<TalkHistory> talks, Dictionary<House, RunningHouse> houses, IReadOnlyDictionary<Script, string> undisturbed,
        Injector injector, Violations violations, RunLog log, CancellationToken cancellationToken)
    {
        var faults = injector.Done;
        foreach (var talk in talks)
        {
            EndCause.Check(talk, faults, violations);
            SameBytes.Check(talk, undisturbed, violations);
            if (talk.Id is not null)
            {
                OneObject.Check(talk, houses[talk.Planned.House].Home.Published, violations);
            }
        }

        var (resampled, allowed, kept) = (0, 0, 0);
        foreach (var house in houses.Values)
        {
            List<TalkHistory> its = [.. talks.Where(talk => talk.Planned.House == house.House)];
            await NothingLeft.CheckQuietAsync(house, violations, cancellationToken);
            var (again, may) = WindowBudget.Check(house, its, faults, await FailedAttemptsAsync(house, its, cancellationToken), violations);
            (resampled, allowed, kept) = (resampled + again, allowed + may, kept + KeptUses.Count(house));
            await NothingLeft.CheckEndedAsync(house, await house.StopAsync(), violations, cancellationToken);
            foreach (var program in ((KeptProgram?[])[house.Host, house.OtherRunner, house.Engine]).OfType<KeptProgram>().Where(one => one.OwnEnds > 0))
            {
                violations.Add("programs live", $"{program.Name} ended {program.OwnEnds} times by itself");
            }
        }

        log.Write("The run is judged");
        return new SoakReport(
            plan.Seed, plan.Length.TotalSeconds, log.Elapsed.TotalSeconds,
            faults.GroupBy(fault => fault.Planned.Kind).ToDictionary(group => $"{group.Key}", group => group.Count()),
            plan.Faults.Count - faults.Count,
            SmallDisk.IsPossible ? [] : [$"{FaultKind.FillDisk}"],
            talks.GroupBy(talk => talk.Last?.Status ?? "unseen").ToDictionary(group => group.Key, group => group.Count()),
            talks.Sum(talk => talk.Retries), resampled, allowed, kept, violations.Found);
    }

    /// <summary>How many attempts at windows failed, by talk; a cancellation is counted where it is asked for.</summary>
    private static async Task<IReadOnlyDictionary<string, int>> FailedAttemptsAsync(
        RunningHouse house, IReadOnlyList<TalkHistory> talks, CancellationToken cancellationToken)
    {
        var (store, failed) = (house.OpenStore(), new Dictionary<string, int>(StringComparer.Ordinal));
        foreach (var talk in talks.Where(talk => talk.Id is not null))
        {
            await foreach (var artifact in store.ListAsync(new TalkPaths(talk.Id!).Work, cancellationToken))
            {
                if (artifact.Path.Value.Contains("/sample-", StringComparison.Ordinal)
                    && artifact.Path.Value.EndsWith("/result.json", StringComparison.Ordinal)
                    && (await store.ReadJsonAsync<AttemptResult>(artifact.Path, cancellationToken)).Error is { } error
                    && error.Code is not (ErrorCode.Cancelled or ErrorCode.CommitConflict))
                {
                    failed[talk.Id!] = failed.GetValueOrDefault(talk.Id!) + 1;
                }
            }
        }

        return failed;
    }
}
