using System.Text.Json;
using WanTalk.Core.Work;

namespace WanTalk.Storage.Local;

/// <summary>The queues between host and runner on one machine.</summary>
public sealed class LocalWorkQueues : IWorkQueues, IDisposable
{
    private readonly SqliteMessageQueues _lanes;
    private readonly SqliteMessageQueues _completions;

    /// <summary>Opens the queues of a home.</summary>
    public LocalWorkQueues(HomeLayout home, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(home);
        _lanes = new SqliteMessageQueues(home.LaneDatabase, time);
        _completions = new SqliteMessageQueues(home.CompletionDatabase, time);
    }

    /// <inheritdoc/>
    public IMessageQueue Completions => _completions.Get("completions");

    /// <summary>
    /// Removes the lanes' file of a home whose lock the caller holds. A runner of an earlier host that is still ending keeps the removed
    /// file to itself.
    /// </summary>
    public static void RemoveLanes(HomeLayout home)
    {
        ArgumentNullException.ThrowIfNull(home);
        foreach (var suffix in (string[])["", "-wal", "-shm"])
        {
            File.Delete(home.LaneDatabase + suffix);
        }
    }

    /// <inheritdoc/>
    public IMessageQueue ForLane(Lane lane) => _lanes.Get(JsonNamingPolicy.SnakeCaseLower.ConvertName(lane.ToString()));

    /// <inheritdoc/>
    public void Dispose()
    {
        _lanes.Dispose();
        _completions.Dispose();
    }
}
