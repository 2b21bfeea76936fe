using WanTalk.Core.Artifacts;
using WanTalk.Core.Plans;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.GpuRunner.Sampling;
using WanTalk.Media.Assembly;
using WanTalk.Media.Ffmpeg;

namespace WanTalk.GpuRunner.Stages;

/// <summary>Joins the windows' segments and the speech's AAC; nothing is encoded again and nothing is cut.</summary>
internal sealed class AssembleStage(IArtifactStore store, FfmpegOptions ffmpeg) : IStage
{
    /// <inheritdoc/>
    public Stage Stage => Stage.Assemble;

    /// <inheritdoc/>
    public async Task<StageReport> RunAsync(StageContext context, CancellationToken cancellationToken)
    {
        var paths = context.Paths;
        if (await store.ExistsAsync(paths.VideoFacts, cancellationToken))
        {
            return StageReport.Empty;
        }

        var plan = await store.ReadJsonAsync<TalkPlan>(paths.Plan, cancellationToken);
        var speech = Path.Combine(context.Scratch, "speech.m4a");
        await store.FetchAsync(paths.SpeechAac, speech, cancellationToken);
        var parts = new TalkParts(
            await FetchSegmentsAsync(context, plan, cancellationToken), speech, plan.VisibleFrames, plan.SpeechSamples);
        var video = Path.Combine(context.Scratch, "video.mp4");
        await new TalkAssembler(ffmpeg).AssembleAsync(parts, video, cancellationToken);
        await store.StoreFileAsync(video, paths.Video, cancellationToken);
        await store.TryCreateJsonAsync(
            paths.VideoFacts,
            new VideoFacts(plan.VisibleFrames, new FileInfo(video).Length, await StoredContent.HashFileAsync(video, cancellationToken)),
            cancellationToken);
        return StageReport.Empty;
    }

    private async Task<IReadOnlyList<string>> FetchSegmentsAsync(StageContext context, TalkPlan plan, CancellationToken cancellationToken)
    {
        var files = new List<string>();
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
            }
        }

        return files;
    }
}
