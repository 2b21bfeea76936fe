namespace WanTalk.Faults.Plans;

/// <summary>How often a fault comes, and how long it lasts.</summary>
/// <param name="Kind">What.</param>
/// <param name="Weight">How often, beside the others of its house.</param>
/// <param name="LeastSeconds">How long at least.</param>
/// <param name="MostSeconds">How long at most.</param>
public sealed record FaultWeight(FaultKind Kind, int Weight, double LeastSeconds, double MostSeconds);

/// <summary>
/// Which faults come in which house. What does not take a runner or its lease is kept short of what leases and engines' clients wait for:
/// a lease is 10 s for a runner alone and 30 s for one that shares its lanes, an engine elsewhere is waited for for 10 s.
/// </summary>
public static class FaultWeights
{
    private static readonly FaultWeight[] _folder =
    [
        new(FaultKind.KillHost, 4, 0.1, 2),
        new(FaultKind.KillRunner, 8, 0, 0),
        new(FaultKind.KillEngine, 8, 0, 0),
        new(FaultKind.RestartHost, 2, 0, 0.5),
        new(FaultKind.PauseHost, 6, 0.3, 5),
        new(FaultKind.PauseRunner, 8, 0.3, 14),
        new(FaultKind.PauseEngine, 8, 0.3, 5),
        new(FaultKind.FillDisk, 5, 0.5, 4),
        new(FaultKind.BreakPublish, 6, 1, 5),
        new(FaultKind.MessagesTwice, 10, 2, 6),
        new(FaultKind.MessagesLate, 10, 2, 6),
        new(FaultKind.CompletionsLost, 10, 2, 6),
    ];

    private static readonly FaultWeight[] _account =
    [
        new(FaultKind.KillHost, 3, 0.1, 2),
        new(FaultKind.KillRunner, 6, 0.1, 1),
        new(FaultKind.KillEngine, 6, 0.1, 1),
        new(FaultKind.KillStorage, 4, 0.1, 1),
        new(FaultKind.RestartHost, 1, 0, 0.5),
        new(FaultKind.RestartRunner, 3, 0, 0.5),
        new(FaultKind.PauseHost, 3, 0.3, 5),
        new(FaultKind.PauseRunner, 5, 0.3, 8),
        new(FaultKind.PauseEngine, 5, 0.3, 5),
        new(FaultKind.PauseStorage, 4, 0.3, 4),
        new(FaultKind.FillDisk, 3, 0.5, 4),
        new(FaultKind.BreakPublish, 4, 1, 5),
        new(FaultKind.CutEngine, 8, 0, 4),
        new(FaultKind.DelayEngine, 6, 1, 6),
        new(FaultKind.CutStorage, 8, 0, 5),
        new(FaultKind.DelayStorage, 6, 1, 6),
        new(FaultKind.MessagesTwice, 6, 2, 6),
        new(FaultKind.MessagesLate, 6, 2, 6),
        new(FaultKind.CompletionsLost, 6, 2, 6),
        new(FaultKind.EngineException, 3, 0, 0),
        new(FaultKind.EngineOutOfMemory, 3, 0, 0),
        new(FaultKind.EngineBlackWindow, 3, 0, 0),
        new(FaultKind.EngineHang, 3, 0.5, 4),
        new(FaultKind.EngineStalledHistory, 3, 0.5, 3),
        new(FaultKind.EngineSilentSockets, 3, 0, 0),
    ];

    /// <summary>Those of a house.</summary>
    public static IReadOnlyList<FaultWeight> Of(House house) => house == House.Folder ? _folder : _account;
}
