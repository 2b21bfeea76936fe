using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Preflight;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.GpuRunner.Lanes;
using WanTalk.GpuRunner.Stages;
using WanTalk.GpuRunner.Tests.Support;
using WanTalk.Media.Faces;
using WanTalk.Media.Ffmpeg;
using WanTalk.Storage.Fetching;
using WanTalk.Storage.Local;

namespace WanTalk.GpuRunner.Tests.Stages;

/// <summary>What a person is told of portrait and speech before any GPU is asked: the whole of prepare, on real files.</summary>
public sealed class PreflightSpecs : IDisposable
{
    private static readonly FrameSize Square = new(640, 640);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wantalk-preflight-");
    private readonly GuardedFetcher _fetcher = new(new FetchOptions(), TimeProvider.System);
    private SampledTalk _talk = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _fetcher.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_samples_have_nothing_against_them_and_their_measures_are_kept()
    {
        await GiveAsync(portrait: null, speech: null, seconds: 9);
        var facts = await PrepareAsync();
        Assert.Empty(facts.Warnings);
        Assert.Equal((Square, 1, 1), (facts.Portrait!.VideoSize, facts.Portrait.Faces.Count, facts.Faces));
        Assert.Equal(9, facts.Speech!.Seconds, 0.001);
        Assert.InRange(facts.Speech.VoiceShare, 0.7, 0.95);
        Assert.InRange(facts.Speech.LoudnessLufs!.Value, -40, -10);
        Assert.Empty(facts.Preflight);
        var thumbnail = await _talk.Store.GetPropertiesAsync(_talk.Paths.Thumbnail, Cancellation);
        Assert.InRange(thumbnail!.Length, 1_000, 30_000);
    }

    [Fact]
    public async Task Warnings_are_told_as_sentences_and_as_data()
    {
        await GiveAsync("-i {portrait} -vf crop=150:150:140:0", "-i {speech} -af volume=30dB,pan=stereo|c0=c0|c1=0.01*c0 -t 3");
        var facts = await PrepareAsync(faceRequired: true);
        Assert.Equal(["portrait_face_cut_off", "portrait_enlarged", "speech_clipped", "speech_one_sided"], facts.Preflight.Select(finding => finding.Code));
        Assert.Equal(facts.Preflight.Select(finding => finding.Message), facts.Warnings);
        Assert.All(facts.Preflight, finding => Assert.Equal(PreflightSeverity.Warning, finding.Severity));
    }

    [Fact]
    public async Task The_same_inputs_have_the_same_facts()
    {
        await GiveAsync("-i {portrait} -vf crop=150:150:140:0", "-i {speech} -t 3");
        await PrepareAsync();
        var first = await FileAsync();
        await _talk.Store.DeleteAsync(_talk.Paths.Media, Cancellation);
        await PrepareAsync();
        Assert.Equal(first, await FileAsync());

        Task<byte[]> FileAsync() => File.ReadAllBytesAsync(Path.Combine(new HomeLayout(_folder.FullName).Artifacts, _talk.Paths.Media.Value), Cancellation);
    }

    [Fact]
    public async Task No_face_stops_a_talk_only_where_a_face_is_required()
    {
        await GiveAsync("-f lavfi -i mandelbrot=size=640x640", "-i {speech} -t 3");
        var refused = await RefusedAsync(faceRequired: true);
        Assert.Equal(ErrorCode.PortraitNoFace, refused.Error.Code);
        Assert.Equal(["portrait_no_face"], refused.Findings.Select(finding => finding.Code));

        var facts = await PrepareAsync();
        Assert.Equal(("portrait_no_face", PreflightSeverity.Warning), (Assert.Single(facts.Preflight).Code, facts.Preflight[0].Severity));
    }

    [Fact]
    public async Task A_face_without_a_mouth_stops_a_talk_only_where_a_face_is_required()
    {
        await GiveAsync("-i {portrait} -vf scale=96:96,pad=800:800:360:360:gray", "-i {speech} -t 3");
        Assert.Equal(ErrorCode.PortraitFaceTooSmall, (await RefusedAsync(faceRequired: true)).Error.Code);
        Assert.Equal("portrait_face_too_small", Assert.Single((await PrepareAsync()).Preflight).Code);
    }

