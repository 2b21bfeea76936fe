using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Owners;
using WanTalk.Core.Talks;
using WanTalk.Core.Work;

namespace WanTalk.Api.RunPod;

/// <summary>The jobs of an endpoint, taken together.</summary>
/// <param name="orchestrations">Where talks are carried.</param>
/// <param name="talks">The callers' talks.</param>
/// <param name="store">The artifacts.</param>
/// <param name="index">Whose a talk is.</param>
/// <param name="time">The clock against which heartbeats are read.</param>
public sealed class RunPodQueue(
    IOrchestrationClient orchestrations, OwnedTalks talks, IArtifactStore store, TalkIndex index, TimeProvider time)
{
    /// <summary>How many jobs are looked at; older ones are not counted.</summary>
    private const int MostJobs = 10_000;

    /// <summary>A runner whose heartbeat is older than this counts as gone.</summary>
    private static readonly TimeSpan FreshHeartbeat = TimeSpan.FromSeconds(60);

    private static readonly OrchestrationStatus[] Active =
        [OrchestrationStatus.Pending, OrchestrationStatus.Running, OrchestrationStatus.Suspended];

    /// <summary>Counts the jobs, and the runners that are at one.</summary>
    internal async Task<RunPodHealth> ReadHealthAsync(RunPodScope scope, CancellationToken cancellationToken)
    {
        var (completed, failed, inProgress, inQueue, retried) = (0, 0, 0, 0, 0);
        var runners = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var job in JobsAsync(scope, statuses: null, cancellationToken))
        {
            retried += job.ReadInputAs<TalkInput>()!.Retries;
            if (job.IsCompleted)
            {
                completed += job.Status == OrchestrationStatus.Completed ? 1 : 0;
                failed += IsFailure(job) ? 1 : 0;
            }
            else if (await IsQueuedAsync(job, cancellationToken))
            {
                inQueue++;
            }
            else
            {
                inProgress++;
                await AddRunnersAsync(job.InstanceId, runners, cancellationToken);
            }
        }

        // Runners without work give no sign, so that none can be told.
        return new RunPodHealth(new RunPodJobCounts(completed, failed, inProgress, inQueue, retried), new RunPodWorkerCounts(0, runners.Count));
    }

    /// <summary>Cancels the jobs that no runner has taken.</summary>
    /// <returns>How many.</returns>
    internal async Task<int> PurgeAsync(RunPodScope scope, CancellationToken cancellationToken)
    {
        var removed = 0;
        foreach (var job in await JobsAsync(scope, Active, cancellationToken).ToListAsync(cancellationToken))
        {
            if (!await IsQueuedAsync(job, cancellationToken))
            {
                continue;
            }

            try
            {
                await talks.CancelAsync(scope.Caller, job.InstanceId, cancellationToken);
                removed++;
            }
            catch (TalkException ended) when (ended.Error.Code is ErrorCode.TalkStateConflict or ErrorCode.TalkNotFound)
            {
                // It ended between the look and this.
            }
        }

        return removed;
    }

    private IAsyncEnumerable<OrchestrationInstance> JobsAsync(
        RunPodScope scope, IReadOnlyCollection<OrchestrationStatus>? statuses, CancellationToken cancellationToken) =>
        orchestrations.GetAllInstancesAsync(new OrchestrationQuery(statuses, Name: TalkOrchestration.Name, Limit: MostJobs), cancellationToken)
            .Where(async (job, token) => job.ReadInputAs<TalkInput>()?.Endpoint == scope.Endpoint
                && (scope.Caller.SeesAll || (await index.FindAsync(job.InstanceId, token))?.Owner == scope.Caller.Name));

    /// <summary>Whether no runner has taken it, and nobody has cancelled it.</summary>
    private async Task<bool> IsQueuedAsync(OrchestrationInstance job, CancellationToken cancellationToken)
    {
        var paths = new TalkPaths(job.InstanceId);
        return !await store.ExistsAsync(paths.Started, cancellationToken) && !await store.ExistsAsync(paths.Cancel, cancellationToken);
    }

    /// <summary>RunPod counts what was cancelled as neither completed nor failed.</summary>
    private static bool IsFailure(OrchestrationInstance job) =>
        job.Status == OrchestrationStatus.Failed && (job.FailureMessage is null || TalkError.Parse(job.FailureMessage).Code != ErrorCode.Cancelled);

    private async Task AddRunnersAsync(string talk, HashSet<string> runners, CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow() - FreshHeartbeat;
        await foreach (var artifact in store.ListAsync(new TalkPaths(talk).Work, cancellationToken))
        {
            if (artifact.LastModified < since || !artifact.Path.Value.EndsWith("/heartbeat.json", StringComparison.Ordinal))
            {
                continue;
            }

            var result = new ArtifactPath(artifact.Path.Value[..^"heartbeat.json".Length] + "result.json");
            if (!await store.ExistsAsync(result, cancellationToken)
                && await store.TryReadJsonAsync<Heartbeat>(artifact.Path, cancellationToken) is { } beat)
            {
                runners.Add(beat.Runner);
            }
        }
    }
}
