using System.Globalization;
using Microsoft.Data.Sqlite;
using WanTalk.Core.Errors;
using WanTalk.Core.Work;

namespace WanTalk.Storage.Local;

/// <summary>
/// The table of messages in SQLite, through one connection that one caller uses at a time. Every change is one statement, which takes
/// SQLite's write lock before it reads (as BEGIN IMMEDIATE does), so that two processes never take the same message.
/// WAL with synchronous NORMAL: a message survives the death of every process; the last ones may be lost with the machine's power, which
/// is allowed, because messages are hints and artifacts are the truth.
/// </summary>
internal sealed class QueueDatabase : IDisposable
{
    private const int SqliteFull = 13;
    private const int SqliteSharedMemoryCannotGrow = 4874;

    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _dataVersion;
    private readonly SemaphoreSlim _turn = new(1);

    internal QueueDatabase(string path, TimeSpan busyTimeout)
    {
        _path = Path.GetFullPath(path);
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _path,
            Pooling = false,
            DefaultTimeout = (int)Math.Ceiling(busyTimeout.TotalSeconds),
        }.ToString());
        _dataVersion = _connection.CreateCommand();
        _dataVersion.CommandText = "PRAGMA data_version";
        try
        {
            Translate(() =>
            {
                Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
                _connection.Open();
                Run($"PRAGMA busy_timeout = {(int)busyTimeout.TotalMilliseconds}");
                Run("PRAGMA journal_mode = WAL");
                Run("PRAGMA synchronous = NORMAL");
                Run("""
                    CREATE TABLE IF NOT EXISTS queue_messages (
                        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                        queue TEXT NOT NULL,
                        body TEXT NOT NULL,
                        visible_at INTEGER NOT NULL,    -- milliseconds since 1970, UTC
                        deliveries INTEGER NOT NULL,
                        leases INTEGER NOT NULL         -- how often it was received or renewed; the latest is the valid receipt
                    ) STRICT;
                    CREATE INDEX IF NOT EXISTS queue_messages_in_order ON queue_messages (queue, sequence, visible_at);
                    """);
                return true;
            });
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>A number that changes whenever another connection has changed the database.</summary>
    internal Task<long> GetDataVersionAsync(CancellationToken cancellationToken) =>
        InTurnAsync(() => (long)_dataVersion.ExecuteScalar()!, cancellationToken);

    /// <summary>Adds a message.</summary>
    internal Task InsertAsync(string queue, string body, long visibleAt, CancellationToken cancellationToken) =>
        InTurnAsync(
            () => Run(
                "INSERT INTO queue_messages (queue, body, visible_at, deliveries, leases) VALUES ($queue, $body, $visibleAt, 0, 0)",
                ("$queue", queue), ("$body", body), ("$visibleAt", visibleAt)),
            cancellationToken);

    /// <summary>When the message that is visible first becomes visible; null when the queue is empty.</summary>
    internal Task<long?> GetFirstVisibleAsync(string queue, CancellationToken cancellationToken) =>
        InTurnAsync(
            () =>
            {
                using var command = Command("SELECT MIN(visible_at) FROM queue_messages WHERE queue = $queue", ("$queue", queue));
                return command.ExecuteScalar() as long?;
            },
            cancellationToken);

    /// <summary>Hides the oldest visible message until a time, and counts the delivery.</summary>
    internal Task<QueueMessage?> TakeAsync(string queue, long now, long hiddenUntil, CancellationToken cancellationToken) =>
        InTurnAsync(
            () => ReadMessage(
                """
                UPDATE queue_messages SET visible_at = $hiddenUntil, deliveries = deliveries + 1, leases = leases + 1
                WHERE sequence = (
                    SELECT sequence FROM queue_messages WHERE queue = $queue AND visible_at <= $now ORDER BY sequence LIMIT 1)
                RETURNING sequence, leases, body, deliveries
                """,
                ("$queue", queue), ("$now", now), ("$hiddenUntil", hiddenUntil)),
            cancellationToken);

    /// <summary>Hides a message until another time, if the receipt is still the valid one.</summary>
    internal Task<QueueMessage?> RenewAsync(string queue, QueueMessage message, long hiddenUntil, CancellationToken cancellationToken) =>
        InTurnAsync(
            () => ReadMessage(
                """
                UPDATE queue_messages SET visible_at = $hiddenUntil, leases = leases + 1
                WHERE sequence = $sequence AND leases = $leases AND queue = $queue
                RETURNING sequence, leases, body, deliveries
                """,
                ("$queue", queue), ("$sequence", Number(message.Id)), ("$leases", Number(message.Receipt)), ("$hiddenUntil", hiddenUntil)),
            cancellationToken);

    /// <summary>Removes a message, if the receipt is still the valid one.</summary>
    internal Task<bool> DeleteAsync(string queue, QueueMessage message, CancellationToken cancellationToken) =>
        InTurnAsync(
            () => Run(
                "DELETE FROM queue_messages WHERE sequence = $sequence AND leases = $leases AND queue = $queue",
                ("$queue", queue), ("$sequence", Number(message.Id)), ("$leases", Number(message.Receipt))) == 1,
            cancellationToken);

    /// <summary>How many messages a queue has.</summary>
    internal Task<int> CountAsync(string queue, CancellationToken cancellationToken) =>
        InTurnAsync(
            () =>
            {
                using var command = Command("SELECT COUNT(*) FROM queue_messages WHERE queue = $queue", ("$queue", queue));
                return (int)(long)command.ExecuteScalar()!;
            },
            cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _dataVersion.Dispose();
        _connection.Dispose();
        _turn.Dispose();
    }

    private async Task<T> InTurnAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return Translate(work);
        }
        finally
        {
            _turn.Release();
        }
    }

    private T Translate<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (IsDiskFull(exception))
        {
            throw new TalkException(
                ErrorCode.DiskFull, $"The disk that holds {Path.GetDirectoryName(_path)} is full. Free some space there and go on.", exception);
        }
    }

    private static bool IsDiskFull(Exception exception) => exception switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode == SqliteFull || sqlite.SqliteExtendedErrorCode == SqliteSharedMemoryCannotGrow,
        IOException io => Libc.IsDiskFull(io),
        _ => false,
    };

    private int Run(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    private QueueMessage? ReadMessage(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(sql, parameters);
        using var row = command.ExecuteReader();
        return row.Read() ? new QueueMessage(Text(row.GetInt64(0)), Text(row.GetInt64(1)), row.GetString(2), row.GetInt32(3)) : null;
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    // An id or a receipt of another make belongs to no message here.
    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
