using System.Diagnostics;
using WanTalk.Azurite;
using WanTalk.Core.Talks;

namespace WanTalk.Local.Tests.Faults.Support;

/// <summary>What talks are made with under faults: engines, an Azurite, and a talk of two windows that was made once without a fault.</summary>
[CollectionDefinition(Collection)]
public sealed class WholeTalks : IAsyncLifetime, ICollectionFixture<WholeTalks>
{
    public const string Collection = "whole talks";

    /// <summary>113 frames: 81 of the first window, 72 of the second, some of them past the speech's end.</summary>
    private const string Seconds = "4.5";

    private readonly AzuriteFixture _azurite = new();

    /// <summary>The engine of most runners.</summary>
    public FaultyEngine Engine { get; private set; } = null!;

    /// <summary>The engine of a second runner.</summary>
    public FaultyEngine OtherEngine { get; private set; } = null!;

    public byte[] Portrait { get; private set; } = [];

    public byte[] Speech { get; private set; } = [];

    /// <summary>The talk's video, where nothing goes wrong.</summary>
    public byte[] Undisturbed { get; private set; } = [];

    /// <summary>How many prompts that took.</summary>
    public int UndisturbedPrompts { get; private set; }

    internal TalkDraft Draft => new()
    {
        Portrait = new InputFacts("portrait.png", Portrait.Length, Portrait.AsMemory(0, 64)),
        Speech = new InputFacts("speech.wav", Speech.Length, Speech.AsMemory(0, 64)),
        Width = 128,
        Height = 128,
        Seed = 42,
    };

    /// <summary>The Azurite; null for the adapters of one machine.</summary>
    public async Task<AzuriteServer?> ServerAsync(bool azure) => azure ? await _azurite.Server : null;

    public async ValueTask InitializeAsync()
    {
        Portrait = await MakeAsync("-i", SampleOf("portrait.png"), "-vf", "scale=256:256", "-f", "image2", "-c:v", "png", "-");
        Speech = await MakeAsync("-i", SampleOf("speech.wav"), "-t", Seconds, "-f", "wav", "-");
        Engine = await FaultyEngine.StartAsync();
        OtherEngine = await FaultyEngine.StartAsync();
        await using var host = await FullHost.StartAsync();
        await host.AddRunnerAsync("runner", Engine);
        var talk = await host.AcceptAsync(this);
        Undisturbed = await host.VideoAsync(talk);
        Assert.Equal(2, (await host.OneChainAsync(talk)).Count);
        UndisturbedPrompts = await Engine.CountPromptsAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        await OtherEngine.DisposeAsync();
        await _azurite.DisposeAsync();
    }

    private static async Task<byte[]> MakeAsync(params string[] arguments)
    {
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", ["-nostdin", "-v", "error", .. arguments]) { RedirectStandardOutput = true })!;
        using var made = new MemoryStream();
        await ffmpeg.StandardOutput.BaseStream.CopyToAsync(made, CancellationToken.None);
        await ffmpeg.WaitForExitAsync(CancellationToken.None);
        Assert.Equal(0, ffmpeg.ExitCode);
        return made.ToArray();
    }

    private static string SampleOf(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "WanTalk.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not lie in a checkout.");
        }

        return Path.Combine(folder.FullName, "samples", name);
    }
}
