using System.Globalization;
using Microsoft.Data.Sqlite;
using WanTalk.Core.Work;

namespace WanTalk.Storage.Local;

/// <summary>
/// The table of messages in SQLite. Every change is one statement, which takes
/// SQLite's write lock before it reads (as BEGIN IMMEDIATE does), so that two processes never take the same message.
/// WAL with synchronous NORMAL: a message survives the death of every process; the last ones may be lost with the machine's power, which
/// is allowed, because messages are hints and artifacts are the truth.
/// </summary>
internal sealed class QueueDatabase : IDisposable
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS queue_messages (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            queue TEXT NOT NULL,
            body TEXT NOT NULL,
            visible_at INTEGER NOT NULL,    -- milliseconds since 1970, UTC
            deliveries INTEGER NOT NULL,
            leases INTEGER NOT NULL         -- how often it was received or renewed; the latest is the valid receipt
        ) STRICT;
        CREATE INDEX IF NOT EXISTS queue_messages_in_order ON queue_messages (queue, sequence, visible_at);
        """;

    private readonly SqliteFile _file;
    private readonly SqliteCommand _dataVersion;

    internal QueueDatabase(string path, TimeSpan busyTimeout)
    {
        _file = new SqliteFile(path, busyTimeout, synchronous: "NORMAL", Schema);
        _dataVersion = _file.Command("PRAGMA data_version");
    }

    /// <summary>A number that changes whenever another connection has changed the database.</summary>
    internal Task<long> GetDataVersionAsync(CancellationToken cancellationToken) =>
        _file.InTurnAsync(() => (long)_dataVersion.ExecuteScalar()!, cancellationToken);

    /// <summary>Adds a message.</summary>
    internal Task InsertAsync(string queue, string body, long visibleAt, CancellationToken cancellationToken) =>
        _file.InTurnAsync(
            () => _file.Run(
                "INSERT INTO queue_messages (queue, body, visible_at, deliveries, leases) VALUES ($queue, $body, $visibleAt, 0, 0)",
                ("$queue", queue), ("$body", body), ("$visibleAt", visibleAt)),
            cancellationToken);

    /// <summary>When the message that is visible first becomes visible; null when the queue is empty.</summary>
    internal Task<long?> GetFirstVisibleAsync(string queue, CancellationToken cancellationToken) =>
        _file.InTurnAsync(
            () =>
            {
                using var command = _file.Command("SELECT MIN(visible_at) FROM queue_messages WHERE queue = $queue", ("$queue", queue));
                return command.ExecuteScalar() as long?;
            },
            cancellationToken);

    /// <summary>Hides the oldest visible message until a time, and counts the delivery.</summary>
    internal Task<QueueMessage?> TakeAsync(string queue, long now, long hiddenUntil, CancellationToken cancellationToken) =>
        _file.InTurnAsync(
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
        _file.InTurnAsync(
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
        _file.InTurnAsync(
            () => _file.Run(
                "DELETE FROM queue_messages WHERE sequence = $sequence AND leases = $leases AND queue = $queue",
                ("$queue", queue), ("$sequence", Number(message.Id)), ("$leases", Number(message.Receipt))) == 1,
            cancellationToken);

    /// <summary>How many messages a queue has.</summary>
    internal Task<int> CountAsync(string queue, CancellationToken cancellationToken) =>
        _file.InTurnAsync(
            () =>
            {
                using var command = _file.Command("SELECT COUNT(*) FROM queue_messages WHERE queue = $queue", ("$queue", queue));
                return (int)(long)command.ExecuteScalar()!;
            },
            cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _dataVersion.Dispose();
        _file.Dispose();
    }

    private QueueMessage? ReadMessage(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = _file.Command(sql, parameters);
        using var row = command.ExecuteReader();
        return row.Read() ? new QueueMessage(Text(row.GetInt64(0)), Text(row.GetInt64(1)), row.GetString(2), row.GetInt32(3)) : null;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    // An id or a receipt of another make belongs to no message here.
    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
