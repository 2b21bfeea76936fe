using WanTalk.Faults.Plans;

namespace WanTalk.Faults.Watching;

/// <summary>What was asked for a talk and seen of it.</summary>
/// <param name="planned">As it was planned.</param>
/// <param name="number">Which of the plan's talks it is, from 0.</param>
internal sealed class TalkHistory(PlannedTalk planned, int number)
{
    /// <summary>As it was planned.</summary>
    public PlannedTalk Planned => planned;

    /// <summary>Which of the plan's talks it is, from 0.</summary>
    public int Number => number;

    /// <summary>Its id; null until it was accepted.</summary>
    public string? Id { get; set; }

    /// <summary>
    /// When it was asked for first. It may be under way long before its acceptance is seen: a host that is killed right behind it answers when
    /// it is back.
    /// </summary>
    public TimeSpan AskedAt { get; set; }

    /// <summary>When it was accepted or retried last.</summary>
    public TimeSpan BegunAt { get; set; }

    /// <summary>When it was seen to have ended.</summary>
    public TimeSpan EndedAt { get; set; }

    /// <summary>Whether its cancellation was asked for since it began.</summary>
    public bool IsCancelAsked { get; set; }

    /// <summary>How often its cancellation was asked for.</summary>
    public int Cancellations { get; set; }

    /// <summary>How often it was retried.</summary>
    public int Retries { get; set; }

    /// <summary>What was seen last.</summary>
    public TalkSight? Last { get; set; }

    /// <summary>The SHA-256 of its video, as it was downloaded.</summary>
    public string? Sha256 { get; set; }

    /// <summary>Its name in messages.</summary>
    public override string ToString() => $"{planned.House} talk {number} ({planned.Script.Name}, {Id ?? "not accepted"})";
}
