using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Fetching;
using WanTalk.Core.Plans;
using WanTalk.Core.Preflight;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.Media.Faces;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Pictures;
using WanTalk.Media.Speech;
using WanTalk.Media.Speech.Voice;

namespace WanTalk.GpuRunner.Stages;

/// <summary>
/// Fetches the inputs or copies the uploads, decodes, turns upright, normalises and measures them, and refuses what no GPU should be paid for: all of it that is
/// found, since who has to change the portrait wants to know of the speech, too.
/// </summary>
internal sealed class PrepareStage(
    IArtifactStore store, IInputFetcher fetcher, FfmpegOptions ffmpeg, FaceFinder faces, RunnerOptions options) : IStage
{
    private static readonly SpeechLimits Limits = new()
    {
        Min = TimeSpan.FromSeconds(TalkLimits.MinSpeechSeconds),
        Max = TimeSpan.FromSeconds((double)TalkPlanner.MaxSpeechSamples / Core.Windows.WindowArithmetic.SpeechSampleRate),
    };

    private readonly PreflightOptions _lines = options.Preflight.Checked();

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
        var portrait = await UnlessRefusedAsync(
            PreflightSubject.Portrait, findings, () => PreparePortraitAsync(context, request, cancellationToken));
        findings.AddRange(portrait is null ? [] : PortraitRules.Find(portrait, options.FaceRequired, _lines));
        var speech = await UnlessRefusedAsync(PreflightSubject.Speech, findings, () => PrepareSpeechAsync(context, request.Cut, cancellationToken));
        findings.AddRange(speech is null ? [] : SpeechRules.Find(speech.Facts, _lines));

        var report = new PreflightReport(findings);
        if (report.Refusal() is { } refusal)
        {
            await store.WriteJsonAsync(paths.Preflight, report, cancellationToken);
            throw new TalkException(refusal);
        }

        await store.TryCreateJsonAsync(paths.Media, FactsOf(portrait!, speech!, report), cancellationToken);
        return StageReport.Empty;
    }

    private static MediaFacts FactsOf(PortraitFacts portrait, PreparedSpeech speech, PreflightReport report) => new()
    {
        PortraitSize = portrait.Size,
        Faces = portrait.Faces.Count,
        SpeechSamples = speech.Measures.Samples48k,
        SpeechChannels = Math.Min(speech.Measures.SourceChannels, 2),
        SpeechPeakDb = speech.Measures.PeakDbfs,
        Silences = speech.Measures.Silences,
        Warnings = report.Warnings(),
        Portrait = portrait,
        Speech = speech.Facts,
        Preflight = report.Findings,
    };

    /// <summary>An input's result; null when the input itself is refused, which becomes a finding. Other failures are not about an input.</summary>
    private static async Task<T?> UnlessRefusedAsync<T>(PreflightSubject about, List<PreflightFinding> findings, Func<Task<T>> prepare)
        where T : class
    {
        try
        {
            return await prepare();
        }
        catch (TalkException refused) when (ErrorCatalog.KindOf(refused.Error.Code) == ErrorKind.Input)
        {
            findings.Add(PreflightReport.Of(refused.Error, about));
            return null;
        }
    }

    private async Task<PortraitFacts> PreparePortraitAsync(StageContext context, TalkRequest request, CancellationToken cancellationToken)
    {
        var source = Path.Combine(context.Scratch, "portrait");
        await store.FetchAsync(context.Paths.SourcePortrait, source, cancellationToken);
        var picture = PictureReader.Read(source);
        var upright = Path.Combine(context.Scratch, "portrait.png");
        await PictureWriter.WritePngFileAsync(picture, upright, cancellationToken);
        await store.StoreFileAsync(upright, context.Paths.Portrait, cancellationToken);
        var thumbnail = Path.Combine(context.Scratch, "thumbnail.jpg");
        await ThumbnailWriter.WriteFileAsync(picture, request.EffectiveSize, thumbnail, cancellationToken);
        await store.StoreFileAsync(thumbnail, context.Paths.Thumbnail, cancellationToken);
        return new PortraitMeter(faces).Measure(picture, request.EffectiveSize, cancellationToken);
    }

    private async Task<PreparedSpeech> PrepareSpeechAsync(StageContext context, SpeechCut? cut, CancellationToken cancellationToken)
    {
        string File(string name) => Path.Combine(context.Scratch, name);
        await store.FetchAsync(context.Paths.SourceSpeech, File("speech"), cancellationToken);
        var measures = await new SpeechNormaliser(ffmpeg, Limits)
            .NormaliseAsync(File("speech"), File("speech.flac"), File("speech-mono.flac"), cut, cancellationToken);
        var voice = await new VoiceMeter(ffmpeg).MeasureAsync(File("speech-mono.flac"), cancellationToken);
        await new AacEncoder(ffmpeg).EncodeAsync(File("speech.flac"), File("speech.m4a"), cancellationToken);
        await store.StoreFileAsync(File("speech.flac"), context.Paths.Speech, cancellationToken);
        await store.StoreFileAsync(File("speech-mono.flac"), context.Paths.SpeechMono, cancellationToken);
        await store.StoreFileAsync(File("speech.m4a"), context.Paths.SpeechAac, cancellationToken);
        return new PreparedSpeech(measures, FactsOf(measures, voice));
    }

    private static SpeechFacts FactsOf(SpeechMeasures measures, VoiceMeasures voice) => new(
        measures.Seconds, measures.SourceChannels, measures.LoudnessLufs, measures.ClippedRunShare, voice.Seconds,
        measures.ChannelDifferenceDb, measures.CancellationDb);

    private sealed record PreparedSpeech(SpeechMeasures Measures, SpeechFacts Facts);
}
