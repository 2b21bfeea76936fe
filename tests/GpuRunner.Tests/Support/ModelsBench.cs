using System.Security.Cryptography;
using WanTalk.Core.Errors;
using WanTalk.Core.Sampling;
using WanTalk.GpuRunner.Models;

namespace WanTalk.GpuRunner.Tests.Support;

/// <summary>A models folder, a server, and models of a few hundred kilobytes.</summary>
internal sealed class ModelsBench : IAsyncDisposable, IPullDisplay
{
    public const int Size = 400_000;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wantalk-models-");
    private readonly List<string> _wanted = [];

    private ModelsBench(ModelServer server) => Server = server;

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ModelServer Server { get; }

    public string Folder => Path.Combine(_folder.FullName, "models");

    public string ManifestPath => Path.Combine(_folder.FullName, "models.json");

    /// <summary>Without pauses that a test would wait for.</summary>
    public DownloadOptions Options { get; set; } = new() { FirstPause = TimeSpan.FromMilliseconds(1), LongestPause = TimeSpan.FromMilliseconds(5), Retries = 3 };

    /// <summary>Which files pulls found missing or damaged.</summary>
    public IReadOnlyList<string> Wanted => _wanted;

    public int WaitsSeen { get; private set; }

    public static async Task<ModelsBench> StartAsync() => new(await ModelServer.StartAsync());

    /// <summary>Serves a model, and describes it.</summary>
    public (ModelEntry Entry, ServedFile Served) Serve(string name, int size = Size)
    {
        var content = RandomNumberGenerator.GetBytes(size);
        var served = new ServedFile { Content = content };
        Server.Files[$"/owner/repo/resolve/main/files/{name}"] = served;
        return (new ModelEntry
        {
            Id = name,
            Repository = "owner/repo",
            Revision = "main",
            RemotePath = $"files/{name}",
            Folder = "unet",
            File = name,
            Size = size,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)),
            License = "unknown",
            LicenseUrl = new Uri("https://example.org"),
            Presets = [SamplingPreset.Recommended],
        }, served);
    }

    public async Task<IReadOnlyList<ModelEntry>> PullAsync(params ModelEntry[] models)
    {
        using var downloader = new ModelDownloader(new ModelSource(Server.Address, null, null), Options, TimeProvider.System);
        return await new ModelPull(downloader, Options, this, TimeProvider.System).RunAsync(models, Folder, Cancellation);
    }

    public async Task<TalkError> FailAsync(params ModelEntry[] models) =>
        (await Assert.ThrowsAsync<TalkException>(() => PullAsync(models))).Error;

    /// <summary>A file is there with the server's bytes, and nothing of its way.</summary>
    public void AssertThere(ModelEntry model, ServedFile served)
    {
        Assert.Equal(served.Content, File.ReadAllBytes(model.PathIn(Folder)));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(model.PathIn(Folder))!, $"{model.File}.part*"));
    }

    /// <summary>The requests for contents.</summary>
    public IReadOnlyList<SeenRequest> Gets => [.. Server.Requests.Where(request => request.Method == "GET")];

    public void WriteManifest(params ModelEntry[] models) => new ModelManifest(Server.Address, models).Write(ManifestPath);

    void IPullDisplay.Waits() => WaitsSeen++;

    void IPullDisplay.IsThere(ModelEntry model)
    {
    }

    void IPullDisplay.Wants(ModelFinding finding) => _wanted.Add(finding.Model.Id);

    void IPullDisplay.Came(ModelEntry model, long bytes)
    {
    }

    void IPullDisplay.Done(ModelEntry model)
    {
    }

    void IPullDisplay.Failed(ModelEntry model, TalkError error)
    {
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
