using System.Text.Json.Nodes;
using WanTalk.ComfyUI;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Plans;
using WanTalk.Core.Preflight;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.GpuRunner.Engine;
using WanTalk.GpuRunner.Graphs;

namespace WanTalk.GpuRunner.Stages;

/// <summary>Makes the conditioning of the whole talk, once: the engine pads the vocals with silence to the planned length first.</summary>
internal sealed class EmbedStage(IArtifactStore store, EngineAccess engine) : IStage
{
    /// <inheritdoc/>
    public Stage Stage => Stage.Embed;

    /// <inheritdoc/>
    public async Task<StageReport> RunAsync(StageContext context, CancellationToken cancellationToken)
    {
        if (!await store.ExistsAsync(context.Paths.Conditioning, cancellationToken))
        {
            await engine.UseAsync(context, session => EmbedAsync(context, session, cancellationToken), cancellationToken);
        }

        return StageReport.Empty;
    }

    private async Task EmbedAsync(StageContext context, EngineSession session, CancellationToken cancellationToken)
    {
        var paths = context.Paths;
        var request = await store.ReadJsonAsync<TalkRequest>(paths.Request, cancellationToken);
        var plan = await store.ReadJsonAsync<TalkPlan>(paths.Plan, cancellationToken);
        if (session.Engine.Preview && (await store.ReadJsonAsync<MediaFacts>(paths.Media, cancellationToken)).Faces == 0)
        {
            // A preview moves a mouth that was found. Prepare could not know that this engine makes one.
            throw new TalkException(ErrorCode.PortraitNoFace, PortraitRules.NoFaceMessage(plan.EffectiveSize));
        }

        (GraphPlace, JsonNode?)[] unwanted = request.NegativePrompt is { } negative ? [(GraphPlaces.NegativePrompt, negative)] : [];
        var graph = StageGraph.Embed.With(
        [
            .. unwanted,
            .. SamplingPlaces.ForEmbed(request.Sampling),
            (GraphPlaces.Audio, await session.UploadAsync(store, paths.Vocals, "vocals.flac", cancellationToken)),
            (GraphPlaces.Portrait, await session.UploadAsync(store, paths.Portrait, "portrait.png", cancellationToken)),
            (GraphPlaces.Width, plan.EffectiveSize.Width),
            (GraphPlaces.Height, plan.EffectiveSize.Height),
            (GraphPlaces.Prompt, request.Prompt),
            (GraphPlaces.VisibleFrames, plan.EmbeddedFrames),
            (GraphPlaces.ConditioningPrefix, $"{session.Prefix}/conditioning"),
        ]);
        var outputs = await session.RunAsync(graph, null, cancellationToken);
        var (audio, blocks) = await StoreAudioAsync(
            session, FileOf(outputs, "audio"), paths.AudioConditioning(0, session.RunId), plan.EmbeddedFrames, cancellationToken);
        var (shared, _) = await StoreAsync(session, FileOf(outputs, "shared"), paths.SharedConditioning(session.RunId), cancellationToken);
        var record = new ConditioningRecord(shared, audio, blocks, plan.EmbeddedFrames, session.Engine.Preview);
        await store.TryCreateJsonAsync(paths.Conditioning, record, cancellationToken);
    }

    private async Task<(StoredFile File, BlockHashes Blocks)> StoreAudioAsync(
        EngineSession session, WanTalkFile file, ArtifactPath path, int frames, CancellationToken cancellationToken)
    {
        var stored = await StoreAsync(session, file, path, cancellationToken);
        try
        {
            await ConditioningCheck.DemandRowsAsync(store, path, frames, cancellationToken);
            return stored;
        }
        catch (TalkException)
        {
            await store.DeleteAsync(path, CancellationToken.None);
            throw;
        }
    }

    private async Task<(StoredFile File, BlockHashes Blocks)> StoreAsync(
        EngineSession session, WanTalkFile file, ArtifactPath path, CancellationToken cancellationToken)
    {
        await using var content = await session.OpenAsync(file, cancellationToken);
        await using var hashing = new HashingStream(content, BlockHashes.DefaultBlockBytes);
        var stored = await store.StoreHashedAsync(hashing, path, cancellationToken);
        return stored.Sha256 == file.Sha256
            ? (stored, hashing.Blocks())
            : throw new TalkException(ErrorCode.EngineOutputInvalid, $"The engine's {file.Filename} did not arrive as it was made.");
    }

    private static WanTalkFile FileOf(PromptOutcome outputs, string name) =>
        outputs.WanTalkFiles(GraphPlaces.ConditioningPrefix.Node).FirstOrDefault(file => file.Name == name)
        ?? throw new TalkException(ErrorCode.EngineOutputInvalid, $"The engine finished without saving the {name} conditioning.");
}
