using WanTalk.Core.Artifacts;
using WanTalk.Core.Json;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Records;

namespace WanTalk.Core.Preflight;

/// <summary>Deletes preflights without a talk whose time is over.</summary>
/// <param name="store">The artifacts.</param>
/// <param name="records">Whose they are.</param>
/// <param name="orchestrations">Where they were carried.</param>
/// <param name="time">The clock.</param>
public sealed class PreflightRetention(IArtifactStore store, IRecordStore records, IOrchestrationClient orchestrations, TimeProvider time)
{
    private const int MostAtOnce = 1_000;

    /// <summary>Deletes what is over now, the oldest first, at most 1,000. May run side by side and more than once.</summary>
    /// <returns>How many were deleted.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        // Ids are in the order of their ends. The list is read before anything is taken out of it.
        var (over, now) = (new List<ArtifactPath>(), time.GetUtcNow());
        await foreach (var preflight in records.ListAsync(PreflightPaths.Folder, null, cancellationToken))
        {
            if (over.Count == MostAtOnce || PreflightId.KeptUntil(IdIn(preflight)) > now)
            {
                break;
            }

            over.Add(preflight);
        }

        foreach (var preflight in over)
        {
            await store.DeleteFolderAsync(preflight, cancellationToken);
            await orchestrations.PurgeInstanceAsync(PreflightOrchestration.InstanceOf(IdIn(preflight)), cancellationToken);
            if (await records.ReadAsync(preflight, cancellationToken) is { } stored)
            {
                var owner = CoreJson.FromBytes<PreflightEntry>(stored.Content.Span).Owner;
                await records.DeleteAsync(PreflightPaths.OwnedBy(owner) / IdIn(preflight), cancellationToken);
            }

            // Last: what breaks off before is found again.
            await records.DeleteAsync(preflight, cancellationToken);
        }

        return over.Count;
    }

    private static string IdIn(ArtifactPath preflight) => preflight.Value[(PreflightPaths.Folder.Value.Length + 1)..];
}
