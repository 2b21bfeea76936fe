using System.Security.Cryptography;
using WanTalk.EndToEnd.Support;

namespace WanTalk.EndToEnd;

/// <summary>A talk that is interrupted by kill -9 at any moment, of any of its processes, goes on and comes to the same bytes.</summary>
public class KillSpecs
{
    private const int Moments = 20;
    private const int Seed = 20261123;
    private static readonly string[] Rooms = ["Local", "GpuRunner", "Understudy"];

    [Fact]
    public async Task Twenty_kills_at_random_moments_change_no_byte_and_leave_nothing_behind()
    {
        using var undisturbed = new TemporaryFolder();
        var begun = TimeProvider.System.GetTimestamp();
        var (_, expected) = await FinishAsync(undisturbed, "talk", Repository.Portrait, Repository.Speech);
        var duration = TimeProvider.System.GetElapsedTime(begun);

        var random = new Random(Seed);
        var told = new List<string>();
        for (var trial = 0; trial < Moments; trial++)
        {
            var (room, moment) = (Rooms[trial % Rooms.Length], duration * (((trial + random.NextDouble()) / Moments * 0.95) + 0.02));
            using var folder = new TemporaryFolder();
            var resampled = await DisturbAsync(folder, room, moment, expected);
            told.Add($"{room} after {moment.TotalSeconds:0.00} s of {duration.TotalSeconds:0.00} s: {resampled}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', told));
    }

    /// <summary>Kills one process of a talk at a moment, lets the talk go on, and checks what came of it.</summary>
    private static async Task<string> DisturbAsync(TemporaryFolder folder, string room, TimeSpan moment, string expected)
    {
        string id;
        Dictionary<string, string> committed;
        CommandResult result;
        await using (var talk = WanTalkCommand.Start(folder, Arguments("talk", Repository.Portrait, Repository.Speech)))
        {
            await Task.Delay(moment, TestContext.Current.CancellationToken);
            var killed = Processes.Kill(talk.Home, room);
            committed = CommitsOf(folder);
            result = await talk.WaitAsync();
            if (!talk.FirstErrorLine.IsCompletedSuccessfully)
            {
                // The host died before it had accepted the talk: there is nothing to go on with, and nothing is left.
                Assert.Equal("Local", room);
                await Processes.WaitUntilGoneAsync(talk.Home);
                var (_, again) = await FinishAsync(folder, "talk", Repository.Portrait, Repository.Speech);
                Assert.Equal(expected, again);
                return "before it began";
            }

            id = await talk.FirstErrorLine;
            Assert.True(killed || result.ExitCode == 0, $"There was no {room} to kill, and yet: {result.Said}");
        }

        if (result.ExitCode != 0)
        {
            Assert.True(room == "Local", $"{room} was killed, and the talk did not go on by itself: {result.Said}");
            var resumed = await WanTalkCommand.RunAsync(folder, ["resume", id, "--out", folder.File("talk.mp4")]);
            Assert.True(resumed.ExitCode == 0, resumed.Said);
        }

        Assert.Equal(expected, await HashAsync(folder.File("talk.mp4")));
        var final = CommitsOf(folder);
        Assert.All(committed, window => Assert.Equal(window.Value, final[window.Key]));
        AssertNothingIsLeft(folder);
        return $"{committed.Count} windows were committed and kept";
    }

    private static async Task<(CommandResult Result, string Hash)> FinishAsync(TemporaryFolder folder, params string[] command)
    {
        var result = await WanTalkCommand.RunAsync(folder, Arguments(command));
        Assert.True(result.ExitCode == 0, result.Said);
        AssertNothingIsLeft(folder);
        return (result, await HashAsync(folder.File("talk.mp4")));
    }

    private static IEnumerable<string> Arguments(params string[] command) =>
        [.. command, "--out", "talk.mp4", "--width", "256", "--height", "256", "--seed", "42"];

    /// <summary>The commit records, each with the checkpoint that it names: a window that is sampled again would have another.</summary>
    private static Dictionary<string, string> CommitsOf(TemporaryFolder folder)
    {
        var talks = folder.File("home/artifacts/talks");
        return Directory.Exists(talks)
            ? Directory.EnumerateFiles(talks, "*.json", SearchOption.AllDirectories)
                .Where(file => Path.GetFileName(Path.GetDirectoryName(file))!.StartsWith("take-", StringComparison.Ordinal))
                .ToDictionary(file => Path.GetFileName(file), File.ReadAllText)
            : [];
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
        Assert.DoesNotContain(Directory.EnumerateFiles(folder.Path), file => file.EndsWith(".part", StringComparison.Ordinal));
    }

    private static async Task<string> HashAsync(string file) =>
        Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)));
}
