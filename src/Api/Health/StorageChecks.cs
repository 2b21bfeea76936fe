using WanTalk.Core.Artifacts;
using WanTalk.Core.Records;
using WanTalk.Core.Work;

namespace WanTalk.Api.Health;

/// <summary>Look whether talks can be stored.</summary>
public static class StorageChecks
{
    private static readonly ArtifactPath Probe = new("health/probe");

    /// <summary>The artifacts can be written, which a full disk and a missing role forbid; the index and the queues can be read.</summary>
    public static IReadOnlyList<ReadinessCheck> Of(IArtifactStore artifacts, IRecordStore records, IWorkQueues queues)
    {
        ArgumentNullException.ThrowIfNull(artifacts);
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(queues);
        return
        [
            new ReadinessCheck("storage", async cancellationToken =>
            {
                using var content = new MemoryStream([1]);
                await artifacts.WriteAsync(Probe, content, cancellationToken);
                return null;
            }),
            new ReadinessCheck("index", async cancellationToken =>
            {
                await records.ReadAsync(Probe, cancellationToken);
                return null;
            }),
            new ReadinessCheck("queues", async cancellationToken =>
            {
                await queues.Completions.CountAsync(cancellationToken);
                return null;
            }),
        ];
    }
}
