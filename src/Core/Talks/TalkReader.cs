using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Plans;
using WanTalk.Core.Preflight;
using WanTalk.Core.Quotes;
using WanTalk.Core.Stages;
using WanTalk.Core.Streaming;
using WanTalk.Core.Work;

namespace WanTalk.Core.Talks;

/// <summary>Computes views of talks from their custom status, commit records and heartbeats.</summary>
/// <param name="store">The artifacts.</param>
/// <param name="orchestrations">Where talks are carried.</param>
/// <param name="prices">What GPUs cost; null where nothing has a price.</param>
public sealed class TalkReader(IArtifactStore store, IOrchestrationClient orchestrations, GpuPrices? prices = null)
{
    private readonly GpuPrices _prices = prices ?? GpuPrices.None;

    /// <summary>Reads a talk; null when there is none.</summary>
    public async Task<TalkView?> ReadAsync(string talk, CancellationToken cancellationToken)
    {
        if (!TalkId.IsValid(talk) || await orchestrations.GetInstanceAsync(talk, cancellationToken) is not { } instance)
        {
            return null;
        }

        var paths = new TalkPaths(talk);
        if (await store.TryReadJsonAsync<TalkRequest>(paths.Request, cancellationToken) is not { } request)
        {
            return null;
        }

        var progress = instance.ReadCustomStatusAs<TalkProgress>();
        var start = await store.TryReadJsonAsync<TalkStart>(paths.Started, cancellationToken);
        var media = await store.TryReadJsonAsync<MediaFacts>(paths.Media, cancellationToken);
        var error = ErrorOf(instance, progress);
        var stored = await store.TryReadJsonAsync<TalkPlan>(paths.Plan, cancellationToken);
        // A retried talk has its plan already while its new orchestration has not come to it.
        var plan = progress?.Plan ?? (stored is null ? null : PlanSummary.Of(stored));
        var video = await store.TryReadJsonAsync<VideoFacts>(paths.VideoFacts, cancellationToken);
        var committed = plan is { OnePrompt: true }
            ? (Takes: [video is null ? 0 : plan.Windows], SecondsPerWindow: null, Used: [])
            : await CountCommitsAsync(paths, plan, cancellationToken);
        var windows = committed.Takes.Sum();
        var current = await ReadHeartbeatAsync(paths, instance, progress, cancellationToken);
        var used = video is null ? committed.Used : video.Used;
        var cost = _prices.CostOf(used);
        var published = await ReadVideoAsync(paths, instance, cancellationToken);
        var stream = request.Stream ? await store.TryReadJsonAsync<StreamFacts>(paths.StreamFacts, cancellationToken) : null;
        return new TalkView
        {
            Id = talk,
            Status = StatusOf(instance, error),
            Stage = progress is null ? null : StageNames.Of(progress.Stage),
            Percent = await PercentAsync(
                new TalkPercent
                {
                    Prepared = media is not null,
                    Planned = stored is not null,
                    Windows = windows,
                    WindowsPlanned = plan?.Windows,
                    Assembled = video is not null,
                    VideoIsThere = published.Count > 0,
                },
                paths,
                cancellationToken),
            WindowsDone = windows,
            WindowsPlanned = plan?.Windows,
            Takes = plan?.TakeWindows.Count,
            TakeProgress = [.. (plan?.TakeWindows ?? []).Zip(committed.Takes, (planned, done) => new TakeProgress(planned, done))],
            Step = current?.Step,
            Steps = current?.Steps,
            SecondsLeft = committed.SecondsPerWindow is { } each && plan is not null ? each * (plan.Windows - windows) : null,
            VisibleFrames = plan?.VisibleFrames,
            StageSeconds = progress?.StageSeconds ?? new Dictionary<string, double>(),
            GpuSeconds = used.Count > 0 ? used.Sum(use => use.Seconds) : video?.SamplingSeconds,
            Cost = cost,
            Currency = cost is null ? null : _prices.Currency,
            RequestedSize = request.RequestedSize,
            EffectiveSize = request.EffectiveSize,
            Seed = request.Seed,
            Settings = TalkSettings.Of(request),
            InputsUsableUntil = TalkSettings.InputsUsableUntil(request),
            CreatedAt = request.CreatedAt,
            Metadata = request.Metadata,
            QueuedAt = instance.CreatedAt,
            StartedAt = start?.At,
            EndedAt = instance.IsCompleted ? instance.LastUpdatedAt : null,
            Runner = start?.Runner,
            Warnings =
            [
                .. request.Warnings, .. media?.Warnings ?? [], .. stored?.Notes ?? [], .. MemoryWarnings(video), .. await PreviewWarningAsync(paths, video, cancellationToken),
                .. await StreamWarningAsync(paths, request, instance, cancellationToken),
            ],
            Preflight = media?.Preflight ?? await ReadRefusalAsync(paths, error, cancellationToken),
            WindowSettings = video?.Settings ?? [],
            Video = published,
            StreamUrl = stream is null ? null : stream.Url ?? StreamPlaylists.Index,
            Error = error,
        };
    }

    /// <summary>Looks for voice and conditioning while nothing that stands on them tells that they are there.</summary>
    private async Task<double> PercentAsync(TalkPercent percent, TalkPaths paths, CancellationToken cancellationToken) =>
        !percent.Planned || percent.Windows > 0 || percent.Assembled || percent.VideoIsThere
            ? percent.Value
            : (percent with
            {
                Separated = await store.GetPropertiesAsync(paths.Vocals, cancellationToken) is not null,
                Embedded = await store.GetPropertiesAsync(paths.Conditioning, cancellationToken) is not null,
            }).Value;

