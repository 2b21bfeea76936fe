using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Fetching;
using WanTalk.Core.Preflight;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.Media.Faces;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Pictures;
using WanTalk.Media.Speech;

namespace WanTalk.GpuRunner.Stages;

/// <summary>
/// Fetches the inputs or copies the uploads, examines and stores them, and refuses what no GPU should be paid for: all of it that is found,
/// since who has to change the portrait wants to know of the speech, too.
/// </summary>
internal sealed class PrepareStage(
    IArtifactStore store, IInputFetcher fetcher, FfmpegOptions ffmpeg, FaceFinder faces, RunnerOptions options) : IStage
{
    private readonly InputExaminer _examiner = new(store, ffmpeg, faces, options);

    /// <inheritdoc/>
    public Stage Stage => Stage.Prepare;

    /// <inheritdoc/>
    public async Task<StageReport> RunAsync(StageContext context, CancellationToken cancellationToken)
    {
        var paths = context.Paths;
        if (await store.ExistsAsync(paths.Media, cancellationToken))
        {
            return StageReport.Empty;
        }

        var request = await store.ReadJsonAsync<TalkRequest>(paths.Request, cancellationToken);
        await new NamedInputs(store, fetcher, context.Scratch).StoreAsync(request, paths, cancellationToken);
        await new UploadedInputs(store).StoreAsync(request, paths, cancellationToken);
        var findings = new List<PreflightFinding>();
        var portrait = await InputExaminer.UnlessRefusedAsync(
            PreflightSubject.Portrait, findings, async () => await PreparePortraitAsync(context, request, cancellationToken));
        findings.AddRange(portrait?.Findings ?? []);
        var speech = await InputExaminer.UnlessRefusedAsync(
            PreflightSubject.Speech, findings, async () => await PrepareSpeechAsync(context, request.Cut, cancellationToken));
        findings.AddRange(speech?.Findings ?? []);

        var report = new PreflightReport(findings) { Portrait = portrait?.Facts, Speech = speech?.Facts };
        if (report.Refusal() is { } refusal)
        {
            await store.WriteJsonAsync(paths.Preflight, report, cancellationToken);
            throw new TalkException(refusal);
        }

        await store.TryCreateJsonAsync(paths.Media, FactsOf(portrait!, speech!, report), cancellationToken);
        return StageReport.Empty;
    }

    private static MediaFacts FactsOf(ExaminedPortrait portrait, ExaminedSpeech speech, PreflightReport report) => new()
    {
        PortraitSize = portrait.Facts.Size,
        Faces = portrait.Facts.Faces.Count,
        SpeechSamples = speech.Measures.Samples48k,
        SpeechChannels = Math.Min(speech.Measures.SourceChannels, 2),
        SpeechPeakDb = speech.Measures.PeakDbfs,
        Silences = speech.Measures.Silences,
        Warnings = report.Warnings(),
        Portrait = portrait.Facts,
        Speech = speech.Facts,
        Preflight = report.Findings,
    };

    private async Task<ExaminedPortrait> PreparePortraitAsync(StageContext context, TalkRequest request, CancellationToken cancellationToken)
    {
        var portrait = await _examiner.ExaminePortraitAsync(
            context.Paths.SourcePortrait, request.EffectiveSize, context.Scratch, cancellationToken);
        var upright = Path.Combine(context.Scratch, "portrait.png");
        await PictureWriter.WritePngFileAsync(portrait.Picture, upright, cancellationToken);
        await store.StoreFileAsync(upright, context.Paths.Portrait, cancellationToken);
        var thumbnail = Path.Combine(context.Scratch, "thumbnail.jpg");
        await ThumbnailWriter.WriteFileAsync(portrait.Picture, request.EffectiveSize, thumbnail, cancellationToken);
        await store.StoreFileAsync(thumbnail, context.Paths.Thumbnail, cancellationToken);
        return portrait;
    }

    private async Task<ExaminedSpeech> PrepareSpeechAsync(StageContext context, SpeechCut? cut, CancellationToken cancellationToken)
    {
        var speech = await _examiner.ExamineSpeechAsync(context.Paths.SourceSpeech, cut, context.Scratch, cancellationToken);
        var aac = Path.Combine(context.Scratch, "speech.m4a");
        await new AacEncoder(ffmpeg).EncodeAsync(speech.File, aac, cancellationToken);
        await store.StoreFileAsync(speech.File, context.Paths.Speech, cancellationToken);
        await store.StoreFileAsync(speech.MonoFile, context.Paths.SpeechMono, cancellationToken);
        await store.StoreFileAsync(aac, context.Paths.SpeechAac, cancellationToken);
        return speech;
    }
}
