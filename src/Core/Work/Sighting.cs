using WanTalk.Core.Orchestration;

namespace WanTalk.Core.Work;

/// <summary>Asks what an attempt's artifacts say.</summary>
/// <param name="Work">Which attempt.</param>
/// <param name="StaleHeartbeatSeconds">A heartbeat older than this is a runner that fell silent.</param>
/// <param name="SilentSince">The heartbeat that was too old at the last look; null when none was.</param>
/// <param name="Limits">How long the talk may wait and work; null for as long as it takes.</param>
public sealed record LookRequest(
    WorkReference Work, double StaleHeartbeatSeconds, DateTimeOffset? SilentSince = null, TimeLimits? Limits = null);

/// <summary>What an attempt's artifacts say.</summary>
/// <param name="State">Where the attempt stands.</param>
/// <param name="Result">What it came to, when it is done.</param>
/// <param name="SilentSince">The runner's last heartbeat, when it fell silent.</param>
/// <param name="SecondsToLimit">After so many seconds the talk will have waited or worked for longer than it may; null when nothing limits it now.</param>
public sealed record Sighting(
    SightingState State, AttemptResult? Result = null, DateTimeOffset? SilentSince = null, double? SecondsToLimit = null);

/// <summary>Where an attempt stands.</summary>
public enum SightingState
{
    /// <summary>No runner has taken it.</summary>
    Queued,

    /// <summary>A runner is at it.</summary>
    Working,

    /// <summary>A runner was at it and fell silent; the next look decides.</summary>
    Silent,

    /// <summary>It has a result: a runner's, or the host's because the talk was cancelled, its time was up or the runner stayed silent.</summary>
    Done,
}
