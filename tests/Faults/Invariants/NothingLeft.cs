using Microsoft.Extensions.Time.Testing;
using WanTalk.Core.Work;
using WanTalk.Faults.Houses;
using WanTalk.Storage.Local;

namespace WanTalk.Faults.Invariants;

/// <summary>
/// When all talks have ended there is no message, lease, scratch or temporary file, and on engines nothing but what runners keep knowingly
/// (<see cref="KeptUses"/>); and no process once the programs were ended.
/// </summary>
internal static class NothingLeft
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>How long processes may take to end behind the program that started them: a runner alone may take 18 s, and its engine comes after.</summary>
    private static readonly TimeSpan ProcessPatience = TimeSpan.FromMinutes(1);

    /// <summary>By when a store that is opened removes what a killed writer has left.</summary>
    private static readonly TimeSpan UntilSwept = TimeSpan.FromMinutes(2);

    /// <summary>Waits until the house is quiet: late messages come, and leases of runners that are gone end.</summary>
    public static async Task CheckQuietAsync(RunningHouse house, Violations violations, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        IReadOnlyList<string> left;
        do
        {
            left = [.. await MessagesAsync(house, cancellationToken), .. Scratch(house), .. EngineFiles(house)];
            await Task.Delay(Pause, patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (left.Count > 0 && !patience.IsCancellationRequested);
        if (left.Count > 0)
        {
            violations.Add("nothing left", $"{house.House}: {string.Join(", ", left.Take(20))}");
        }
    }

    /// <summary>Looks when the programs have been ended.</summary>
    public static async Task CheckEndedAsync(
        RunningHouse house, IReadOnlyList<string> stuck, Violations violations, CancellationToken cancellationToken)
    {
        if (stuck.Count > 0)
        {
            violations.Add("nothing left", $"{house.House}: did not end when it was asked to: {string.Join(", ", stuck)}");
        }

        var processes = await ProcessesAsync(house, cancellationToken);
        foreach (var home in house.Homes)
        {
            Sweep(home);
        }

        var left = processes
            .Concat(house.Homes.SelectMany(home => (string[])[home.HostLock, home.RunnerLock]).Where(IsHeld).Select(path => $"lock {path}"))
            .Concat(house.Homes.SelectMany(Temporary))
            .ToList();
        if (left.Count > 0)
        {
            violations.Add("nothing left", $"{house.House}: {string.Join(", ", left.Take(20))}");
        }
    }

    private static async Task<IReadOnlyList<string>> ProcessesAsync(RunningHouse house, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(ProcessPatience);
        while (true)
        {
            List<string> left =
                [.. house.Homes.SelectMany(home => Processes.Of(home.Root)).Select(process => $"process {process.Id} {process.Room}")];
            if (left.Count == 0 || patience.IsCancellationRequested)
            {
                return left;
            }

            await Task.Delay(Pause, patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Opens the stores later than their temporary files may grow old, as the next programs would: those of writers that were killed go, and
    /// what a store does not know for abandoned stays.
    /// </summary>
    private static void Sweep(HomeLayout home)
    {
        var later = new FakeTimeProvider(DateTimeOffset.UtcNow + UntilSwept);
        if (Directory.Exists(home.Artifacts))
        {
            _ = new FolderArtifactStore(home.Artifacts, later);
        }

        _ = new FolderPublisher(home.Published, later);
    }

    private static async Task<IReadOnlyList<string>> MessagesAsync(RunningHouse house, CancellationToken cancellationToken)
    {
        var (queues, owned) = house.OpenQueues();
        using (owned)
        {
            var left = new List<string>();
            foreach (var (name, queue) in Enum.GetValues<Lane>().Select(lane => ($"{lane}", queues.ForLane(lane))).Append(("completions", queues.Completions)))
            {
                if (await queue.CountAsync(cancellationToken) is var count and > 0)
                {
                    left.Add($"{count} messages in {name}");
                }
            }

            return left;
        }
    }

    private static IEnumerable<string> Scratch(RunningHouse house) => house.Homes
        .Select(home => home == house.Home && house.Host.Id is { } id ? SmallDisk.SeenBy(id, home.Scratch) : home.Scratch)
        .Where(Directory.Exists).SelectMany(Directory.EnumerateFileSystemEntries);

    private static IEnumerable<string> EngineFiles(RunningHouse house) => house.EngineFolders
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        .Where(file => !KeptUses.Contains(house, file));

    private static IEnumerable<string> Temporary(HomeLayout home) => ((string[])
        [Path.Combine(home.Artifacts, ".tmp"), Path.Combine(home.Published, ".tmp"), home.Measuring, home.Scratch])
        .Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories));

    private static bool IsHeld(string path)
    {
        try
        {
            if (File.Exists(path))
            {
                new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
            }

            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
