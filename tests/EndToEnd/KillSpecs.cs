using System.Security.Cryptography;
using WanTalk.EndToEnd.Support;

namespace WanTalk.EndToEnd;

/// <summary>
/// A talk of twelve windows in three takes whose processes are killed with kill -9 again and again, any of them at any moment: it comes to
/// the same bytes, and is not sampled more often than promised.
/// </summary>
public sealed class KillSpecs(KilledTalk undisturbed) : IClassFixture<KilledTalk>
{
    private const int Kills = 10;
    private const int Seed = 20261126;
    private static readonly string[] Rooms = ["Local", "GpuRunner", "Understudy"];

    [Fact]
    public async Task Ten_kills_change_no_byte_and_cost_a_window_each()
    {
        var random = new Random(Seed);
        // On a fast machine a talk may be done before ten kills have come; the others meet another talk.
        for (var kills = 0; kills < Kills;)
        {
            kills += await DisturbAsync(random, Kills - kills);
        }
    }

    /// <summary>Makes a talk and kills its processes, so many times at most, and checks what comes of it.</summary>
    /// <returns>How many kills there were.</returns>
    private async Task<int> DisturbAsync(Random random, int most)
    {
        using var folder = new TemporaryFolder();
        var (told, allowed, kills) = (new List<string>(), KilledTalk.Windows, 0);
        var kept = new Dictionary<string, string>();
        string? id = null;
        while (true)
        {
            await using var command = WanTalkCommand.Start(folder, id is null ? undisturbed.Talk() : ["resume", id, "--out", "talk.mp4"]);
            id ??= await command.FirstErrorLine;
            var ended = command.WaitAsync();
            while (kills < most && !ended.IsCompleted)
            {
                await MomentAsync(folder, random, ended);
                var room = Rooms[random.Next(Rooms.Length)];
                if (!ended.IsCompleted && Processes.Kill(command.Home, room))
                {
                    (kills, allowed) = (kills + 1, allowed + 1);
                    told.Add($"{room} after {AssertKept(folder, kept)} windows");
                }
            }

            if ((await ended).ExitCode == 0)
            {
                break;
            }

            await Processes.WaitUntilGoneAsync(command.Home);
            if (random.Next(3) == 0 && Directory.Exists(folder.File("home/engine")))
            {
                // The disk on which the engine works did not survive: what was finished and not stored is lost, too.
                Directory.Delete(folder.File("home/engine"), recursive: true);
                allowed++;
                told.Add("its scratch is lost");
            }
        }

        var sampled = EngineLog.SampledIn(folder);
        TestContext.Current.TestOutputHelper?.WriteLine($"{sampled} windows sampled, {allowed} allowed: {string.Join(", ", told)}");
        Assert.Equal(undisturbed.Hash, await KilledTalk.HashAsync(folder.File("talk.mp4")));
        Assert.Equal(KilledTalk.Windows, AssertKept(folder, kept));
        Assert.True(sampled <= allowed, $"{sampled} windows were sampled, {allowed} are promised: {string.Join(", ", told)}");
        AssertNothingIsLeft(folder);
        return kills;
    }

    [Fact]
    public void Undisturbed_every_window_is_sampled_once() => Assert.Equal(KilledTalk.Windows, undisturbed.Sampled);

    /// <summary>Waits for any moment of a talk's life, most often for one in which a window is being sampled and another is being stored.</summary>
    private static async Task MomentAsync(TemporaryFolder folder, Random random, Task ended)
    {
        var begun = EngineLog.SampledIn(folder);
        var anyMoment = random.Next(4) == 0;
        while (!anyMoment && !ended.IsCompleted && EngineLog.SampledIn(folder) < begun + 2)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await Task.WhenAny(ended, Task.Delay(TimeSpan.FromSeconds((anyMoment ? 3 : 1) * random.NextDouble()), TestContext.Current.CancellationToken));
    }

    /// <summary>The commit records, each with the checkpoint that it names: one that was there before is there unchanged.</summary>
    private static int AssertKept(TemporaryFolder folder, Dictionary<string, string> kept)
    {
        var takes = Directory.EnumerateDirectories(folder.File("home/artifacts/talks")).SelectMany(talk => Directory.EnumerateDirectories(talk, "take-*"));
        foreach (var file in takes.SelectMany(take => Directory.EnumerateFiles(take, "*.json")))
        {
            var record = File.ReadAllText(file);
            Assert.Equal(kept.GetValueOrDefault(file, record), record);
            kept[file] = record;
        }

        return kept.Count;
    }

    /// <summary>No process, no lock, no scratch, no prompt, no half file.</summary>
    private static void AssertNothingIsLeft(TemporaryFolder folder)
    {
        Assert.Empty(Processes.Of(folder.File("home")));
        foreach (var held in (string[])["host.lock", "runner.lock"])
        {
            new FileStream(folder.File($"home/{held}"), FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.File("home/scratch")));
        Assert.Empty(Directory.EnumerateFiles(folder.File("home/engine"), "*", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateFiles(folder.File("home/engine-uses")));
        Assert.DoesNotContain(Directory.EnumerateFiles(folder.Path), file => file.EndsWith(".part", StringComparison.Ordinal));
    }
}

/// <summary>The talk that is killed, made once without being killed.</summary>
public sealed class KilledTalk : IAsyncLifetime
{
    /// <summary>Twelve windows: three takes of four.</summary>
    public const int Windows = 12;

    private readonly TemporaryFolder _folder = new();

    /// <summary>The SHA-256 of its video.</summary>
    public string Hash { get; private set; } = "";

    /// <summary>How many windows its engine began.</summary>
    public int Sampled { get; private set; }

    /// <summary>The command that makes it.</summary>
    public IEnumerable<string> Talk() =>
    [
        "talk", Repository.Portrait, _folder.File("speech.wav"), "--out", "talk.mp4", "--width", "256", "--height", "256", "--seed", "42",
        "--continuity", "takes", "--take-seconds", "10",
    ];

    public static async Task<string> HashAsync(string file) =>
        Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)));

    public async ValueTask InitializeAsync()
    {
        // Three times the sample's 8.9 s, with pauses of a second and a half.
        await MediaFile.MakeAsync(
            $"-i \"{Repository.Speech}\" -filter_complex [0:a]apad=pad_dur=1.5,asplit=3[a][b][c];[a][b][c]concat=n=3:v=0:a=1 \"{_folder.File("speech.wav")}\"");
        var result = await WanTalkCommand.RunAsync(_folder, Talk());
        Assert.True(result.ExitCode == 0, result.Said);
        Hash = await HashAsync(_folder.File("talk.mp4"));
        Sampled = EngineLog.SampledIn(_folder);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
