using System.Text;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Json;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.Core.Work;

namespace WanTalk.Local.Hosting;

/// <summary>
/// Fills the lanes anew when a host starts or its runner has died. The host holds the home's lock, so whoever held leases is gone: instead
/// of waiting for leases to end, the messages of attempts without a result are sent again, for the talks that the host carries.
/// </summary>
internal sealed class WorkRecovery(IArtifactStore store, IWorkQueues queues, IOrchestrationClient orchestrations)
{
    private static readonly OrchestrationStatus[] Unfinished = [OrchestrationStatus.Pending, OrchestrationStatus.Running];

    /// <summary>Sends the messages of unfinished attempts again.</summary>
    /// <param name="onlyTalk">The only talk that goes on; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task SendAgainAsync(string? onlyTalk, CancellationToken cancellationToken)
    {
        var talks = new OrchestrationQuery(Unfinished, onlyTalk, TalkOrchestration.Name, Limit: int.MaxValue);
        await foreach (var instance in orchestrations.GetAllInstancesAsync(talks, cancellationToken))
        {
            await SendAgainAsync(new TalkPaths(instance.InstanceId), cancellationToken);
        }

        if (onlyTalk is not null)
        {
            return;
        }

        var preflights = new OrchestrationQuery(Unfinished, Name: PreflightOrchestration.Name, Limit: int.MaxValue);
        await foreach (var instance in orchestrations.GetAllInstancesAsync(preflights, cancellationToken))
        {
            await SendAgainAsync(TalkPaths.OfPreflight(PreflightOrchestration.PreflightOf(instance.InstanceId)), cancellationToken);
        }
    }

    private async Task SendAgainAsync(TalkPaths paths, CancellationToken cancellationToken)
    {
        var requests = new Dictionary<string, ArtifactPath>(StringComparer.Ordinal);
        await foreach (var artifact in store.ListAsync(paths.Work, cancellationToken))
        {
            var folder = artifact.Path.Value[..artifact.Path.Value.LastIndexOf('/')];
            if (artifact.Path.Value.EndsWith("/request.json", StringComparison.Ordinal))
            {
                requests[folder] = artifact.Path;
            }
            else if (artifact.Path.Value.EndsWith("/result.json", StringComparison.Ordinal))
            {
                requests.Remove(folder);
            }
        }

        foreach (var path in requests.Values)
        {
            var request = await store.ReadJsonAsync<AttemptRequest>(path, cancellationToken);
            await queues.ForLane(StageNames.LaneOf(request.Work.Stage))
                .SendAsync(Encoding.UTF8.GetString(CoreJson.ToBytes(request.Work)), TimeSpan.Zero, cancellationToken);
        }
    }
}