    [Fact]
    public async Task Noise_stops_a_talk()
    {
        await GiveAsync(portrait: null, "-f lavfi -i anoisesrc=d=4:c=pink:a=0.5:seed=1");
        var refused = await RefusedAsync();
        Assert.Equal(ErrorCode.SpeechNoVoice, refused.Error.Code);
        Assert.Equal(0, Assert.Single(refused.Findings).Values["voice_seconds"]);
    }

    [Fact]
    public async Task All_that_stops_a_talk_is_told_at_once()
    {
        await GiveAsync("-f lavfi -i color=red:size=16x16", "-f lavfi -i anullsrc -t 2");
        var refused = await RefusedAsync();
        Assert.Equal(ErrorCode.PortraitTooSmall, refused.Error.Code);
        Assert.Equal(
            [("portrait_too_small", PreflightSubject.Portrait), ("speech_silent", PreflightSubject.Speech)],
            refused.Findings.Select(finding => (finding.Code, finding.About)));
        Assert.All(refused.Findings, finding => Assert.Contains(finding.Message, refused.Error.Message));
    }

    [Fact]
    public async Task A_speech_of_six_channels_is_mixed_and_told()
    {
        await GiveAsync(portrait: null, "-i {speech} -af pan=5.1|FL=c0|FR=c0|FC=c0|LFE=0*c0|BL=c0|BR=c0,volume=-12dB -t 3");
        var facts = await PrepareAsync();
        Assert.Equal("speech_channels_mixed", Assert.Single(facts.Preflight).Code);
        Assert.Equal((6, 2), (facts.Speech!.Channels, facts.SpeechChannels));
    }

    [Fact]
    public async Task Little_and_quiet_speech_is_told()
    {
        await GiveAsync(portrait: null, "-i {speech} -af volume=-26dB,apad=pad_dur=30");
        Assert.Equal(["speech_little_voice", "speech_quiet"], (await PrepareAsync()).Preflight.Select(finding => finding.Code));
    }

    /// <summary>Stores a talk of the samples, or of what ffmpeg makes of them.</summary>
    private async Task GiveAsync(string? portrait, string? speech, double seconds = 3)
    {
        _talk = await SampledTalk.CreateAsync(_folder.FullName, seconds, Square);
        await MakeAsync(_talk.Paths.SourcePortrait, portrait ?? "-i {portrait}", "-frames:v 1 -c:v png -f image2");
        if (speech is not null)
        {
            await MakeAsync(_talk.Paths.SourceSpeech, speech, "-c:a pcm_s16le -f wav");
        }
    }

    private Task MakeAsync(ArtifactPath path, string what, string format) =>
        MadeInput.StoreAsync(_talk.Store, path, _folder.FullName, what, format);

    private async Task<MediaFacts> PrepareAsync(bool faceRequired = false)
    {
        await RunAsync(faceRequired);
        return await _talk.Store.ReadJsonAsync<MediaFacts>(_talk.Paths.Media, Cancellation);
    }

    private async Task<(TalkError Error, IReadOnlyList<PreflightFinding> Findings)> RefusedAsync(bool faceRequired = false)
    {
        var refused = await Assert.ThrowsAsync<TalkException>(() => RunAsync(faceRequired));
        Assert.False(await _talk.Store.ExistsAsync(_talk.Paths.Media, Cancellation));
        return (refused.Error, (await _talk.Store.ReadJsonAsync<PreflightReport>(_talk.Paths.Preflight, Cancellation)).Findings);
    }

    private async Task RunAsync(bool faceRequired)
    {
        var options = new RunnerOptions { Home = new HomeLayout(_folder.FullName), FaceRequired = faceRequired };
        var scratch = _folder.CreateSubdirectory($"scratch-{Guid.NewGuid():n}");
        await new PrepareStage(_talk.Store, _fetcher, new FfmpegOptions(), new FaceFinder(), options)
            .RunAsync(new StageContext(_talk.Attempt(Stage.Prepare), _talk.Paths, scratch.FullName, new AttemptProgress()), Cancellation);
    }
}
