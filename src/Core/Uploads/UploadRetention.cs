using WanTalk.Core.Artifacts;
using WanTalk.Core.Json;
using WanTalk.Core.Records;

namespace WanTalk.Core.Uploads;

/// <summary>Deletes uploads whose time is over. Talks that were made of them have copies.</summary>
/// <param name="artifacts">Where they are.</param>
/// <param name="records">Whose they are.</param>
/// <param name="time">The clock.</param>
public sealed class UploadRetention(IArtifactStore artifacts, IRecordStore records, TimeProvider time)
{
    private const int MostAtOnce = 1_000;

    /// <summary>Deletes what is over now, the oldest first, at most 1,000. May run side by side and more than once.</summary>
    /// <returns>How many uploads were deleted.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        // Ids are in the order of their ends. The list is read before anything is taken out of it.
        var (over, now) = (new List<ArtifactPath>(), time.GetUtcNow());
        await foreach (var upload in records.ListAsync(UploadPaths.Folder, null, cancellationToken))
        {
            if (over.Count == MostAtOnce || UploadId.UsableUntil(IdIn(upload)) + UploadOptions.KeptBehind > now)
            {
                break;
            }

            over.Add(upload);
        }

        foreach (var upload in over)
        {
            await artifacts.DeleteAsync(upload, cancellationToken);
            if (await records.ReadAsync(upload, cancellationToken) is { } stored)
            {
                var owner = CoreJson.FromBytes<UploadEntry>(stored.Content.Span).Owner;
                await records.DeleteAsync(UploadPaths.OwnedBy(owner) / IdIn(upload), cancellationToken);
            }

            // Last: what breaks off before is found again.
            await records.DeleteAsync(upload, cancellationToken);
        }

        return over.Count;
    }

    private static string IdIn(ArtifactPath upload) => upload.Value[(UploadPaths.Folder.Value.Length + 1)..];
}
