using System.Text.Json.Nodes;
using WanTalk.ComfyUI;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Plans;
using WanTalk.Core.Talks;
using WanTalk.Core.Workflows;
using WanTalk.GpuRunner.Engine;
using WanTalk.GpuRunner.Stages;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Probing;

namespace WanTalk.GpuRunner.Workflows;

/// <summary>Collects what a workflow made: its first video becomes the talk's, every other file is kept beside it.</summary>
internal sealed class WorkflowOutputs(IArtifactStore store, FfmpegOptions ffmpeg)
{
    /// <summary>The most files that are kept of a workflow.</summary>
    private const int MaxFiles = 64;

    /// <summary>Stores the files of a finished prompt.</summary>
    /// <exception cref="TalkException">There is no video among them, or it is not as long as the plan says.</exception>
    public async Task<VideoFacts> CollectAsync(
        StageContext context, EngineSession session, WorkflowPlaces places, TalkPlan plan, PromptOutcome outcome, CancellationToken cancellationToken)
    {
        var videos = places.Videos.SelectMany(node => outcome.Files(node, "gifs")).ToList();
        if (videos is not [var first, ..])
        {
            throw new TalkException(ErrorCode.EngineOutputInvalid, "The workflow finished without making a video.");
        }

        var file = Path.Combine(context.Scratch, "video.mp4");
        await using (var content = await session.OpenAsync(first, cancellationToken))
        await using (var target = File.Create(file))
        {
            await content.CopyToAsync(target, cancellationToken);
        }

        await CheckAsync(file, plan, cancellationToken);
        await store.StoreFileAsync(file, context.Paths.Video, cancellationToken);
        return new VideoFacts(plan.VisibleFrames, new FileInfo(file).Length, await StoredContent.HashFileAsync(file, cancellationToken))
        {
            Preview = session.Engine.Preview,
            Others = await StoreOthersAsync(context, session, [.. videos.Skip(1), .. Others(places, outcome)], cancellationToken),
        };
    }

    private async Task CheckAsync(string file, TalkPlan plan, CancellationToken cancellationToken)
    {
        var media = await new MediaProbe(ffmpeg).ProbeAsync(file, cancellationToken, countPackets: true);
        var video = media.Streams.FirstOrDefault(stream => stream.Type == "video");
        if (video is null || video.Packets != plan.VisibleFrames)
        {
            throw new TalkException(ErrorCode.EngineOutputInvalid,
                $"The workflow made a video of {video?.Packets ?? 0} frames where the speech has {plan.VisibleFrames}. "
                + "Take out nodes that change the number of frames behind the sampler.");
        }
    }

    /// <summary>Files of the other outputs: pictures, sounds; previews in the temporary folder are nobody's.</summary>
    private static IEnumerable<OutputFile> Others(WorkflowPlaces places, PromptOutcome outcome) =>
        from output in outcome.Outputs
        where !places.Videos.Contains(output.Key)
        from shown in output.Value
        where shown.Value is JsonArray
        from file in outcome.Files(output.Key, shown.Key)
        where file.Type == "output"
        select file;

    private async Task<IReadOnlyList<StoredFile>> StoreOthersAsync(
        StageContext context, EngineSession session, IReadOnlyList<OutputFile> files, CancellationToken cancellationToken)
    {
        var stored = new List<StoredFile>();
        foreach (var (number, file) in files.Take(MaxFiles).Index())
        {
            await using var content = await session.OpenAsync(file, cancellationToken);
            stored.Add(await store.StoreHashedAsync(content, context.Paths.Output($"{number:00}-{file.Filename}"), cancellationToken));
        }

        return stored;
    }
}
