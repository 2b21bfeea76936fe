namespace WanTalk.Core.Orchestration;

/// <summary>How an orchestration hands work over and waits for it. The defaults suit the cloud.</summary>
public sealed record WaitRules
{
    /// <summary>
    /// How many takes of a talk are sampled at once, and so how many of its pieces are queued at most. Default 4, 1 to 64: more keeps more
    /// GPUs at one long talk, and lets short talks wait longer behind it.
    /// </summary>
    public int MaxTakesInFlight { get; init; } = 4;

    /// <summary>When to look at the blobs first, in seconds after handing over. Default 10; above 0.</summary>
    public double FirstLookSeconds { get; init; } = 10;

    /// <summary>What each further wait between looks is multiplied with. Default 1.5; at least 1.</summary>
    public double LookGrowth { get; init; } = 1.5;

    /// <summary>The longest wait between looks, in seconds. Default 60.</summary>
    public double LongestLookSeconds { get; init; } = 60;

    /// <summary>
    /// A runner whose last heartbeat is older than this, in seconds, and who has not beaten again after half as long, is lost. Default 60;
    /// above several heartbeats, and half of it above the longest pause between two tries of a store that was away.
    /// </summary>
    public double StaleHeartbeatSeconds { get; init; } = 60;

    /// <summary>
    /// When the same attempt is sent again while it has no heartbeat at all, in seconds after handing over; doubled each time. Default 300:
    /// a message is lost rarely, and a cold GPU takes minutes.
    /// </summary>
    public double FirstResendSeconds { get; init; } = 300;

    /// <summary>How many attempts a piece of work is given. Default 3; at least 1.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>How long the talk may wait and work, as its caller wants it. Default null: as long as it takes.</summary>
    public TimeLimits? Limits { get; init; }
}
