using System.Text.RegularExpressions;
using WanTalk.Faults.Houses;
using WanTalk.Faults.Injection;
using WanTalk.Faults.Watching;

namespace WanTalk.Faults.Invariants;

/// <summary>
/// Windows are sampled again only for what takes a runner or its lease, a cancellation, or an attempt that failed with an injected cause.
/// The engines' own logs are counted, all of a house together: which talk a killed process was at is not known from outside.
/// </summary>
internal static partial class WindowBudget
{
    /// <summary>What an attempt that fails may cost: the window that could not be stored, and the one that was being sampled meanwhile.</summary>
    private const int WindowsOfAFailure = 2;

    /// <summary>Counts.</summary>
    /// <returns>How many windows were sampled again, and how many may have been.</returns>
    public static (int Resampled, int Allowed) Check(
        RunningHouse house, IReadOnlyList<TalkHistory> talks, IReadOnlyList<InjectedFault> faults, int failedAttempts, Violations violations)
    {
        var begun = house.EngineLogs.SelectMany(File.ReadLines)
            .Select(line => Lines().Match(line)).Where(match => match.Success)
            .GroupBy(match => match.Groups["talk"].Value)
            .ToDictionary(group => group.Key, group => group.Count());
        var excess = talks.Where(talk => talk.Id is not null)
            .Select(talk => (Talk: talk, Again: Math.Max(0, begun.GetValueOrDefault(talk.Id!) - talk.Planned.Script.Windows)))
            .Where(talk => talk.Again > 0).ToList();
        var resampled = excess.Sum(talk => talk.Again);
        var allowed = faults.Where(fault => fault.Planned.House == house.House).Sum(fault => fault.Windows)
            + talks.Sum(talk => talk.Cancellations) + (WindowsOfAFailure * failedAttempts);
        if (resampled > allowed)
        {
            violations.Add("windows", $"{house.House}: {resampled} windows were sampled again, {allowed} are promised: "
                + string.Join(", ", excess.Select(talk => $"{talk.Talk} {talk.Again}")));
        }

        foreach (var talk in talks.Where(talk => talk.Last?.WindowsPlanned is { } planned && planned != talk.Planned.Script.Windows))
        {
            violations.Add("windows", talk, $"has {talk.Last!.WindowsPlanned} windows instead of {talk.Planned.Script.Windows}");
        }

        return (resampled, allowed);
    }

    [GeneratedRegex("^Sampling window [0-9]+ of wantalk/(?<talk>[^/]+)/")]
    private static partial Regex Lines();
}
