using System.Diagnostics;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Plans;
using WanTalk.Core.Publishing;
using WanTalk.Core.Stages;
using WanTalk.Core.Talks;
using WanTalk.Core.Work;
using WanTalk.Storage.Local;

namespace WanTalk.GpuRunner.Tests.Support;

/// <summary>A talk of the sample portrait, as intake leaves it in a folder of artifacts: of any size, the model's least or below.</summary>
/// <param name="root">The home's folder.</param>
/// <param name="request">The talk's request.</param>
internal sealed class SampledTalk(string root, TalkRequest request)
{
    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public TalkRequest Request => request;

    public TalkPaths Paths { get; } = new(request.Id);

    public FolderArtifactStore Store { get; } = new(
        new HomeLayout(root).Artifacts, TimeProvider.System, new FolderArtifactStoreOptions { FlushToDisk = false });

    /// <summary>Where its video and its stream go.</summary>
    public IPublisher Publisher { get; init; } = new FolderPublisher(new HomeLayout(root).Published, TimeProvider.System);

    /// <summary>Stores a request, a small portrait, and the sample speech again and again up to a length.</summary>
    public static async Task<SampledTalk> CreateAsync(string root, double seconds, FrameSize size, long seed = 42)
    {
        var talk = new SampledTalk(root, new TalkRequest
        {
            Id = TalkId.New(),
            CreatedAt = DateTimeOffset.UnixEpoch,
            PortraitName = "portrait.png",
            SpeechName = "speech.wav",
            RequestedSize = size,
            EffectiveSize = size,
            Seed = seed,
            Prompt = TalkLimits.DefaultPrompt,
            Warnings = [],
        });
        await talk.Store.WriteJsonAsync(talk.Paths.Request, talk.Request, Cancellation);
        await talk.StoreAsync(talk.Paths.SourcePortrait, "-i", SampleOf("portrait.png"), "-vf", "scale=256:256", "-f", "image2", "-c:v", "png", "-");
        await talk.StoreAsync(
            talk.Paths.SourceSpeech,
            "-stream_loop", "-1", "-i", SampleOf("speech.wav"), "-t", FormattableString.Invariant($"{seconds}"), "-f", "wav", "-");
        return talk;
    }

    /// <summary>The same talk, as far as it has come, in another home.</summary>
    public SampledTalk CopyTo(string other)
    {
        var from = new HomeLayout(root).Artifacts;
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(new HomeLayout(other).Artifacts, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        return new SampledTalk(other, request);
    }

    public Task<TalkPlan> PlanAsync() => Store.ReadJsonAsync<TalkPlan>(Paths.Plan, Cancellation);

    /// <summary>The video's bytes.</summary>
    public Task<byte[]> VideoAsync() => File.ReadAllBytesAsync(Path.Combine(new HomeLayout(root).Artifacts, Paths.Video.Value), Cancellation);

    /// <summary>The commit records of take 0 in their order.</summary>
    public async Task<List<CommitRecord>> RecordsAsync()
    {
        var records = new List<CommitRecord>();
        while (await Store.TryReadJsonAsync<CommitRecord>(Paths.Commit(0, records.Count), Cancellation) is { } record)
        {
            records.Add(record);
        }

        return records;
    }

    /// <summary>The names of all files of take 0.</summary>
    public async Task<List<string>> FilesAsync()
    {
        var names = new List<string>();
        await foreach (var artifact in Store.ListAsync(Paths.Take(0), Cancellation))
        {
            names.Add(artifact.Path.Value);
        }

        return names;
    }

    /// <summary>A request for an attempt.</summary>
    public AttemptRequest Attempt(Stage stage, Piece? piece = null)
    {
        var id = Guid.NewGuid().ToString("n");
        return new AttemptRequest(
            new WorkReference(Request.Id, stage, piece?.Key ?? WorkReference.WholeTalk, id), new ReplyAddress(Request.Id, $"done-{id}"), piece);
    }

    /// <summary>Stores what ffmpeg makes.</summary>
    private async Task StoreAsync(ArtifactPath path, params string[] arguments)
    {
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", ["-nostdin", "-v", "error", .. arguments]) { RedirectStandardOutput = true })!;
        await Store.WriteAsync(path, ffmpeg.StandardOutput.BaseStream, Cancellation);
        await ffmpeg.WaitForExitAsync(Cancellation);
        Assert.Equal(0, ffmpeg.ExitCode);
    }

    /// <summary>One of the repository's sample files.</summary>
    public static string SampleOf(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "WanTalk.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not lie in a checkout.");
        }

        return Path.Combine(folder.FullName, "samples", name);
    }
}
