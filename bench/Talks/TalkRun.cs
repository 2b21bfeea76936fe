using System.Diagnostics;
using System.Text.Json;
using WanTalk.Azurite;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Work;
using WanTalk.Storage;
using WanTalk.Storage.Azure;
using WanTalk.Storage.Local;

namespace WanTalk.Bench.Talks;

/// <summary>One talk of the sample portrait, run as a person runs it, and where its time went.</summary>
/// <param name="Id">The talk's id.</param>
/// <param name="WallSeconds">From the command's start to its end.</param>
/// <param name="Stages">How long each stage took, as the orchestration saw it, by name.</param>
/// <param name="RunnerSeconds">Of that, in which a runner worked.</param>
/// <param name="EngineSeconds">Of that, in which the engine was at a prompt.</param>
/// <param name="SamplingSeconds">Of that, in which the engine was at a prompt that samples.</param>
/// <param name="VideoSeconds">The video's length.</param>
/// <param name="Windows">Its windows.</param>
internal sealed record TalkRun(
    string Id, double WallSeconds, IReadOnlyDictionary<string, double> Stages, double RunnerSeconds, double EngineSeconds, double SamplingSeconds, double VideoSeconds, int Windows)
{
    /// <summary>The sum of the stages.</summary>
    public double StageSeconds => Stages.Values.Sum();

    /// <summary>The program that makes talks.</summary>
    public static string Program => Path.Combine(AppContext.BaseDirectory, "../../Local/release/WanTalk.Local.dll");

    /// <summary>The folder of the samples.</summary>
    public static string Samples => Path.Combine(FindRoot(), "samples");

    /// <summary>Runs a talk in a home.</summary>
    /// <param name="folder">Where the home and the video go.</param>
    /// <param name="speech">What is said.</param>
    /// <param name="options">Further options of the command.</param>
    /// <param name="cloud">Where its artifacts and lanes are; null for the home's folder.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<TalkRun> StartAsync(
        string folder, string speech, IReadOnlyList<string> options, AzuriteServer? cloud, CancellationToken cancellationToken)
    {
        var home = HomeIn(folder);
        var start = new ProcessStartInfo("dotnet",
        [
            Program, "talk", Path.Combine(Samples, "portrait.png"), speech,
            "--home", home, "--out", Path.Combine(folder, "talk.mp4"), "--seed", "1", "--json", .. options,
            .. cloud is null ? (string[])[] : ["--storage", "azure"],
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        if (cloud is not null)
        {
            start.Environment[AzureStorageOptions.ConnectionStringVariable] = cloud.ConnectionString;
        }

        var begun = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var complaints = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        var wall = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"The talk failed: {await complaints}");
        }

        using var summary = JsonDocument.Parse(output);
        var talk = summary.RootElement;
        string? Variable(string name) => name == AzureStorageOptions.ConnectionStringVariable ? cloud?.ConnectionString : null;
        using var storage = StorageAdapters.Open(
            cloud is null ? StorageKind.Folder : StorageKind.Azure, new HomeLayout(home), Variable, TimeProvider.System);
        var id = talk.GetProperty("id").GetString()!;
        var attempts = await ResultsOfAsync(storage.Artifacts, id, cancellationToken);
        return new TalkRun(
            id,
            wall,
            talk.GetProperty("seconds").EnumerateObject().ToDictionary(stage => stage.Name, stage => stage.Value.GetDouble()),
            attempts.Sum(attempt => attempt.Seconds),
            attempts.Sum(attempt => attempt.EngineSeconds),
            attempts.Where(attempt => attempt.SecondsPerWindow is not null).Sum(attempt => attempt.EngineSeconds),
            talk.GetProperty("duration").GetDouble(),
            talk.GetProperty("windows").GetInt32());
    }

    /// <summary>The home of a talk that runs in a folder.</summary>
    public static string HomeIn(string folder) => Path.Combine(folder, "home");

    /// <summary>Makes a speech of the sample, again and again up to a length.</summary>
    public static async Task<string> SpeakAsync(string folder, double seconds, CancellationToken cancellationToken)
    {
        var speech = Path.Combine(folder, "speech.flac");
        using var ffmpeg = Process.Start("ffmpeg",
        [
            "-nostdin", "-y", "-v", "error", "-stream_loop", "-1", "-i", Path.Combine(Samples, "speech.wav"), "-t", FormattableString.Invariant($"{seconds}"), speech,
        ]);
        await ffmpeg.WaitForExitAsync(cancellationToken);
        return ffmpeg.ExitCode == 0 ? speech : throw new InvalidOperationException("ffmpeg could not make the speech.");
    }

    private static async Task<List<AttemptResult>> ResultsOfAsync(IArtifactStore store, string talk, CancellationToken cancellationToken)
    {
        var results = new List<AttemptResult>();
        await foreach (var artifact in store.ListAsync(new ArtifactPath($"talks/{talk}/work"), cancellationToken))
        {
            if (artifact.Path.Value.EndsWith("/result.json", StringComparison.Ordinal))
            {
                results.Add(await store.ReadJsonAsync<AttemptResult>(artifact.Path, cancellationToken));
            }
        }

        return results;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "WanTalk.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The benchmarks do not lie in a checkout.");
        }

        return folder.FullName;
    }
}
