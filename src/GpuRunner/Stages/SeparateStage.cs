using WanTalk.ComfyUI;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.GpuRunner.Engine;
using WanTalk.GpuRunner.Graphs;
using WanTalk.Media.Ffmpeg;

namespace WanTalk.GpuRunner.Stages;

/// <summary>Takes the voice out of the speech. Vocals that are not as long as the speech are never stored.</summary>
internal sealed class SeparateStage(IArtifactStore store, EngineAccess engine, FfmpegOptions ffmpeg) : IStage
{
    /// <inheritdoc/>
    public Stage Stage => Stage.Separate;

    /// <inheritdoc/>
    public async Task<StageReport> RunAsync(StageContext context, CancellationToken cancellationToken)
    {
        if (!await store.ExistsAsync(context.Paths.Vocals, cancellationToken))
        {
            await engine.UseAsync(context, session => SeparateAsync(context, session, cancellationToken), cancellationToken);
        }

        return StageReport.Empty;
    }

    private async Task SeparateAsync(StageContext context, EngineSession session, CancellationToken cancellationToken)
    {
        var audio = await session.UploadAsync(store, context.Paths.SpeechMono, "speech-mono.flac", cancellationToken);
        var outputs = await session.RunAsync(
            StageGraph.Separate.With((GraphPlaces.Audio, audio), (GraphPlaces.VocalsPrefix, $"{session.Prefix}/vocals")),
            null,
            cancellationToken);
        var vocals = Path.Combine(context.Scratch, "vocals.flac");
        await using (var made = await session.OpenAsync(FileOf(outputs), cancellationToken))
        await using (var target = File.Create(vocals))
        {
            await made.CopyToAsync(target, cancellationToken);
        }

        var media = await store.ReadJsonAsync<MediaFacts>(context.Paths.Media, cancellationToken);
        await VocalsCheck.DemandAsync(vocals, media.SpeechSamples, ffmpeg, cancellationToken);
        await using var content = File.OpenRead(vocals);
        await store.TryCreateAsync(context.Paths.Vocals, content, cancellationToken);
    }

    private static OutputFile FileOf(PromptOutcome outputs) =>
        outputs.Files(GraphPlaces.VocalsPrefix.Node, "audio") is [var file, ..]
            ? file
            : throw new TalkException(ErrorCode.EngineOutputInvalid, "The engine finished without saving the vocals.");
}
