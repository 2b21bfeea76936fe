using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Fetching;
using WanTalk.Core.Preflight;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.Core.Uploads;
using WanTalk.Media.Faces;
using WanTalk.Media.Ffmpeg;

namespace WanTalk.GpuRunner.Stages;

/// <summary>
/// Looks at a portrait, a speech or both before there is a talk, as prepare would, and keeps what it finds and nothing else. An input that is
/// refused is a finding, and so is one whose address does not answer: who asks wants to know now.
/// </summary>
internal sealed class PreflightStage(
    IArtifactStore store, IInputFetcher fetcher, FfmpegOptions ffmpeg, FaceFinder faces, RunnerOptions options) : IStage
{
    private readonly InputExaminer _examiner = new(store, ffmpeg, faces, options);

    /// <inheritdoc/>
    public Stage Stage => Stage.Preflight;

    /// <inheritdoc/>
    public async Task<StageReport> RunAsync(StageContext context, CancellationToken cancellationToken)
    {
        var (paths, scratch) = (context.Paths, context.Scratch);
        var request = await store.ReadJsonAsync<TalkRequest>(paths.Request, cancellationToken);
        var named = new NamedInputs(store, fetcher, scratch);
        var findings = new List<PreflightFinding>();
        var portrait = await InputExaminer.UnlessRefusedAsync(
            PreflightSubject.Portrait,
            findings,
            async () =>
            {
                await named.StorePortraitAsync(request, paths, cancellationToken);
                return await SourceOfAsync(request.PortraitUpload, paths.SourcePortrait, cancellationToken) is { } source
                    ? await _examiner.ExaminePortraitAsync(source, request.EffectiveSize, scratch, cancellationToken)
                    : null;
            },
            ErrorCode.InputUnreachable);
        findings.AddRange(portrait?.Findings ?? []);
        var speech = await InputExaminer.UnlessRefusedAsync(
            PreflightSubject.Speech,
            findings,
            async () =>
            {
                await named.StoreSpeechAsync(request, paths, cancellationToken);
                return await SourceOfAsync(request.SpeechUpload, paths.SourceSpeech, cancellationToken) is { } source
                    ? await _examiner.ExamineSpeechAsync(source, request.Cut, scratch, cancellationToken)
                    : null;
            },
            ErrorCode.InputUnreachable);
        findings.AddRange(speech?.Findings ?? []);
        await store.TryCreateJsonAsync(
            paths.Preflight, new PreflightReport(findings) { Portrait = portrait?.Facts, Speech = speech?.Facts }, cancellationToken);
        return StageReport.Empty;
    }

    /// <summary>Where an input is: an upload is read where it lies. Null where only the other input is given.</summary>
    private async Task<ArtifactPath?> SourceOfAsync(string? upload, ArtifactPath given, CancellationToken cancellationToken) =>
        upload is not null ? UploadPaths.Of(upload) : await store.ExistsAsync(given, cancellationToken) ? given : null;
}
