namespace WanTalk.Faults.Plans;

/// <summary>What a soak does to the programs and to what is between them.</summary>
public enum FaultKind
{
    /// <summary>kill -9 of the host; it is started again after a while.</summary>
    KillHost,

    /// <summary>kill -9 of a runner.</summary>
    KillRunner,

    /// <summary>kill -9 of an engine.</summary>
    KillEngine,

    /// <summary>kill -9 of the storage account's server; it is started again after a while.</summary>
    KillStorage,

    /// <summary>SIGTERM of the host, and a new one.</summary>
    RestartHost,

    /// <summary>SIGTERM of a runner, and a new one.</summary>
    RestartRunner,

    /// <summary>SIGSTOP of the host, and SIGCONT.</summary>
    PauseHost,

    /// <summary>SIGSTOP of a runner, and SIGCONT.</summary>
    PauseRunner,

    /// <summary>SIGSTOP of an engine, and SIGCONT.</summary>
    PauseEngine,

    /// <summary>SIGSTOP of the storage account's server, and SIGCONT.</summary>
    PauseStorage,

    /// <summary>The scratch disk is full for a while.</summary>
    FillDisk,

    /// <summary>The place that videos are published to is away for a while.</summary>
    BreakPublish,

    /// <summary>All connections to an engine are cut, and none can be made for a while.</summary>
    CutEngine,

    /// <summary>What goes to and from an engine is delayed for a while.</summary>
    DelayEngine,

    /// <summary>All connections to the storage account are cut, and none can be made for a while.</summary>
    CutStorage,

    /// <summary>What goes to and from the storage account is delayed for a while.</summary>
    DelayStorage,

    /// <summary>Messages of lanes and completions come twice for a while.</summary>
    MessagesTwice,

    /// <summary>Messages of lanes and completions come late for a while.</summary>
    MessagesLate,

    /// <summary>Completions are lost for a while.</summary>
    CompletionsLost,

    /// <summary>A node of the engine raises an exception.</summary>
    EngineException,

    /// <summary>The engine's memory runs out before a window.</summary>
    EngineOutOfMemory,

    /// <summary>The engine makes a window of black frames.</summary>
    EngineBlackWindow,

    /// <summary>The engine answers nothing for a while.</summary>
    EngineHang,

    /// <summary>A finished prompt is not in the engine's history for a while.</summary>
    EngineStalledHistory,

    /// <summary>The engine's sockets say nothing during a prompt.</summary>
    EngineSilentSockets,
}
