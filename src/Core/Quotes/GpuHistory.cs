using WanTalk.Core.Artifacts;
using WanTalk.Core.Json;
using WanTalk.Core.Records;
using WanTalk.Core.Sampling;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Quotes;

/// <summary>
/// How long windows took on each kind of GPU with each preset's models, from the talks that were made: a running mean in the record
/// <c>history/{gpu}</c>, in seconds for a window of 640x640 in 4 steps. Shared by all instances of a host.
/// </summary>
/// <param name="records">Where it is kept.</param>
public sealed class GpuHistory(IRecordStore records)
{
    private const int WriteAttempts = 20;
    private static readonly ArtifactPath Folder = new("history");

    /// <summary>What was measured.</summary>
    public async Task<GpuSpeeds> ReadAsync(CancellationToken cancellationToken)
    {
        var speeds = new Dictionary<string, IReadOnlyDictionary<SamplingPreset, double>>(StringComparer.Ordinal);
        await foreach (var name in records.ListAsync(Folder, null, cancellationToken))
        {
            if (await records.ReadAsync(name, cancellationToken) is { } stored)
            {
                var record = CoreJson.FromBytes<GpuHistoryRecord>(stored.Content.Span);
                speeds[record.Gpu] = record.Presets.ToDictionary(preset => preset.Preset, preset => preset.SecondsPerWindow);
            }
        }

        return new GpuSpeeds(speeds);
    }

    /// <summary>Learns from a talk that was made. The same talk told again soon changes nothing.</summary>
    /// <param name="request">The talk's request.</param>
    /// <param name="uses">What was sampled where.</param>
    /// <param name="cancellationToken">Gives up the call.</param>
    public async Task LearnAsync(TalkRequest request, IEnumerable<GpuUse> uses, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(uses);
        var work = SamplingWork.Of(request.EffectiveSize, request.Sampling);
        foreach (var use in uses.Where(use => use.Windows > 0))
        {
            await LearnAsync(request.Id, request.Sampling.Preset, use with { Seconds = use.Seconds / work }, cancellationToken);
        }
    }

    /// <summary>A mean needs no talk's seconds so much that it is worth waiting for a record that everybody changes.</summary>
    private async Task LearnAsync(string talk, SamplingPreset preset, GpuUse use, CancellationToken cancellationToken)
    {
        var name = Folder / use.Gpu.ToLowerInvariant();
        for (var attempt = 0; attempt < WriteAttempts; attempt++)
        {
            var stored = await records.ReadAsync(name, cancellationToken);
            var before = stored is null ? GpuHistoryRecord.Empty(use.Gpu) : CoreJson.FromBytes<GpuHistoryRecord>(stored.Content.Span);
            if (before.Talks.Contains(talk)
                || await records.TryWriteAsync(name, CoreJson.ToBytes(before.With(talk, preset, use)), stored?.Version, cancellationToken))
            {
                return;
            }
        }
    }
}
