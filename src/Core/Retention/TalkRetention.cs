using WanTalk.Core.Artifacts;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Retention;

/// <summary>Deletes talks whose time is over: their artifacts, then their history, so that what broke off half-way is found again.</summary>
/// <param name="store">The artifacts.</param>
/// <param name="orchestrations">Where talks were carried.</param>
/// <param name="options">How long they are kept.</param>
/// <param name="time">The clock.</param>
public sealed class TalkRetention(IArtifactStore store, IOrchestrationClient orchestrations, RetentionOptions options, TimeProvider time)
{
    private static readonly OrchestrationStatus[] Ended =
        [OrchestrationStatus.Completed, OrchestrationStatus.Failed, OrchestrationStatus.Terminated];

    /// <summary>Deletes what is over now. May run side by side and more than once.</summary>
    /// <returns>How many talks were deleted.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var deleted = 0;
        await foreach (var talk in OverAsync(TalkOrchestration.Name, cancellationToken))
        {
            await store.DeleteFolderAsync(new TalkPaths(talk).Root, cancellationToken);
            deleted += await orchestrations.PurgeInstanceAsync(talk, cancellationToken) ? 1 : 0;
        }

        // What tells of a talk is no sub-orchestration of it: it may outlive the talk while a broker or a receiver is away.
        foreach (var name in (string[])[NotifyOrchestration.Name, WebhookOrchestration.Name])
        {
            await foreach (var notification in OverAsync(name, cancellationToken))
            {
                await orchestrations.PurgeInstanceAsync(notification, cancellationToken);
            }
        }

        return deleted;
    }

    private async IAsyncEnumerable<string> OverAsync(
        string name, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var over = time.GetUtcNow() - options.Keep;
        // Who was started after that has not ended before it. The list is read to its end before anything is taken out of it.
        var query = new OrchestrationQuery(Ended, Name: name, CreatedBefore: over, Limit: options.MostAtOnce);
        var found = new List<string>();
        await foreach (var instance in orchestrations.GetAllInstancesAsync(query, cancellationToken))
        {
            if (instance.LastUpdatedAt < over)
            {
                found.Add(instance.InstanceId);
            }
        }

        foreach (var id in found)
        {
            yield return id;
        }
    }
}
