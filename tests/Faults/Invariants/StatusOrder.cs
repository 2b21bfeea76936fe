using WanTalk.Faults.Watching;

namespace WanTalk.Faults.Invariants;

/// <summary>A status never goes back, but for a retry: queued, running, ended; windows that are done stay done, over retries, too.</summary>
internal sealed class StatusOrder(TalkHistory talk, Violations violations)
{
    private TalkSight? _before;
    private bool _mayBeginAgain;

    /// <summary>The talk was asked to begin again; until that is seen, it may still show its end.</summary>
    public void Retried() => _mayBeginAgain = true;

    /// <summary>Holds a look to the one before.</summary>
    public void Look(TalkSight now)
    {
        var before = _before;
        _before = now;
        if (before is null)
        {
            return;
        }

        if (now.WindowsDone < before.WindowsDone || (before.WindowsPlanned is not null && now.WindowsPlanned != before.WindowsPlanned))
        {
            violations.Add("status order", talk,
                $"had {before.WindowsDone} of {before.WindowsPlanned} windows, and then {now.WindowsDone} of {now.WindowsPlanned}: {now.Json}");
        }

        if (now.WindowsDone > (now.WindowsPlanned ?? 0))
        {
            violations.Add("status order", talk, $"has more windows than are planned: {now.Json}");
        }

        var isBack = Rank(now.Status) < Rank(before.Status) || (before.HasEnded && now.Status != before.Status);
        if (isBack && !(_mayBeginAgain && before.Status != "completed"))
        {
            violations.Add("status order", talk, $"was {before.Status}, and then {now.Status}: {now.Json}");
        }

        _mayBeginAgain &= !isBack;
    }

    private static int Rank(string status) => status switch
    {
        "queued" => 0,
        "running" => 1,
        _ => 2,
    };
}
