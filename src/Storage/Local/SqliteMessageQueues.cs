using System.Collections.Concurrent;
using WanTalk.Core.Errors;
using WanTalk.Core.Work;

namespace WanTalk.Storage.Local;

/// <summary>
/// Named queues in one SQLite file, for any number of processes on one machine. The file may hold other tables; this one is
/// <c>queue_messages</c>. A full disk is a <see cref="TalkException"/> with <see cref="ErrorCode.DiskFull"/>.
/// </summary>
public sealed class SqliteMessageQueues : IDisposable
{
    private readonly QueueDatabase _database;
    private readonly TimeProvider _time;
    private readonly SqliteMessageQueuesOptions _options;
    private readonly ConcurrentDictionary<string, SqliteMessageQueue> _queues = new(StringComparer.Ordinal);

    /// <summary>Opens the file, and makes it and its folder when they are missing.</summary>
    /// <param name="databasePath">The SQLite file.</param>
    /// <param name="time">Decides when a message is visible; has to agree between the processes that share the file.</param>
    /// <param name="options">How to wait; null means the defaults.</param>
    public SqliteMessageQueues(string databasePath, TimeProvider time, SqliteMessageQueuesOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(databasePath);
        ArgumentNullException.ThrowIfNull(time);
        _options = options ?? new SqliteMessageQueuesOptions();
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_options.WatchInterval, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_options.BusyTimeout, TimeSpan.Zero, nameof(options));
        _time = time;
        _database = new QueueDatabase(databasePath, _options.BusyTimeout);
    }

    /// <summary>The queue of that name; it exists as soon as it is named.</summary>
    public IMessageQueue Get(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return _queues.GetOrAdd(name, key => new SqliteMessageQueue(key, _database, _time, _options.WatchInterval));
    }

    /// <summary>Closes the file. Nobody may be using a queue any more.</summary>
    public void Dispose() => _database.Dispose();
}
