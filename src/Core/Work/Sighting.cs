namespace WanTalk.Core.Work;

/// <summary>Asks what an attempt's artifacts say.</summary>
/// <param name="Work">Which attempt.</param>
/// <param name="StaleHeartbeatSeconds">A heartbeat older than this is a lost runner.</param>
public sealed record LookRequest(WorkReference Work, double StaleHeartbeatSeconds);

/// <summary>What an attempt's artifacts say.</summary>
/// <param name="State">Where the attempt stands.</param>
/// <param name="Result">What it came to, when it is done.</param>
public sealed record Sighting(SightingState State, AttemptResult? Result = null);

/// <summary>Where an attempt stands.</summary>
public enum SightingState
{
    /// <summary>No runner has taken it.</summary>
    Queued,

    /// <summary>A runner is at it.</summary>
    Working,

    /// <summary>A runner was at it and fell silent.</summary>
    Lost,

    /// <summary>It has a result.</summary>
    Done,

    /// <summary>It has none, and the talk was cancelled.</summary>
    Cancelled,
}