    /// <summary>Tells the windows that were not made as the first one was.</summary>
    private static IEnumerable<string> MemoryWarnings(VideoFacts? video) =>
        from run in video?.Settings ?? []
        where run.Settings != video!.Settings[0].Settings
        select $"The GPU's memory ran out: windows {run.FirstWindow} to {run.FirstWindow + run.Windows - 1} of take {run.Take} were made with "
            + $"{run.Settings.BlocksToSwap} blocks swapped{(run.Settings.TiledVae ? " and a tiled VAE, whose seams may show" : "")}.";

    /// <summary>What preflight found where it stopped the talk.</summary>
    private async Task<IReadOnlyList<PreflightFinding>> ReadRefusalAsync(TalkPaths paths, TalkError? error, CancellationToken cancellationToken) =>
        error is not null && await store.TryReadJsonAsync<PreflightReport>(paths.Preflight, cancellationToken) is { } report ? report.Findings : [];

    private async Task<IEnumerable<string>> PreviewWarningAsync(TalkPaths paths, VideoFacts? video, CancellationToken cancellationToken) =>
        video is { Preview: true }
        || await store.TryReadJsonAsync<ConditioningRecord>(paths.Conditioning, cancellationToken) is { Preview: true }
            ? ["The pictures are a preview by the understudy on this machine's CPU, not WanVideo's. Give --comfyui for those."]
            : [];

    /// <summary>Tells that a stream is not whole though the video is.</summary>
    private async Task<IEnumerable<string>> StreamWarningAsync(
        TalkPaths paths, TalkRequest request, OrchestrationInstance instance, CancellationToken cancellationToken) =>
        request.Stream && instance.Status == OrchestrationStatus.Completed
        && !await store.ExistsAsync(paths.StreamFile(StreamPlaylists.Index), cancellationToken)
            ? ["The stream could not be published to its end; the video is whole. The runner's log says why."]
            : [];

    private static TalkError? ErrorOf(OrchestrationInstance instance, TalkProgress? progress) => instance.Status switch
    {
        OrchestrationStatus.Failed => progress?.Error ?? TalkError.Parse(instance.FailureMessage ?? "The orchestration failed."),
        OrchestrationStatus.Terminated => new TalkError(ErrorCode.Cancelled, "An operator ended the talk."),
        _ => null,
    };

    private static TalkStatus StatusOf(OrchestrationInstance instance, TalkError? error) => instance.Status switch
    {
        OrchestrationStatus.Pending => TalkStatus.Queued,
        OrchestrationStatus.Running or OrchestrationStatus.Suspended => TalkStatus.Running,
        OrchestrationStatus.Completed => TalkStatus.Completed,
        _ => error?.Code == ErrorCode.Cancelled ? TalkStatus.Cancelled : TalkStatus.Failed,
    };

    /// <summary>Counts the commit records of all takes; the newest tells how long a window takes, and which GPUs the take has used.</summary>
    private async Task<(IReadOnlyList<int> Takes, double? SecondsPerWindow, IReadOnlyList<GpuUse> Used)> CountCommitsAsync(
        TalkPaths paths, PlanSummary? plan, CancellationToken cancellationToken)
    {
        var (takes, seconds, used) = (new List<int>(), (double?)null, new List<GpuUse>());
        for (var take = 0; take < (plan?.TakeWindows.Count ?? 0); take++)
        {
            var windows = 0;
            ArtifactPath? newest = null;
            await foreach (var artifact in store.ListAsync(paths.Take(take), cancellationToken))
            {
                if (CommitRecord.IsRecordName(artifact.Path))
                {
                    windows++;
                    newest = artifact.Path;
                }
            }

            takes.Add(windows);
            if (newest is { } path && await store.TryReadJsonAsync<CommitRecord>(path, cancellationToken) is { } record)
            {
                seconds = record.Seconds;
                used.AddRange(record.Used);
            }
        }

        return (takes, seconds, GpuUse.Sum(used));
    }

    /// <summary>The heartbeat of the sampling attempt that beat last.</summary>
    private async Task<Heartbeat?> ReadHeartbeatAsync(
        TalkPaths paths, OrchestrationInstance instance, TalkProgress? progress, CancellationToken cancellationToken)
    {
        if (instance.IsCompleted || progress?.Stage != Stage.Sample)
        {
            return null;
        }

        ArtifactProperties? newest = null;
        await foreach (var artifact in store.ListAsync(paths.Work, cancellationToken))
        {
            if (artifact.Path.Value.EndsWith("/heartbeat.json", StringComparison.Ordinal)
                && (newest is null || artifact.LastModified > newest.LastModified))
            {
                newest = artifact;
            }
        }

        return newest is null ? null : await store.TryReadJsonAsync<Heartbeat>(newest.Path, cancellationToken);
    }

    private async Task<IReadOnlyList<string>> ReadVideoAsync(
        TalkPaths paths, OrchestrationInstance instance, CancellationToken cancellationToken) =>
        instance.Status == OrchestrationStatus.Completed
        && await store.TryReadJsonAsync<PublishedVideo>(paths.Published, cancellationToken) is { } published
            ? [published.Url, .. published.OtherUrls]
            : [];
}
