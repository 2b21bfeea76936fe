using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Plans;
using WanTalk.Core.Preflight;
using WanTalk.Core.Talks;
using WanTalk.Media.Faces;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Pictures;
using WanTalk.Media.Speech;
using WanTalk.Media.Speech.Voice;

namespace WanTalk.GpuRunner.Stages;

/// <summary>Decodes, turns upright, normalises, measures and judges inputs, for a talk that is prepared and for who asks before there is one.</summary>
internal sealed class InputExaminer(IArtifactStore store, FfmpegOptions ffmpeg, FaceFinder faces, RunnerOptions options)
{
    private static readonly SpeechLimits Limits = new()
    {
        Min = TimeSpan.FromSeconds(TalkLimits.MinSpeechSeconds),
        Max = TimeSpan.FromSeconds((double)TalkPlanner.MaxSpeechSamples / Core.Windows.WindowArithmetic.SpeechSampleRate),
    };

    private readonly PreflightOptions _lines = options.Preflight.Checked();

    /// <summary>Reads and measures a portrait.</summary>
    /// <param name="source">The portrait as it was given.</param>
    /// <param name="video">The video's size.</param>
    /// <param name="scratch">A folder of the attempt's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TalkException">It is refused.</exception>
    public async Task<ExaminedPortrait> ExaminePortraitAsync(ArtifactPath source, FrameSize video, string scratch, CancellationToken cancellationToken)
    {
        var file = Path.Combine(scratch, "portrait");
        await store.FetchAsync(source, file, cancellationToken);
        var picture = PictureReader.Read(file);
        var facts = new PortraitMeter(faces).Measure(picture, video, cancellationToken);
        return new ExaminedPortrait(picture, facts, PortraitRules.Find(facts, options.FaceRequired, _lines));
    }

    /// <summary>Normalises and measures a speech.</summary>
    /// <param name="source">The speech as it was given.</param>
    /// <param name="cut">The part that is wanted; null for the whole.</param>
    /// <param name="scratch">A folder of the attempt's; the normalised files lie in it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TalkException">It is refused.</exception>
    public async Task<ExaminedSpeech> ExamineSpeechAsync(ArtifactPath source, SpeechCut? cut, string scratch, CancellationToken cancellationToken)
    {
        string File(string name) => Path.Combine(scratch, name);
        await store.FetchAsync(source, File("speech"), cancellationToken);
        var (whole, mono) = (File("speech.flac"), File("speech-mono.flac"));
        var measures = await new SpeechNormaliser(ffmpeg, Limits).NormaliseAsync(File("speech"), whole, mono, cut, cancellationToken);
        var voice = await new VoiceMeter(ffmpeg).MeasureAsync(mono, cancellationToken);
        var facts = new SpeechFacts(
            measures.Seconds, measures.SourceChannels, measures.LoudnessLufs, measures.ClippedRunShare, voice.Seconds,
            measures.ChannelDifferenceDb, measures.CancellationDb);
        return new ExaminedSpeech(whole, mono, measures, facts, SpeechRules.Find(facts, _lines));
    }

    /// <summary>An input's result; null when the input itself is refused, which becomes a finding. Other failures are not about an input.</summary>
    /// <param name="about">The input.</param>
    /// <param name="findings">Is told why it is refused.</param>
    /// <param name="examine">Does the work; null when there is no such input.</param>
    /// <param name="alsoRefused">Failures that count as the input's own beside those that are.</param>
    public static async Task<T?> UnlessRefusedAsync<T>(
        PreflightSubject about, List<PreflightFinding> findings, Func<Task<T?>> examine, params IReadOnlyCollection<ErrorCode> alsoRefused)
        where T : class
    {
        try
        {
            return await examine();
        }
        catch (TalkException refused) when (ErrorCatalog.KindOf(refused.Error.Code) == ErrorKind.Input || alsoRefused.Contains(refused.Error.Code))
        {
            findings.Add(PreflightReport.Of(refused.Error, about));
            return null;
        }
    }
}

/// <summary>A portrait that was read.</summary>
/// <param name="Picture">The upright picture.</param>
/// <param name="Facts">What was measured.</param>
/// <param name="Findings">What there is to say of it.</param>
internal sealed record ExaminedPortrait(RgbImage Picture, PortraitFacts Facts, IReadOnlyList<PreflightFinding> Findings);

/// <summary>A speech that was normalised.</summary>
/// <param name="File">The file with what is delivered.</param>
/// <param name="MonoFile">The file with what the engine hears.</param>
/// <param name="Measures">What the normaliser measured.</param>
/// <param name="Facts">What preflight holds against its lines.</param>
/// <param name="Findings">What there is to say of it.</param>
internal sealed record ExaminedSpeech(
    string File, string MonoFile, SpeechMeasures Measures, SpeechFacts Facts, IReadOnlyList<PreflightFinding> Findings);
