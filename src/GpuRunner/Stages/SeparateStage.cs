using WanTalk.ComfyUI;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Stages;
using WanTalk.GpuRunner.Engine;
using WanTalk.GpuRunner.Graphs;

namespace WanTalk.GpuRunner.Stages;

/// <summary>Takes the voice out of the speech.</summary>
internal sealed class SeparateStage(IArtifactStore store, EngineAccess engine) : IStage
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
        await using var vocals = await session.OpenAsync(FileOf(outputs), cancellationToken);
        await store.TryCreateAsync(context.Paths.Vocals, vocals, cancellationToken);
    }

    private static OutputFile FileOf(PromptOutcome outputs) =>
        outputs.Files(GraphPlaces.VocalsPrefix.Node, "audio") is [var file, ..]
            ? file
            : throw new TalkException(ErrorCode.EngineOutputInvalid, "The engine finished without saving the vocals.");
}
