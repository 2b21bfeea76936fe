using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Orchestration;

namespace WanTalk.Core.Talks;

/// <summary>Cancels, retries and deletes talks.</summary>
/// <param name="store">The artifacts.</param>
/// <param name="orchestrations">Where talks are carried.</param>
/// <param name="rules">How a retried orchestration waits.</param>
/// <param name="time">The clock of cancellation.</param>
public sealed class TalkControl(IArtifactStore store, IOrchestrationClient orchestrations, WaitRules rules, TimeProvider time)
{
    private static readonly OrchestrationStatus[] BlocksRetry =
        [OrchestrationStatus.Pending, OrchestrationStatus.Running, OrchestrationStatus.Suspended, OrchestrationStatus.Completed];

    /// <summary>Asks a talk to stop: runners see it at their next heartbeat. Asking again changes nothing.</summary>
    /// <exception cref="TalkException">There is no such talk, or it has ended otherwise.</exception>
    public async Task CancelAsync(string talk, CancellationToken cancellationToken)
    {
        var instance = await FindAsync(talk, cancellationToken);
        if (instance.IsCompleted)
        {
            if (instance.FailureMessage is { } message && TalkError.Parse(message).Code == ErrorCode.Cancelled)
            {
                return;
            }

            throw new TalkException(ErrorCode.TalkStateConflict, $"The talk {talk} has ended already; there is nothing to cancel.");
        }

        await store.TryCreateJsonAsync(new TalkPaths(talk).Cancel, new Cancellation(time.GetUtcNow()), cancellationToken);
        await orchestrations.RaiseEventAsync(talk, StageCalls.CancelEvent, null, cancellationToken);
    }

    /// <summary>Starts a failed or cancelled talk again under its id; it goes on from its first missing artifact.</summary>
    /// <returns>False when the talk is under way or completed: there is nothing to start.</returns>
    /// <exception cref="TalkException">There is no such talk.</exception>
    public async Task<bool> RetryAsync(string talk, CancellationToken cancellationToken)
    {
        var (instance, paths) = (await FindAsync(talk, cancellationToken), new TalkPaths(talk));
        if (!instance.IsCompleted || instance.Status == OrchestrationStatus.Completed)
        {
            return false;
        }

        var request = await store.TryReadJsonAsync<TalkRequest>(paths.Request, cancellationToken) ?? throw NotFound(talk);
        var retries = (instance.ReadInputAs<TalkInput>()?.Retries ?? 0) + 1;
        await store.DeleteAsync(paths.Cancel, cancellationToken);
        await store.DeleteAsync(paths.Started, cancellationToken);
        return await orchestrations.ScheduleNewOrchestrationInstanceAsync(
            TalkOrchestration.Name, talk, TalkStart.InputOf(request, rules, time.GetUtcNow()) with { Retries = retries }, BlocksRetry, cancellationToken);
    }

    /// <summary>Deletes an ended talk with its artifacts and its history.</summary>
    /// <exception cref="TalkException">There is no such talk, or it has not ended.</exception>
    public async Task DeleteAsync(string talk, CancellationToken cancellationToken)
    {
        if (!(await FindAsync(talk, cancellationToken)).IsCompleted)
        {
            throw new TalkException(ErrorCode.TalkStateConflict, $"The talk {talk} is under way. Cancel it first.");
        }

        await orchestrations.PurgeInstanceAsync(talk, cancellationToken);
        await store.DeleteFolderAsync(new TalkPaths(talk).Root, cancellationToken);
    }

    private async Task<OrchestrationInstance> FindAsync(string talk, CancellationToken cancellationToken) =>
        (TalkId.IsValid(talk) ? await orchestrations.GetInstanceAsync(talk, cancellationToken) : null)
        ?? throw NotFound(talk);

    private static TalkException NotFound(string talk) =>
        new(ErrorCode.TalkNotFound, $"There is no talk '{talk}'. Look for its id in the first line that 'talk' printed.");
}
