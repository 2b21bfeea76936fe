using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Fetching;
using WanTalk.Core.Plans;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.Media.Faces;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Pictures;
using WanTalk.Media.Speech;

namespace WanTalk.GpuRunner.Stages;

/// <summary>Fetches the inputs, decodes, turns upright, normalises and measures them, and refuses what no GPU should be paid for.</summary>
internal sealed class PrepareStage(
    IArtifactStore store, IInputFetcher fetcher, FfmpegOptions ffmpeg, FaceFinder faces, RunnerOptions options) : IStage
{
    private static readonly SpeechLimits Limits = new()
    {
        Min = TimeSpan.FromSeconds(TalkLimits.MinSpeechSeconds),
        Max = TimeSpan.FromSeconds((double)TalkPlanner.MaxSpeechSamples / Core.Windows.WindowArithmetic.SpeechSampleRate),
    };

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
        var portrait = await PreparePortraitAsync(context, request, cancellationToken);
        var speech = await PrepareSpeechAsync(context, request.Cut, cancellationToken);
        await store.TryCreateJsonAsync(
            paths.Media,
            new MediaFacts
            {
                PortraitSize = portrait.Size,
                Faces = portrait.Faces,
                SpeechSamples = speech.Samples48k,
                SpeechChannels = Math.Min(speech.SourceChannels, 2),
                SpeechPeakDb = speech.PeakDbfs,
                Silences = speech.Silences,
                Warnings = [.. portrait.Warnings],
            },
            cancellationToken);
        return StageReport.Empty;
    }

    private async Task<(FrameSize Size, int Faces, List<string> Warnings)> PreparePortraitAsync(
        StageContext context, TalkRequest request, CancellationToken cancellationToken)
    {
        var source = Path.Combine(context.Scratch, "portrait");
        await store.FetchAsync(context.Paths.SourcePortrait, source, cancellationToken);
        var picture = PictureReader.Read(source);
        var found = faces.Find(PictureCropper.ToProportions(picture, request.EffectiveSize.Width, request.EffectiveSize.Height), cancellationToken);
        var warnings = new List<string>();
        if (found.Count == 0)
        {
            var message = MissingFace.MessageFor(request.EffectiveSize);
            if (options.FaceRequired)
            {
                throw new TalkException(ErrorCode.PortraitNoFace, message);
            }

            warnings.Add(message);
        }
        else if (found.Count > 1)
        {
            warnings.Add($"{found.Count} faces were found in the portrait; the largest one speaks.");
        }

        var upright = Path.Combine(context.Scratch, "portrait.png");
        await PictureWriter.WritePngFileAsync(picture, upright, cancellationToken);
        await store.StoreFileAsync(upright, context.Paths.Portrait, cancellationToken);
        return (new FrameSize(picture.Width, picture.Height), found.Count, warnings);
    }

    private async Task<SpeechMeasures> PrepareSpeechAsync(StageContext context, SpeechCut? cut, CancellationToken cancellationToken)
    {
        string File(string name) => Path.Combine(context.Scratch, name);
        await store.FetchAsync(context.Paths.SourceSpeech, File("speech"), cancellationToken);
        var measures = await new SpeechNormaliser(ffmpeg, Limits)
            .NormaliseAsync(File("speech"), File("speech.flac"), File("speech-mono.flac"), cut, cancellationToken);
        await new AacEncoder(ffmpeg).EncodeAsync(File("speech.flac"), File("speech.m4a"), cancellationToken);
        await store.StoreFileAsync(File("speech.flac"), context.Paths.Speech, cancellationToken);
        await store.StoreFileAsync(File("speech-mono.flac"), context.Paths.SpeechMono, cancellationToken);
        await store.StoreFileAsync(File("speech.m4a"), context.Paths.SpeechAac, cancellationToken);
        return measures;
    }
}
