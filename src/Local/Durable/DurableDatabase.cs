using System.Globalization;
using Microsoft.Data.Sqlite;
using WanTalk.Core.Errors;

namespace WanTalk.Local.Durable;

/// <summary>
/// The SQLite file: one connection behind one lock, its schema, its transactions. Everything here is synchronous and takes well under a
/// millisecond, but for a flush to the disk.
/// </summary>
internal sealed class DurableDatabase : IDisposable
{
    private const int SchemaVersion = 2;
    private const int SqliteFull = 13;

    // Everything that belongs to an execution goes with its row, its sub-orchestrations included: replacing and purging an instance are
    // one DELETE each, and what comes late for an execution that is gone finds no row to belong to.
    private const string Schema = """
        CREATE TABLE instances (
            execution        TEXT NOT NULL PRIMARY KEY,
            id               TEXT NOT NULL UNIQUE,
            name             TEXT NOT NULL,
            status           TEXT NOT NULL,
            created_at       INTEGER NOT NULL,
            updated_at       INTEGER NOT NULL,
            input            TEXT,
            output           TEXT,
            custom_status    TEXT,
            failure          TEXT,
            parent_execution TEXT REFERENCES instances (execution) ON DELETE CASCADE,
            parent_task      INTEGER,
            version          TEXT NOT NULL
        );
        CREATE INDEX instances_by_age ON instances (created_at);
        CREATE INDEX instances_by_parent ON instances (parent_execution);
        CREATE TABLE history (
            execution TEXT NOT NULL REFERENCES instances (execution) ON DELETE CASCADE,
            turn      INTEGER NOT NULL,
            content   TEXT NOT NULL,
            PRIMARY KEY (execution, turn)
        ) WITHOUT ROWID;
        CREATE TABLE inbox (
            number    INTEGER PRIMARY KEY AUTOINCREMENT,
            execution TEXT NOT NULL REFERENCES instances (execution) ON DELETE CASCADE,
            event     TEXT NOT NULL
        );
        CREATE INDEX inbox_by_execution ON inbox (execution);
        CREATE TABLE activities (
            number    INTEGER PRIMARY KEY AUTOINCREMENT,
            execution TEXT NOT NULL REFERENCES instances (execution) ON DELETE CASCADE,
            task      INTEGER NOT NULL,
            name      TEXT NOT NULL,
            input     TEXT
        );
        CREATE INDEX activities_by_execution ON activities (execution);
        CREATE TABLE timers (
            execution TEXT NOT NULL REFERENCES instances (execution) ON DELETE CASCADE,
            task      INTEGER NOT NULL,
            due       INTEGER NOT NULL,
            PRIMARY KEY (execution, task)
        ) WITHOUT ROWID;
        CREATE INDEX timers_by_due ON timers (due);
        """;

    // What had no version was begun by the first one.
    private const string VersionColumn = "ALTER TABLE instances ADD COLUMN version TEXT NOT NULL DEFAULT '1.0';";

    private readonly Lock _gate = new();
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);
    private readonly string _path;
    private bool _flushing = true;
    private bool _disposed;

    /// <summary>Opens the file, and makes it and its schema when they are missing.</summary>
    /// <exception cref="TalkException">The file is no database of this runtime, or of a newer one.</exception>
    public DurableDatabase(string path)
    {
        _path = path;
        var settings = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, ForeignKeys = true, DefaultTimeout = 30 };
        _connection = new SqliteConnection(settings.ToString());
        try
        {
            _connection.Open();
            Execute("PRAGMA journal_mode = WAL");
            Write(flush: true, CreateSchema);
        }
        catch (SqliteException e)
        {
            Dispose();
            var message = $"The database {path} cannot be opened ({e.Message}): move it away to start anew.";
            throw new TalkException(ErrorCode.Internal, message, e);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Called after each commit, before anybody can act on it.</summary>
    public event Action? Committed;

    /// <summary>Reads in one consistent view.</summary>
    public T Read<T>(Func<T> read)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return read();
        }
    }

    /// <summary>
    /// Writes in one transaction: all of it counts, or none.
    /// </summary>
    /// <param name="flush">
    /// Whether the commit must also outlive a power cut. A commit outlives the death of the process either way. What a caller is told
    /// (started, raised, terminated, purged) is flushed. The runtime's own steps are not, because a flush costs forty times as much, and a
    /// step that a power cut takes back is taken again: activities run at least once as it is, and identifiers come out the same.
    /// </param>
    /// <param name="write">What to write.</param>
    /// <exception cref="TalkException">The disk is full.</exception>
    public T Write<T>(bool flush, Func<T> write)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            try
            {
                if (flush != _flushing)
                    Execute(flush ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
                _flushing = flush;
                Execute("BEGIN IMMEDIATE");
                var result = write();
                Execute("COMMIT");
                Committed?.Invoke();
                return result;
            }
            catch (Exception e)
            {
                Rollback();
                if (e is SqliteException { SqliteErrorCode: SqliteFull })
                    throw new TalkException(ErrorCode.DiskFull, $"The disk that holds {_path} is full: free some space.", e);
                throw;
            }
        }
    }

    /// <summary>
    /// Runs a statement inside <see cref="Read{T}"/> or <see cref="Write{T}"/>; its arguments are <c>$1</c>, <c>$2</c> and so on.
    /// </summary>
    /// <returns>How many rows were changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<object?> arguments) => Prepare(sql, arguments).ExecuteNonQuery();

    /// <summary>Runs a query inside <see cref="Read{T}"/> or <see cref="Write{T}"/>.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> map, params ReadOnlySpan<object?> arguments)
    {
        using var reader = Prepare(sql, arguments).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(map(reader));
        return rows;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            foreach (var command in _commands.Values)
                command.Dispose();
            _connection.Dispose();
        }
    }

    private bool CreateSchema()
    {
        var version = Query("PRAGMA user_version", row => row.GetInt32(0))[0];
        if (version > SchemaVersion)
        {
            var message = $"The database {_path} was written by a newer WanTalk: use that one, or another home.";
            throw new TalkException(ErrorCode.Internal, message);
        }
        if (version == SchemaVersion)
            return false;
        using var command = _connection.CreateCommand();
        command.CommandText = (version == 0 ? Schema : VersionColumn) + "PRAGMA user_version = " + SchemaVersion.ToString(CultureInfo.InvariantCulture);
        command.ExecuteNonQuery();
        return true;
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<object?> arguments)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 1; i <= arguments.Length; i++)
                command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
            _commands.Add(sql, command);
        }
        for (var i = 0; i < arguments.Length; i++)
            command.Parameters[i].Value = arguments[i] ?? DBNull.Value;
        return command;
    }

    // SQLite has rolled back by itself after a full disk or an I/O error, and then refuses to do it again.
    private void Rollback()
    {
        try
        {
            Execute("ROLLBACK");
        }
        catch (Exception e) when (e is SqliteException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }
}
