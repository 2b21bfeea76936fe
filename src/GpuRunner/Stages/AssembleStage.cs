using Microsoft.Extensions.Logging;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Plans;
using WanTalk.Core.Publishing;
using WanTalk.Core.Quotes;
using WanTalk.Core.Sampling;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.GpuRunner.Sampling;
using WanTalk.GpuRunner.Streaming;
using WanTalk.Media.Assembly;
using WanTalk.Media.Ffmpeg;

namespace WanTalk.GpuRunner.Stages;

/// <summary>
/// Joins the windows' segments and the speech's AAC; nothing is encoded again and nothing is cut. Then it makes up for what is missing of the
/// talk's stream, if it has one.
/// </summary>
internal sealed class AssembleStage(
    IArtifactStore store, IPublisher publisher, FfmpegOptions ffmpeg, TimeProvider time, ILogger<AssembleStage> logger) : IStage
{
    /// <inheritdoc/>
    public Stage Stage => Stage.Assemble;

    /// <inheritdoc/>
    public async Task<StageReport> RunAsync(StageContext context, CancellationToken cancellationToken)
    {
        if (!await store.ExistsAsync(context.Paths.VideoFacts, cancellationToken))
        {
            await AssembleAsync(context, cancellationToken);
        }

        await BackgroundStream.FinishAsync(store, publisher, context, time, logger, cancellationToken);
        return StageReport.Empty;
    }

    private async Task AssembleAsync(StageContext context, CancellationToken cancellationToken)
    {
        var paths = context.Paths;
        var plan = await store.ReadJsonAsync<TalkPlan>(paths.Plan, cancellationToken);
        var speech = Path.Combine(context.Scratch, "speech.m4a");
        await store.FetchAsync(paths.SpeechAac, speech, cancellationToken);
        var (segments, settings, sampling, used) = await FetchSegmentsAsync(context, plan, cancellationToken);
        var parts = new TalkParts(segments, speech, plan.VisibleFrames, plan.SpeechSamples);
        var video = Path.Combine(context.Scratch, "video.mp4");
        await new TalkAssembler(ffmpeg).AssembleAsync(parts, video, cancellationToken);
        await store.StoreFileAsync(video, paths.Video, cancellationToken);
        await store.TryCreateJsonAsync(
            paths.VideoFacts,
            new VideoFacts(plan.VisibleFrames, new FileInfo(video).Length, await StoredContent.HashFileAsync(video, cancellationToken))
            {
                Settings = settings,
                SamplingSeconds = sampling,
                Used = used,
            },
            cancellationToken);
    }

    private async Task<(IReadOnlyList<string> Files, IReadOnlyList<WindowSettingsRun> Settings, double Seconds, IReadOnlyList<GpuUse> Used)>
        FetchSegmentsAsync(StageContext context, TalkPlan plan, CancellationToken cancellationToken)
    {
        var (files, settings, seconds, used) = (new List<string>(), new List<WindowSettingsRun>(), 0.0, new List<GpuUse>());
        foreach (var take in plan.Takes)
        {
            var chain = new WindowChain(store, context.Paths, take.Index);
            for (var window = 0; window < take.Windows; window++)
            {
                var record = await chain.ReadAsync(window, cancellationToken)
                    ?? throw new FileNotFoundException($"Window {window} of take {take.Index} is not committed.");
                var file = Path.Combine(context.Scratch, $"{take.Index:00}-{window:0000}.mp4");
                await store.FetchAsync(new ArtifactPath(record.Segment.Path), file, cancellationToken);
                files.Add(file);
                Note(settings, take.Index, record);
                seconds += record.Seconds;
                if (window == take.Windows - 1)
                {
                    used.AddRange(record.Used);
                }
            }
        }

        return (files, settings, seconds, GpuUse.Sum(used));
    }

    /// <summary>Lengthens the last run, or begins another where take or settings change.</summary>
    private static void Note(List<WindowSettingsRun> runs, int take, CommitRecord record)
    {
        if (record.Settings is not { } settings)
        {
            return;
        }

        if (runs is [.., var last] && last.Take == take && last.Settings == settings)
        {
            runs[^1] = last with { Windows = last.Windows + 1 };
        }
        else
        {
            runs.Add(new WindowSettingsRun(take, record.Window, 1, settings));
        }
    }
}
