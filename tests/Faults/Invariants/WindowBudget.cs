using System.Text.RegularExpressions;
using WanTalk.Faults.Houses;
using WanTalk.Faults.Injection;
using WanTalk.Faults.Watching;

namespace WanTalk.Faults.Invariants;

/// <summary>
/// Windows are sampled again only for what takes a runner or its lease while the talk is under way, for a cancellation, or for an attempt
/// that failed with an injected cause: the window that could not be stored, and what was sampled while that was tried. That is one where
/// windows take longer than their encoding, as on a GPU, and all of a piece on an understudy when the machine is busy. The engines' own logs
/// are counted: each talk by what met its house in its time, because which talk a killed process was at is not known from outside; and all
/// talks of a house together.
/// </summary>
internal static partial class WindowBudget
{
    /// <summary>A window may have been begun by a runner that is killed a moment after the talk's end was seen, or before it was asked for.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);

    /// <summary>Counts.</summary>
    /// <param name="house">The house.</param>
    /// <param name="talks">Its talks.</param>
    /// <param name="faults">What was injected anywhere.</param>
    /// <param name="failedAttempts">How many attempts at windows failed, by talk.</param>
    /// <param name="violations">Where what is wrong goes.</param>
    /// <returns>How many windows were sampled again, and how many may have been.</returns>
    public static (int Resampled, int Allowed) Check(
        RunningHouse house, IReadOnlyList<TalkHistory> talks, IReadOnlyList<InjectedFault> faults,
        IReadOnlyDictionary<string, int> failedAttempts, Violations violations)
    {
        List<InjectedFault> met = [.. faults.Where(fault => fault.Planned.House == house.House)];
        var begun = house.EngineLogs.SelectMany(File.ReadLines)
            .Select(line => Lines().Match(line)).Where(match => match.Success)
            .GroupBy(match => match.Groups["talk"].Value)
            .ToDictionary(group => group.Key, group => group.Count());
        var (resampled, allowed) = (0, met.Sum(fault => fault.Windows));
        foreach (var talk in talks.Where(talk => talk.Id is not null))
        {
            if (talk.Last?.WindowsPlanned is { } planned && planned != talk.Planned.Script.Windows)
            {
                violations.Add("windows", talk, $"has {planned} windows instead of {talk.Planned.Script.Windows}");
            }

            var again = Math.Max(0, begun.GetValueOrDefault(talk.Id!) - talk.Planned.Script.Windows);
            var own = talk.Cancellations + (talk.Planned.Script.Windows * failedAttempts.GetValueOrDefault(talk.Id!));
            var taken = met.Where(fault => fault.Begun <= talk.EndedAt + Margin && fault.Ended + Margin >= talk.AskedAt).Sum(fault => fault.Windows);
            (resampled, allowed) = (resampled + again, allowed + own);
            if (again > own + taken)
            {
                violations.Add("windows", talk, $"had {again} windows sampled again; {own + taken} are promised for what met it");
            }
        }

        if (resampled > allowed)
        {
            violations.Add("windows", $"{house.House}: {resampled} windows were sampled again, {allowed} are promised");
        }

        return (resampled, allowed);
    }

    [GeneratedRegex("^Sampling window [0-9]+ of wantalk/(?<talk>[^/]+)/")]
    private static partial Regex Lines();
}
