namespace WanTalk.GpuRunner.Engine.Supervision;

/// <summary>How it stands with the engine.</summary>
internal enum EngineState
{
    /// <summary>It has not answered yet.</summary>
    Starting,

    /// <summary>It answers.</summary>
    Answering,

    /// <summary>It died, and is started again.</summary>
    Restarting,

    /// <summary>It died too often in a row. It is still tried now and then, and counts as answering once it does.</summary>
    GivenUp,

    /// <summary>It was given by its address, and does not answer there.</summary>
    Unreachable,
}

/// <summary>What is known of the engine at one moment.</summary>
/// <param name="State">How it stands.</param>
/// <param name="Since">Since when.</param>
/// <param name="Address">Where it is, when it answers.</param>
/// <param name="Deaths">How often it died since the runner began; 0 for an engine given by its address.</param>
/// <param name="LastReason">Why it died, or was not reached, the last time; on one line. Null when that never happened.</param>
/// <param name="RecentLines">The last lines that it printed, oldest first; none for an engine given by its address.</param>
internal sealed record EngineStatus(
    EngineState State, DateTimeOffset Since, Uri? Address, int Deaths, string? LastReason, IReadOnlyList<string> RecentLines);
