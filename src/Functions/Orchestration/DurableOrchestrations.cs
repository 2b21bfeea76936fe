using System.Runtime.CompilerServices;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using WanTalk.Core.Orchestration;
using OrchestrationQuery = WanTalk.Core.Orchestration.OrchestrationQuery;

namespace WanTalk.Functions.Orchestration;

/// <summary>Core's view of Durable Task's client.</summary>
/// <param name="client">The client of the task hub.</param>
public sealed class DurableOrchestrations(DurableTaskClient client) : IOrchestrationClient
{
    /// <inheritdoc/>
    public async Task<bool> ScheduleNewOrchestrationInstanceAsync(
        string name, string instanceId, object? input, IReadOnlyCollection<OrchestrationStatus> blockedBy, CancellationToken cancellationToken)
    {
        var options = new StartOrchestrationOptions(instanceId).WithDedupeStatuses([.. blockedBy.Select(StatusOf)]);
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(name, input, options, cancellationToken);
            return true;
        }
        catch (OrchestrationAlreadyExistsException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async Task<OrchestrationInstance?> GetInstanceAsync(string instanceId, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(instanceId, getInputsAndOutputs: true, cancellationToken) is { } found ? InstanceOf(found) : null;

    /// <inheritdoc/>
    public async Task<OrchestrationInstance?> WaitForInstanceCompletionAsync(string instanceId, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(instanceId, cancellationToken) is null
            ? null
            : InstanceOf(await client.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs: true, cancellationToken));

    /// <inheritdoc/>
    public Task RaiseEventAsync(string instanceId, string eventName, object? payload, CancellationToken cancellationToken) =>
        client.RaiseEventAsync(instanceId, eventName, payload, cancellationToken);

    /// <inheritdoc/>
    public Task TerminateInstanceAsync(string instanceId, string reason, CancellationToken cancellationToken) =>
        client.TerminateInstanceAsync(instanceId, new TerminateInstanceOptions(reason, Recursive: true), cancellationToken);

    /// <inheritdoc/>
    /// <remarks>They come in the order of the hub's table. Durable Task has no query by name, so others are left out here.</remarks>
    public async IAsyncEnumerable<OrchestrationInstance> GetAllInstancesAsync(
        OrchestrationQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = new Microsoft.DurableTask.Client.OrchestrationQuery(
            CreatedTo: query.CreatedBefore, Statuses: query.Statuses?.Select(StatusOf), InstanceIdPrefix: query.InstanceIdPrefix, FetchInputsAndOutputs: true);
        var left = query.Limit;
        await foreach (var found in client.GetAllInstancesAsync(filter).WithCancellation(cancellationToken))
        {
            if (query.Name is not null && found.Name != query.Name)
            {
                continue;
            }

            if (left-- <= 0)
            {
                yield break;
            }

            yield return InstanceOf(found);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Durable Task does not purge sub-orchestrations with their parent; their ids begin with its id here.</remarks>
    public async Task<bool> PurgeInstanceAsync(string instanceId, CancellationToken cancellationToken)
    {
        if (await client.GetInstanceAsync(instanceId, cancellationToken) is not { IsCompleted: true })
        {
            return false;
        }

        var below = new Microsoft.DurableTask.Client.OrchestrationQuery(InstanceIdPrefix: $"{instanceId}-");
        await foreach (var child in client.GetAllInstancesAsync(below).WithCancellation(cancellationToken))
        {
            if (child.IsCompleted)
            {
                await client.PurgeInstanceAsync(child.InstanceId, cancellationToken);
            }
        }

        return (await client.PurgeInstanceAsync(instanceId, cancellationToken)).PurgedInstanceCount > 0;
    }

    private static OrchestrationInstance InstanceOf(OrchestrationMetadata found) => new(
        found.InstanceId,
        found.Name,
        StatusOf(found.RuntimeStatus),
        found.CreatedAt,
        found.LastUpdatedAt,
        found.SerializedInput,
        found.SerializedOutput,
        found.SerializedCustomStatus,
        found.FailureDetails?.ErrorMessage);

    private static OrchestrationRuntimeStatus StatusOf(OrchestrationStatus status) => Enum.Parse<OrchestrationRuntimeStatus>(status.ToString());

    /// <summary>Durable Task's older words for running and terminated are told as those.</summary>
    private static OrchestrationStatus StatusOf(OrchestrationRuntimeStatus status) => status switch
    {
        OrchestrationRuntimeStatus.Pending => OrchestrationStatus.Pending,
        OrchestrationRuntimeStatus.Suspended => OrchestrationStatus.Suspended,
        OrchestrationRuntimeStatus.Completed => OrchestrationStatus.Completed,
        OrchestrationRuntimeStatus.Failed => OrchestrationStatus.Failed,
        OrchestrationRuntimeStatus.Terminated => OrchestrationStatus.Terminated,
        _ => OrchestrationStatus.Running,
    };
}
