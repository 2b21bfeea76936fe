namespace WanTalk.Core.Orchestration;

/// <summary>Starts, reads and steers orchestrations from outside; each host has its own.</summary>
public interface IOrchestrationClient
{
    /// <summary>
    /// Starts an instance, unless one with this id exists in a status that blocks it. An existing instance in any other status is replaced.
    /// </summary>
    /// <param name="name">The orchestrator's registered name.</param>
    /// <param name="instanceId">At most 100 characters, none of <c>/ \ # ?</c>.</param>
    /// <param name="input">A JSON-serialisable reference.</param>
    /// <param name="blockedBy">The statuses that block the start.</param>
    /// <param name="cancellationToken">Gives up the call.</param>
    /// <returns>False when an existing instance blocked the start.</returns>
    Task<bool> ScheduleNewOrchestrationInstanceAsync(
        string name, string instanceId, object? input, IReadOnlyCollection<OrchestrationStatus> blockedBy, CancellationToken cancellationToken);

    /// <summary>Reads an instance; null when there is none.</summary>
    Task<OrchestrationInstance?> GetInstanceAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>Waits until an instance has completed, failed or been terminated; null when there is none.</summary>
    Task<OrchestrationInstance?> WaitForInstanceCompletionAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>Delivers an external event, at least once; dropped when the instance does not exist or has ended.</summary>
    Task RaiseEventAsync(string instanceId, string eventName, object? payload, CancellationToken cancellationToken);

    /// <summary>Ends an instance and its sub-orchestrations without running their code again; for operators.</summary>
    Task TerminateInstanceAsync(string instanceId, string reason, CancellationToken cancellationToken);

    /// <summary>Lists instances, newest first.</summary>
    IAsyncEnumerable<OrchestrationInstance> GetAllInstancesAsync(OrchestrationQuery query, CancellationToken cancellationToken);

    /// <summary>Deletes an ended instance and its sub-orchestrations with their histories.</summary>
    /// <returns>False when there is no such instance, or it has not ended.</returns>
    Task<bool> PurgeInstanceAsync(string instanceId, CancellationToken cancellationToken);
}
