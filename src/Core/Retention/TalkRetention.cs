using WanTalk.Core.Artifacts;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Owners;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Retention;

/// <summary>Deletes talks whose time is over: their artifacts, then their history, so that what broke off half-way is found again.</summary>
/// <param name="store">The artifacts.</param>
/// <param name="orchestrations">Where talks were carried.</param>
/// <param name="index">Who owned them.</param>
/// <param name="options">How long they are kept.</param>
/// <param name="time">The clock.</param>
public sealed class TalkRetention(IArtifactStore store, IOrchestrationClient orchestrations, TalkIndex index, RetentionOptions options, TimeProvider time)
{
    private static readonly OrchestrationStatus[] Ended =
        [OrchestrationStatus.Completed, OrchestrationStatus.Failed, OrchestrationStatus.Terminated];

    /// <summary>Deletes what is over now. May run side by side and more than once.</summary>
    /// <returns>How many talks were deleted.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var deleted = await SweepExpiredAsync(cancellationToken);
        if (options.Keep is not { } keep)
        {
            return deleted;
        }

        await foreach (var talk in OverAsync(TalkOrchestration.Name, keep, cancellationToken))
        {
            deleted += await DeleteAsync(talk, cancellationToken) ? 1 : 0;
        }

        // What tells of a talk is no sub-orchestration of it: it may outlive the talk while a broker or a receiver is away.
        foreach (var name in (string[])[NotifyOrchestration.Name, WebhookOrchestration.Name])
        {
            await foreach (var notification in OverAsync(name, keep, cancellationToken))
            {
                await orchestrations.PurgeInstanceAsync(notification, cancellationToken);
            }
        }

        return deleted;
    }

    /// <summary>Deletes the talks whose requests gave them a time of their own, which is over.</summary>
    private async Task<int> SweepExpiredAsync(CancellationToken cancellationToken)
    {
        var (now, expired) = (time.GetUtcNow(), new List<(ArtifactPath Note, string Talk, TimeSpan Keep)>());
        await foreach (var note in new TalkExpiry(store).ReadAsync(now, cancellationToken).Take(options.MostAtOnce).WithCancellation(cancellationToken))
        {
            expired.Add(note);
        }

        var deleted = 0;
        foreach (var (note, talk, keep) in expired)
        {
            if (await orchestrations.GetInstanceAsync(talk, cancellationToken) is { IsCompleted: true } instance && instance.LastUpdatedAt + keep <= now)
            {
                deleted += await DeleteAsync(talk, cancellationToken) ? 1 : 0;
            }

            await store.DeleteAsync(note, cancellationToken);
        }

        return deleted;
    }

    private async Task<bool> DeleteAsync(string talk, CancellationToken cancellationToken)
    {
        await store.DeleteFolderAsync(new TalkPaths(talk).Root, cancellationToken);
        if (await index.FindAsync(talk, cancellationToken) is { } entry)
        {
            await index.RemoveAsync(entry, cancellationToken);
        }

        return await orchestrations.PurgeInstanceAsync(talk, cancellationToken);
    }

    private async IAsyncEnumerable<string> OverAsync(
        string name, TimeSpan keep, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var over = time.GetUtcNow() - keep;
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
