namespace WanTalk.Core.Orchestration;

/// <summary>
/// What an orchestrator may do, named as Durable Task names it. Orchestrators are replayed: they await tasks of this context only, take
/// time and identifiers from it, never use <c>ConfigureAwait(false)</c> or <c>CancelAsync</c> (both leave the turn's thread), and do no I/O
/// of their own. A newer version may change inputs and due times of a running orchestration, but not names, order and ids.
/// </summary>
public interface IOrchestrationContext
{
    /// <summary>The id of this orchestration instance.</summary>
    string InstanceId { get; }

    /// <summary>The time of the current turn, in UTC; the same in every replay.</summary>
    DateTime CurrentUtcDateTime { get; }

    /// <summary>Whether the code is running over events that it has seen before. For logging only.</summary>
    bool IsReplaying { get; }

    /// <summary>
    /// Runs an activity at least once. A failure that outlives the retry policy is an <see cref="OrchestrationTaskFailedException"/>.
    /// </summary>
    /// <param name="name">The activity's registered name.</param>
    /// <param name="input">A JSON-serialisable reference, kept small: history is read again in every turn.</param>
    /// <param name="retry">How often exceptions are tried again; not at all when null.</param>
    Task<TResult> CallActivityAsync<TResult>(string name, object? input = null, ActivityRetryPolicy? retry = null);

    /// <summary>
    /// Runs another orchestration under an id chosen by the caller and waits for its output. Its failure is an
    /// <see cref="OrchestrationTaskFailedException"/>.
    /// </summary>
    Task<TResult> CallSubOrchestratorAsync<TResult>(string name, string instanceId, object? input = null);

    /// <summary>Completes after a delay on the orchestration's clock. Cancelling forgets the timer.</summary>
    Task CreateTimer(TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>
    /// Completes with the payload of the next external event of that name (names ignore case). Wait once for a name and hold the task:
    /// each call takes one event.
    /// </summary>
    Task<T> WaitForExternalEvent<T>(string eventName);

    /// <summary>Replaces the custom status, a JSON-serialisable value of at most 16 KB.</summary>
    void SetCustomStatus(object? status);

    /// <summary>A new identifier, the same in every replay.</summary>
    Guid NewGuid();
}
