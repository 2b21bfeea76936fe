using System.Runtime.CompilerServices;
using WanTalk.Core.Orchestration;

namespace WanTalk.Local.Durable;

/// <summary>
/// Starts, reads and steers the orchestrations of a <see cref="DurableStore"/>, from any thread. What a call has returned from is on the
/// disk. Without a running runtime, instances and events wait for it.
/// </summary>
/// <param name="store">The store of this process.</param>
public sealed class DurableClient(DurableStore store) : IOrchestrationClient
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The id is longer than 100 characters or has one that is not allowed.</exception>
    public Task<bool> ScheduleNewOrchestrationInstanceAsync(
        string name,
        string instanceId,
        object? input,
        IReadOnlyCollection<OrchestrationStatus> blockedBy,
        CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(blockedBy);
        InstanceId.ThrowIfInvalid(instanceId);
        return Run(() => store.Start(name, instanceId, Payload.ToText(Payload.From(input)), blockedBy), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<OrchestrationInstance?> GetInstanceAsync(string instanceId, CancellationToken cancellationToken) =>
        Run(() => store.Find(instanceId), cancellationToken);

    /// <inheritdoc/>
    public async Task<OrchestrationInstance?> WaitForInstanceCompletionAsync(string instanceId, CancellationToken cancellationToken)
    {
        OrchestrationInstance? found = null;
        await store.Waiters.WaitAsync(
            instanceId,
            () =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                found = store.Find(instanceId);
                return found is not { IsCompleted: false };
            },
            cancellationToken);
        return found;
    }

    /// <inheritdoc/>
    public Task RaiseEventAsync(string instanceId, string eventName, object? payload, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return Run(
            () =>
            {
                store.Raise(instanceId, new EventRaised(eventName, Payload.From(payload)));
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A parent that waits for it sees its call fail. An instance that has ended stays as it is, but its sub-orchestrations that still
    /// run are ended.
    /// </remarks>
    public Task TerminateInstanceAsync(string instanceId, string reason, CancellationToken cancellationToken) => Run(
        () =>
        {
            store.Terminate(instanceId, reason);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<OrchestrationInstance> GetAllInstancesAsync(
        OrchestrationQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNegative(query.Limit);
        foreach (var instance in await Run(() => store.List(query), cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return instance;
        }
    }

    /// <inheritdoc/>
    public Task<bool> PurgeInstanceAsync(string instanceId, CancellationToken cancellationToken) =>
        Run(() => store.Purge(instanceId), cancellationToken);

    // SQLite has no asynchronous calls; each of these is done in a few milliseconds.
    private static Task<T> Run<T>(Func<T> call, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellationToken);
        try
        {
            return Task.FromResult(call());
        }
        catch (Exception e)
        {
            return Task.FromException<T>(e);
        }
    }
}
