using System.Diagnostics;
using System.Text.RegularExpressions;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Plans;
using WanTalk.Core.Streaming;
using WanTalk.Core.Takes;
using WanTalk.Core.Talks;
using WanTalk.GpuRunner.Streaming;
using WanTalk.Media.Ffmpeg;
using WanTalk.Media.Speech;
using WanTalk.Storage.Local;

namespace WanTalk.GpuRunner.Tests.Streaming;

/// <summary>
/// A talk of three takes whose windows are committed by a runner for each, in any order, while what streams them is given up again and again.
/// </summary>
public sealed partial class TalkStreamSpecs : IAsyncLifetime
{
    private const int Seconds = 30;
    private const string Talk = "0123456789abcdefghjkmnpqrs";
    private static readonly TalkPaths Paths = new(Talk);
    private static readonly TalkPlan Plan = TalkPlanner.PlanTakes(
        Seconds * 48_000L, new FrameSize(128, 128), [new Silence(10 * 48_000, 48_000), new Silence(20 * 48_000, 48_000)], 10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wantalk stream ");
    private readonly TaskCompletionSource _firstSeen = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.Equal(3, Plan.Takes.Count);
        foreach (var frames in Plan.Keep.Distinct())
        {
            await FfmpegAsync(
                "-f", "lavfi", "-i", "testsrc2=s=128x128:r=25", "-frames:v", $"{frames}", "-c:v", "libx264", "-bf", "0", "-x264-params", "stitchable=1",
                "-pix_fmt", "yuv420p", "-bsf:v", "filter_units=remove_types=6", "-movflags", "+faststart", File($"{frames}.mp4"));
        }

        await FfmpegAsync("-f", "lavfi", "-i", $"sine=r=48000:d={Seconds}", File("speech.flac"));
        await new AacEncoder(new FfmpegOptions()).EncodeAsync(File("speech.flac"), File("speech.m4a"), Cancellation);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Whatever_is_given_up_playlists_never_go_back_and_name_what_is_there_and_come_to_the_same_bytes(int seed)
    {
        var disturbed = await HomeAsync($"disturbed {seed}");
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var watched = Task.Run(() => WatchAsync(disturbed, done.Token), Cancellation);
        try
        {
            await SampleFirstAsync(disturbed);
            await Task.WhenAll(Plan.Takes.Select(take => Task.Run(() => SampleAsync(disturbed, take, new Random(seed + take.Index)), Cancellation)));
            await using var last = Open(disturbed, "last");
            await last.AdvanceAsync(Cancellation);
        }
        finally
        {
            await done.CancelAsync();
        }

        Assert.True(await watched > 1, "The playlist was not seen to grow.");

        var undisturbed = await HomeAsync($"undisturbed {seed}");
        await using (var alone = Open(undisturbed, "alone"))
        {
            foreach (var (take, window) in Enumerable.Range(0, Plan.Windows).Select(new PlayOrder(Plan).At))
            {
                await CommitAsync(undisturbed, take, window);
                await alone.AddAsync(take, window, Cancellation);
            }
        }

        foreach (var name in StreamPlaylists.Names)
        {
            Assert.Equal(await TextAsync(undisturbed, name), await TextAsync(disturbed, name));
            Assert.Equal(await TextAsync(undisturbed, name), await ReadAsync(disturbed, Paths.StreamFile(name)));
        }
    }

    [Fact]
    public async Task Two_states_are_kept_and_deleting_the_talk_leaves_none()
    {
        var store = await HomeAsync("kept");
        await using var stream = Open(store, "kept");
        for (var window = 0; window < 3; window++)
        {
            await CommitAsync(store, 0, window);
            await stream.AddAsync(0, window, Cancellation);
        }

        Assert.Equal([Paths.StreamSnapshot(2).Value, Paths.StreamSnapshot(3).Value], await NamesAsync(store, Paths.StreamSnapshots));
        await store.DeleteFolderAsync(Paths.Root, Cancellation);
        Assert.Empty(await NamesAsync(store, Paths.Root));
    }

    /// <summary>Streams the first window, and lets whoever watches see that it is alone.</summary>
    private async Task SampleFirstAsync(FolderArtifactStore store)
    {
        await CommitAsync(store, 0, 0);
        await using var stream = Open(store, "first");
        await stream.AddAsync(0, 0, Cancellation);
        await _firstSeen.Task.WaitAsync(Patience, Cancellation);
    }

    /// <summary>Commits a take's windows; each second time, on average, what streams them is given up at some moment.</summary>
    private async Task SampleAsync(FolderArtifactStore store, TakePlan take, Random random)
    {
        for (var window = take.Index == 0 ? 1 : 0; window < take.Windows; window++)
        {
            await CommitAsync(store, take.Index, window);
            await using var stream = Open(store, $"{take.Index} {window}");
            using var kill = new CancellationTokenSource();
            if (random.Next(2) == 0)
            {
                kill.CancelAfter(random.Next(20));
            }

            await stream.AddAsync(take.Index, window, kill.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    /// <summary>Reads playlists as a player does, again and again.</summary>
    /// <returns>How many different ones were seen.</returns>
    private async Task<int> WatchAsync(FolderArtifactStore store, CancellationToken done)
    {
        var (before, states) = (Array.Empty<string>(), 0);
        for (var last = false; !last;)
        {
            last = done.IsCancellationRequested;
            if (await TextAsync(store, StreamPlaylists.Video) is { } text)
            {
                var now = Lists().Matches(text).Select(line => line.Value).ToArray();
                Assert.Equal(before, now.Take(before.Length));
                states += now.Length > before.Length ? 1 : 0;
                foreach (var name in now.Skip(before.Length))
                {
                    Assert.True(await store.ExistsAsync(Paths.StreamFile(name), Cancellation), $"{name} is listed and not there.");
                }

                before = now;
                _firstSeen.TrySetResult();
            }

            await Task.Yield();
        }

        return states;
    }

    private static async Task<string?> TextAsync(FolderArtifactStore store, string name) =>
        await StreamState.ReadNewestAsync(store, Paths, Cancellation) is { } state ? StreamPlaylists.Text(name, Plan, state) : null;

    private async Task<FolderArtifactStore> HomeAsync(string name)
    {
        var store = new FolderArtifactStore(
            new HomeLayout(File(name)).Artifacts, TimeProvider.System, new FolderArtifactStoreOptions { FlushToDisk = false });
        await using var speech = System.IO.File.OpenRead(File("speech.m4a"));
        await store.WriteAsync(Paths.SpeechAac, speech, Cancellation);
        return store;
    }

    private async Task CommitAsync(FolderArtifactStore store, int take, int window)
    {
        var frames = Plan.Keep[new PlayOrder(Plan).PlaceOf(take, window)];
        await using var content = System.IO.File.OpenRead(File($"{frames}.mp4"));
        var segment = Paths.Segment(take, window, "attempt");
        await store.WriteAsync(segment, content, Cancellation);
        var stored = new StoredFile(segment.Value, content.Length, "");
        Assert.True(await store.TryCreateJsonAsync(Paths.Commit(take, window), new CommitRecord(window, "attempt", frames, stored, stored, "", 1), Cancellation));
    }

    private TalkStream Open(FolderArtifactStore store, string scratch) => new(
        store, new FolderPublisher(File("published"), TimeProvider.System), Paths, Talk, Plan,
        Directory.CreateDirectory(File($"scratch {Guid.NewGuid():n} {scratch}")).FullName);

    private static async Task<string> ReadAsync(FolderArtifactStore store, ArtifactPath path)
    {
        using var reader = new StreamReader((await store.OpenReadAsync(path, Cancellation))!);
        return await reader.ReadToEndAsync(Cancellation);
    }

    private static async Task<List<string>> NamesAsync(FolderArtifactStore store, ArtifactPath folder)
    {
        var names = new List<string>();
        await foreach (var artifact in store.ListAsync(folder, Cancellation))
        {
            names.Add(artifact.Path.Value);
        }

        return names;
    }

    private string File(string name) => Path.Combine(_folder.FullName, name);

    private static async Task FfmpegAsync(params string[] arguments)
    {
        using var ffmpeg = Process.Start("ffmpeg", ["-nostdin", "-v", "error", .. arguments]);
        await ffmpeg.WaitForExitAsync(Cancellation);
        Assert.Equal(0, ffmpeg.ExitCode);
    }

    [GeneratedRegex("^[0-9a-f]+\\.m4s$", RegexOptions.Multiline)]
    private static partial Regex Lists();
}
