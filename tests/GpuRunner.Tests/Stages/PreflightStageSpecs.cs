using System.Net;
using System.Net.Sockets;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Preflight;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.Core.Uploads;
using WanTalk.Core.Work;
using WanTalk.GpuRunner.Lanes;
using WanTalk.GpuRunner.Stages;
using WanTalk.GpuRunner.Tests.Support;
using WanTalk.Media.Faces;
using WanTalk.Media.Ffmpeg;
using WanTalk.Storage.Fetching;
using WanTalk.Storage.Local;

namespace WanTalk.GpuRunner.Tests.Stages;

/// <summary>What a person is told of portrait and speech while they are being chosen, on real files: by a runner that needs faces.</summary>
public sealed class PreflightStageSpecs : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wantalk preflight ");
    private readonly Socket _closed = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly GuardedFetcher _fetcher;
    private readonly FolderArtifactStore _store;
    private readonly TalkPaths _paths = TalkPaths.OfPreflight(PreflightId.New(DateTimeOffset.UnixEpoch));

    public PreflightStageSpecs()
    {
        // A port that is taken and not listened on: nobody answers there, whatever runs beside the test.
        _closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _fetcher = new GuardedFetcher(new FetchOptions { PrivateHosts = [Closed] }, TimeProvider.System);
        _store = new FolderArtifactStore(
            Path.Combine(_folder.FullName, "artifacts"), TimeProvider.System, new FolderArtifactStoreOptions { FlushToDisk = false });
    }

    private string Closed => $"{_closed.LocalEndPoint}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _fetcher.Dispose();
        _closed.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_good_pair_has_nothing_against_it_and_is_measured()
    {
        await MakeAsync(_paths.SourcePortrait, "-i {portrait}", "-frames:v 1 -c:v png -f image2");
        await MakeAsync(_paths.SourceSpeech, "-i {speech} -t 3", "-c:a pcm_s16le -f wav");
        var report = await LookAsync();
        Assert.Empty(report.Findings);
        Assert.Equal((new FrameSize(640, 640), 1), (report.Portrait!.VideoSize, report.Portrait.Faces.Count));
        Assert.Equal(3, report.Speech!.Seconds, 0.001);
        Assert.InRange(report.Speech.VoiceShare, 0.5, 1);

        // What it found is all that it keeps.
        var kept = await _store.ListAsync(_paths.Root, Cancellation).Select(artifact => Path.GetFileName(artifact.Path.Value)).ToListAsync(Cancellation);
        Assert.Equal(["portrait", "preflight.json", "request.json", "speech"], kept.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_portrait_alone_is_looked_at_in_the_size_that_is_wanted()
    {
        await MakeAsync(_paths.SourcePortrait, "-i {portrait}", "-frames:v 1 -c:v png -f image2");
        var small = await LookAsync(request => request with { EffectiveSize = new FrameSize(160, 160) });
        Assert.Equal(("portrait_face_small", PreflightSubject.Portrait, PreflightSeverity.Warning), Told(Assert.Single(small.Findings)));
        Assert.Null(small.Speech);
        await _store.DeleteAsync(_paths.Preflight, Cancellation);
        Assert.DoesNotContain(
            (await LookAsync(request => request with { EffectiveSize = new FrameSize(640, 640) })).Findings, finding => finding.Code == "portrait_face_small");
    }

    [Fact]
    public async Task What_prepare_would_refuse_is_an_error_beside_what_it_is_about()
    {
        await MakeAsync(_paths.SourcePortrait, "-f lavfi -i mandelbrot=size=640x640", "-frames:v 1 -c:v png -f image2");
        await MakeAsync(_paths.SourceSpeech, "-f lavfi -i anullsrc -t 2", "-c:a pcm_s16le -f wav");
        var report = await LookAsync();
        Assert.Equal(
            [("portrait_no_face", PreflightSubject.Portrait, PreflightSeverity.Error), ("speech_silent", PreflightSubject.Speech, PreflightSeverity.Error)],
            report.Findings.Select(Told));
        Assert.Null(report.Speech);
    }

    [Fact]
    public async Task An_upload_is_read_where_it_lies_and_the_part_of_the_speech_counts()
    {
        var upload = UploadId.New(DateTimeOffset.UnixEpoch);
        await MakeAsync(UploadPaths.Of(upload), "-i {speech} -af atrim=0:3,apad=pad_dur=3", "-c:a pcm_s16le -f wav");
        var silent = await LookAsync(request => request with { SpeechUpload = upload, Cut = new SpeechCut(4 * 48_000, null) });
        Assert.Equal("speech_silent", Assert.Single(silent.Findings).Code);
        await _store.DeleteAsync(_paths.Preflight, Cancellation);
        Assert.Empty((await LookAsync(request => request with { SpeechUpload = upload, Cut = new SpeechCut(0, 3 * 48_000) })).Findings);
        Assert.False(await _store.ExistsAsync(_paths.SourceSpeech, Cancellation));
    }

    [Fact]
    public async Task Addresses_that_are_refused_or_do_not_answer_are_told_beside_their_inputs()
    {
        var report = await LookAsync(request => request with
        {
            PortraitUrl = new Uri("http://10.0.0.1/portrait.png"),
            SpeechUrl = new Uri($"http://{Closed}/speech.wav"),
        });
        Assert.Equal(
            [("address_forbidden", PreflightSubject.Portrait, PreflightSeverity.Error), ("input_unreachable", PreflightSubject.Speech, PreflightSeverity.Error)],
            report.Findings.Select(Told));
    }

    private static (string, PreflightSubject, PreflightSeverity) Told(PreflightFinding finding) => (finding.Code, finding.About, finding.Severity);

    private async Task<PreflightReport> LookAsync(Func<TalkRequest, TalkRequest>? wish = null)
    {
        var id = Path.GetFileName(_paths.Root.Value);
        var request = new TalkRequest
        {
            Id = id,
            CreatedAt = DateTimeOffset.UnixEpoch,
            PortraitName = "portrait.png",
            SpeechName = "speech.wav",
            RequestedSize = FrameSize.Default,
            EffectiveSize = FrameSize.Default,
            Seed = 1,
            Prompt = TalkLimits.DefaultPrompt,
            Warnings = [],
        };
        await _store.WriteJsonAsync(_paths.Request, wish is null ? request : wish(request), Cancellation);
        var options = new RunnerOptions { Home = new HomeLayout(_folder.FullName), FaceRequired = true };
        var scratch = _folder.CreateSubdirectory($"scratch-{Guid.NewGuid():n}");
        var attempt = new AttemptRequest(
            new WorkReference(id, Stage.Preflight, WorkReference.WholeTalk, "0123abcd"), new ReplyAddress("preflight", "done"), null);
        await new PreflightStage(_store, _fetcher, new FfmpegOptions(), new FaceFinder(), options)
            .RunAsync(new StageContext(attempt, _paths, scratch.FullName, new AttemptProgress()), Cancellation);
        return await _store.ReadJsonAsync<PreflightReport>(_paths.Preflight, Cancellation);
    }

    /// <summary>Stores what ffmpeg makes of the samples.</summary>
    private Task MakeAsync(ArtifactPath path, string what, string format) =>
        MadeInput.StoreAsync(_store, path, _folder.FullName, what, format);
}
